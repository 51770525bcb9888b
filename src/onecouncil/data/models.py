# SPDX-License-Identifier: MIT
"""Rows of the data room: which event is in which file of the feed, and small tables worked out from the files.

A feed that went by "greater than the last number" would lose events: numbers are given before the commit, so a lower
one may appear after a higher one was read. Here each event has a row of its own, which is in a batch or is not.
"""

from django.db import models
from django.db.models import Q

from onecouncil.core.models import EventRow


class FeedBatch(models.Model):
    """One file of the feed. Claimed first, then written, then marked: a kill in between repeats the same file."""

    day = models.DateField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    claimed_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "data_feed_batch"
        constraints = [models.UniqueConstraint(fields=["first_seq"], name="one_batch_begins_with_an_event")]
        indexes = [
            models.Index(fields=["id"], condition=Q(written_at__isnull=True), name="batches_not_written"),
            models.Index(fields=["day", "id"], name="batches_of_day"),
        ]

    @property
    def path(self) -> str:
        """Where the file is, below the feed's folder: always the same for one batch."""
        return f"events/date={self.day.isoformat()}/part-{self.first_seq}-{self.last_seq}.parquet"


class FeedItem(models.Model):
    """One event's place in the feed; written by the subscriber, in the transaction of its delivery's mark."""

    event = models.OneToOneField(EventRow, on_delete=models.CASCADE, primary_key=True, related_name="+")
    batch = models.ForeignKey(FeedBatch, null=True, on_delete=models.PROTECT, related_name="items")

    class Meta:
        db_table = "data_feed_item"
        indexes = [models.Index(fields=["event"], condition=Q(batch__isnull=True), name="items_not_in_a_batch")]


class DemandRow(models.Model):
    """How often a service was asked for on one day; worked out anew from the feed, never edited."""

    service = models.CharField(max_length=80)
    day = models.DateField()
    submissions = models.PositiveIntegerField()

    class Meta:
        db_table = "data_demand"
        constraints = [models.UniqueConstraint(fields=["service", "day"], name="one_demand_per_service_and_day")]
        indexes = [models.Index(fields=["-day", "service"], name="demand_newest_first")]


class Worked(models.Model):
    """When a table was last worked out, and from how much of the feed."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
    files = models.PositiveIntegerField()

    class Meta:
        db_table = "data_worked"
