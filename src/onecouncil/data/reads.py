# SPDX-License-Identifier: MIT
"""Questions about the feed and about demand."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from onecouncil.core.actors import Actor
from onecouncil.core.models import EventRow
from onecouncil.core.permissions import require
from onecouncil.data import warehouse
from onecouncil.data.actions import feeding
from onecouncil.data.actions.working import DEMAND
from onecouncil.data.models import DemandRow, FeedBatch, Worked

PAGE = 50


@dataclass(frozen=True)
class FeedState:
    """`waiting`: events that are not in a file yet."""

    files: int
    rows: int
    bytes: int
    waiting: int
    last_written_at: datetime | None
    worked_out_at: datetime | None


@dataclass(frozen=True)
class Demand:
    id: int
    service: str
    day: date
    submissions: int


@dataclass(frozen=True)
class DemandPage:
    """`next_before`: what the next page starts below (`day:id`), "" on the last page."""

    results: list[Demand]
    next_before: str


@dataclass(frozen=True)
class Comparison:
    """The feed held against the database.

    `missing`: in the database only; `twice`: in the files more than once; `strange`: in the files only.
    """

    events: int
    rows: int
    files: int
    missing: int
    twice: int
    strange: int

    @property
    def is_exact(self) -> bool:
        return not (self.missing or self.twice or self.strange)


def feed_state(actor: Actor) -> FeedState:
    require(actor, "data.view")
    written = FeedBatch.objects.filter(written_at__isnull=False)
    sums = written.aggregate(files=Count("pk"), rows=Sum("rows"), bytes=Sum("bytes"), last=Max("written_at"))
    worked = Worked.objects.filter(name=DEMAND).values_list("at", flat=True).first()
    return FeedState(sums["files"], sums["rows"] or 0, sums["bytes"] or 0, feeding.waiting(), sums["last"], worked)


def demand(actor: Actor, *, service: str = "", before: str = "", size: int = PAGE) -> DemandPage:
    """Submissions by service and day, newest day first."""
    require(actor, "data.view")
    rows = DemandRow.objects.all()
    if service:
        rows = rows.filter(service=service)
    key = _key(before)
    if key:
        day, pk = key
        rows = rows.filter(Q(day__lt=day) | Q(day=day, pk__gt=pk))
    found = [Demand(r.pk, r.service, r.day, r.submissions) for r in rows.order_by("-day", "pk")[: size + 1]]
    more = len(found) > size
    found = found[:size]
    return DemandPage(found, f"{found[-1].day.isoformat()}:{found[-1].id}" if more else "")


def all_demand(actor: Actor) -> list[tuple[str, date, int]]:
    """The whole table, for the CSV."""
    require(actor, "data.view")
    return list(DemandRow.objects.order_by("day", "service").values_list("service", "day", "submissions"))


def compare() -> Comparison:
    """Hold the files against the database, event by event. Reads DuckDB: for commands and tests, not for pages."""
    counted = warehouse.ask("SELECT id, count(*) FROM events GROUP BY id").rows
    times = {event_id: count for event_id, count in counted}
    known = {str(event_id) for event_id in EventRow.objects.values_list("event_id", flat=True).iterator()}
    files = len(list((Path(settings.FEED_DIR) / "events").glob("date=*/part-*.parquet")))
    return Comparison(
        events=len(known),
        rows=sum(times.values()),
        files=files,
        missing=len(known - times.keys()),
        twice=sum(count > 1 for count in times.values()),
        strange=len(times.keys() - known),
    )


def _key(text: str) -> tuple[date, int] | None:
    day, _, pk = text.partition(":")
    if not pk.isascii() or not pk.isdecimal() or len(pk) > 18:
        return None
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None
