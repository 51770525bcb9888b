# SPDX-License-Identifier: MIT
"""What the proof counts at the end. Every line is (what, how many there should be, how many there are wrong)."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count

from onecouncil.casework import api as casework
from onecouncil.core.events import subscribers
from onecouncil.core.models import AuditEntry, Delivery, EventRow, Message
from onecouncil.data import reads
from onecouncil.data.crash import effects
from onecouncil.data.crash.web import SERVICE


@dataclass(frozen=True)
class Line:
    """`wrong` counts what is lost or there twice; a proof needs it to be 0 in every line."""

    what: str
    count: int
    wrong: int


@dataclass(frozen=True)
class Told:
    """Where the players write down what they know: ids published, webhooks received, references answered."""

    folder: Path

    @property
    def acknowledged(self) -> Path:
        return self.folder / "acknowledged"

    @property
    def received(self) -> Path:
        return self.folder / "received"

    @property
    def references(self) -> Path:
        return self.folder / "references"

    @property
    def stop(self) -> Path:
        return self.folder / "stop"


def verdict(told: Told) -> list[Line]:
    proof = {str(one) for one in EventRow.objects.filter(type="proof.made").values_list("event_id", flat=True)}
    return [
        _kept(told.acknowledged, proof),
        *_reports(told.references),
        _deliveries(),
        *(_effects(name, proof) for name in effects.SUBSCRIBERS),
        _trail(),
        _messages(proof),
        _feed(),
        _webhooks(told.received, proof),
    ]


def _kept(acknowledged: Path, proof: set[str]) -> Line:
    """What was acknowledged after a commit is there. (An event whose publisher died before writing it down is fine.)"""
    told = acknowledged.read_text().split() if acknowledged.exists() else []
    return Line("events acknowledged and kept", len(told), len(set(told) - proof) + len(told) - len(set(told)))


def _reports(references: Path) -> list[Line]:
    """Each report that was answered over HTTP is submitted once and is one case; and there are no others."""
    told = Counter(references.read_text().split() if references.exists() else [])
    lines = []
    for event_type, words in (("submission.submitted", "reports handed in over HTTP"), ("case.opened", "cases opened")):
        found = Counter(EventRow.objects.filter(type=event_type).values_list("subject", flat=True))
        lines.append(Line(words, found.total(), _difference(told, found)))
    held = {one.reference for one in casework.public_reports([SERVICE], size=100_000)}
    return [*lines, Line("cases on the worklist", len(held), len(held ^ told.keys()))]


def _deliveries() -> Line:
    """Each event has one delivery for each subscriber that wants it, and each is done."""
    names = list(subscribers())
    wanted = sum(
        count * sum(one.wants(event_type) for one in names)
        for event_type, count in EventRow.objects.values_list("type").annotate(Count("pk"))
    )
    done = Delivery.objects.filter(done_at__isnull=False).count()
    return Line("deliveries done", done, abs(wanted - done) + Delivery.objects.filter(done_at__isnull=True).count())


def _effects(name: str, proof: set[str]) -> Line:
    found = Counter({event: count for (event, subscriber), count in effects.counts().items() if subscriber == name})
    wrong = sum(found[event] != 1 for event in proof) + len(found.keys() - proof)
    return Line(f"effects of {name}", sum(found.values()), wrong)


def _trail() -> Line:
    events = Counter(EventRow.objects.values_list("event_id", flat=True))
    entries = Counter(AuditEntry.objects.values_list("event_id", flat=True))
    return Line("entries of the audit trail", entries.total(), _difference(events, entries))


def _messages(proof: set[str]) -> Line:
    held = Counter(Message.objects.filter(key__startswith="proof:").values_list("key", flat=True))
    unsent = Message.objects.filter(key__startswith="proof:").exclude(state__in=(Message.KEPT, Message.SENT)).count()
    return Line("messages", held.total(), _difference(Counter(f"proof:{one}" for one in proof), held) + unsent)


def _feed() -> Line:
    found = reads.compare()
    return Line(f"rows of the feed in {found.files} files", found.rows, found.missing + found.twice + found.strange)


def _webhooks(received: Path, proof: set[str]) -> Line:
    """At least once, with one id: the receiver knows a repetition. Lost ones are wrong, repeated ones are told."""
    got = Counter(received.read_text().split() if received.exists() else [])
    again = got.total() - len(got)
    return Line(f"webhooks received (and {again} again, with the same id)", len(got), len(proof ^ got.keys()))


def _difference(wanted: Counter[Any], found: Counter[Any]) -> int:
    return (wanted - found).total() + (found - wanted).total()
