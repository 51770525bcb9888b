# SPDX-License-Identifier: MIT
"""The feed: every event once, in Parquet files that only ever appear whole.

The life of an event in the feed:
1. `note` runs in the subscriber's transaction: one FeedItem for the event, without a batch;
2. `claim` puts the items that have no batch into new ones, one for each day, in one transaction;
3. `write` makes a batch's file beside its place, flushes it to the disk, and moves it there in one step;
4. `mark` says on the batch's row that it is written.
Killed before 2: nothing happened. Between 2 and 4: the next run writes the same rows to the same name again. So an
event is in exactly one file, whatever is killed when; and two runs at once write the same bytes to the same place.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, date
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum

from onecouncil.core.calendar import now
from onecouncil.core.events import Event
from onecouncil.core.models import Delivery, EventRow
from onecouncil.data import warehouse
from onecouncil.data.models import FeedBatch, FeedItem

SUBSCRIBER = "data.feed"
CLAIM_AT_ONCE = 20_000


def note(event: Event) -> None:
    """Put an event into the feed's queue; inside the caller's transaction."""
    FeedItem.objects.get_or_create(event_id=event.seq)


def adopt(limit: int = 5_000) -> int:
    """Take in events that nobody told us of: those from before this room was there, or loaded past the outbox."""
    taken = 0
    told = Delivery.objects.filter(event=OuterRef("pk"), subscriber=SUBSCRIBER)
    ours = FeedItem.objects.filter(event=OuterRef("pk"))
    strangers = EventRow.objects.filter(~Exists(told), ~Exists(ours)).order_by("pk")
    while seqs := list(strangers.values_list("pk", flat=True)[:limit]):
        FeedItem.objects.bulk_create([FeedItem(event_id=seq) for seq in seqs], ignore_conflicts=True, batch_size=500)
        taken += len(seqs)
    return taken


def feed() -> tuple[int, int]:
    """Write everything that waits. Returns (files, events) written by this call."""
    files = events = 0
    for batch in _unwritten():
        write_and_mark(batch)
        files, events = files + 1, events + batch.rows
    while batches := claim():
        for batch in batches:
            write_and_mark(batch)
            files, events = files + 1, events + batch.rows
    return files, events


def claim(limit: int = CLAIM_AT_ONCE) -> list[FeedBatch]:
    """New batches, one for each (UTC) day, of up to `limit` events that are in none."""
    with transaction.atomic():
        waiting = FeedItem.objects.filter(batch__isnull=True).order_by("event_id")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        seqs = list(waiting.values_list("event_id", flat=True)[:limit])
        made = []
        for day, group in groupby(sorted(_with_days(seqs)), key=lambda pair: pair[0]):
            made.append(_new_batch(day, [seq for _, seq in group]))
    return made


def _new_batch(day: date, seqs: list[int]) -> FeedBatch:
    batch = FeedBatch.objects.create(day=day, first_seq=seqs[0], last_seq=seqs[-1], rows=len(seqs), claimed_at=now())
    for part in _chunks(seqs):
        FeedItem.objects.filter(event_id__in=part).update(batch=batch)
    return batch


def waiting() -> int:
    """How many events are not in a file yet."""
    in_batches = FeedBatch.objects.filter(written_at__isnull=True).aggregate(rows=Sum("rows"))["rows"] or 0
    return FeedItem.objects.filter(batch__isnull=True).count() + int(in_batches)


def write_and_mark(batch: FeedBatch) -> None:
    """Make the batch's file, whole or not at all, then say so on its row. Doing it again makes the same file."""
    size = _write(batch)
    FeedBatch.objects.filter(pk=batch.pk, written_at__isnull=True).update(written_at=now(), bytes=size)


def _unwritten() -> list[FeedBatch]:
    """Batches that a killed run left behind (or that another run is writing just now: no harm is done)."""
    return list(FeedBatch.objects.filter(written_at__isnull=True).order_by("pk"))


def _write(batch: FeedBatch) -> int:
    target = Path(settings.FEED_DIR) / batch.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(target.parent) as (lines, made):
        with lines.open("w", encoding="utf-8") as file:
            for row in EventRow.objects.filter(pk__in=batch.items.values("event_id")).order_by("pk").iterator():
                file.write(_line(row) + "\n")
        warehouse.lines_to_parquet(lines, made)
        _flush(made)
        size = made.stat().st_size
        made.replace(target)
    _flush(target.parent)
    return size


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Two names of our own beside the target, gone afterwards. Readers look for `part-*` only."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as made:
        yield Path(made) / "rows.ndjson", Path(made) / "rows.parquet"


def _line(row: EventRow) -> str:
    moment = row.time.astimezone(UTC).replace(tzinfo=None)
    return json.dumps(
        {
            "seq": row.pk,
            "id": str(row.event_id),
            "type": row.type,
            "subject": row.subject,
            "time": moment.isoformat(sep=" ", timespec="microseconds"),
            "actor": row.actor,
            "data": json.dumps(row.data, sort_keys=True, separators=(",", ":")),
        }
    )


def _flush(path: Path) -> None:
    """Wait until the disk has it: a file's bytes, or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _with_days(seqs: list[int]) -> Iterator[tuple[date, int]]:
    for part in _chunks(seqs):
        for seq, time in EventRow.objects.filter(pk__in=part).values_list("pk", "time"):
            yield time.astimezone(UTC).date(), seq


def _chunks(seqs: list[int], size: int = 500) -> Iterator[list[int]]:
    """Databases bound the number of parameters of one statement."""
    for start in range(0, len(seqs), size):
        yield seqs[start : start + size]
