# SPDX-License-Identifier: MIT
"""What the data room hears, does regularly, and checks."""

from datetime import timedelta

from onecouncil.core.background import background, every
from onecouncil.core.calendar import now
from onecouncil.core.events import Event, subscriber
from onecouncil.core.health import OK, WARN, Health, check
from onecouncil.core.models import EventRow
from onecouncil.data.actions import feeding, working
from onecouncil.data.models import FeedBatch, FeedItem


@subscriber(feeding.SUBSCRIBER, "*")
def hear(event: Event) -> None:
    """Every event goes into the feed."""
    feeding.note(event)


@every(seconds=60)
@background()
def write_feed() -> None:
    """Write what waits; killed at any point, the next run goes on."""
    feeding.feed()


@every(seconds=900)
@background()
def work_out_tables() -> None:
    """Count demand anew from the files."""
    working.work_out_demand()


@check("feed")
def feed() -> Health:
    late = now() - timedelta(minutes=15)
    waiting = FeedItem.objects.filter(batch__isnull=True).order_by("event_id").values_list("event_id", flat=True)[:1]
    behind = EventRow.objects.filter(pk__in=list(waiting), time__lt=late).exists()
    if behind or FeedBatch.objects.filter(written_at__isnull=True, claimed_at__lt=late).exists():
        return Health(
            "feed", WARN, "Events wait to be written to the feed", "Run ./onecouncil data feed and read what it says."
        )
    return Health("feed", OK, "The warehouse's feed is up to date")
