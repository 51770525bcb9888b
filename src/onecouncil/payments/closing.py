# SPDX-License-Identifier: MIT
"""The suspense queue, the files that came, and the daily close: provider = ledger = bank, or what is between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Sum

from onecouncil.core.actors import Actor
from onecouncil.core.calendar import LONDON, screen_date
from onecouncil.core.permissions import require
from onecouncil.payments import formats, rules
from onecouncil.payments.books import end_of
from onecouncil.payments.models import Bill, LedgerLine, Payment, Statement, StatementLine

PAGE, SHOWN, SUGGESTED = 25, 20, 3


@dataclass(frozen=True)
class Suggestion:
    reference: str
    description: str
    why: str


@dataclass(frozen=True)
class Suspended:
    """Money that waits in suspense. `age` in days since it came."""

    id: int
    day: date
    age: int
    text: str
    pence: int
    source: str
    reason: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class FileView:
    id: int
    kind: str
    source: str
    name: str
    row_count: int
    total_pence: int
    imported_at: datetime
    imported_by: str


@dataclass(frozen=True)
class Difference:
    what: str
    pence: int


@dataclass(frozen=True)
class ProviderClose:
    """One provider up to the end of a day: what it says it owed us, what our books say, what reached the bank."""

    provider: str
    settled_pence: int
    ledger_pence: int
    banked_pence: int
    differences: tuple[Difference, ...]

    @property
    def is_closed(self) -> bool:
        return self.settled_pence == self.ledger_pence == self.banked_pence and not self.differences


@dataclass(frozen=True)
class Close:
    day: date
    providers: tuple[ProviderClose, ...]
    suspense_pence: int
    suspense_count: int

    @property
    def is_closed(self) -> bool:
        return all(one.is_closed for one in self.providers) and not self.suspense_count


def files_page(actor: Actor, size: int = PAGE) -> list[FileView]:
    """The newest files.

    Raises:
        Forbidden: this is finance's.
    """
    require(actor, "payment.view")
    return [
        FileView(
            row.pk,
            row.kind,
            row.source,
            row.name,
            row.row_count,
            row.total_pence,
            row.imported_at,
            row.imported_by_name,
        )
        for row in Statement.objects.order_by("-id")[:size]
    ]


def suspense_page(actor: Actor, today: date, *, after: int | None = None, size: int = PAGE) -> list[Suspended]:
    """What waits in suspense, the oldest first, a page by key, each with bills that it may be meant for.

    Raises:
        Forbidden: this is finance's.
    """
    require(actor, "payment.view")
    rows = StatementLine.objects.select_related("statement").filter(state=StatementLine.SUSPENSE)
    if after:
        rows = rows.filter(pk__gt=after)
    lines = list(rows.order_by("id")[:size])
    waiting = Bill.objects.filter(state=rules.RAISED, total_pence__in={line.pence for line in lines if line.pence > 0})
    bills = list(waiting.order_by("-id")[:500])
    return [
        Suspended(
            id=line.pk,
            day=line.day,
            age=(today - line.day).days,
            text=line.text,
            pence=line.pence,
            source=line.statement.source,
            reason=line.reason,
            suggestions=_suggestions(line, bills),
        )
        for line in lines
    ]


def close_at(actor: Actor, day: date) -> Close:
    """Hold provider, ledger and bank against each other, as they stood at the end of `day`.

    Raises:
        Forbidden: this is finance's.
    """
    require(actor, "payment.view")
    cleared = LedgerLine.objects.filter(account=rules.CLEARING).values_list("fund", flat=True).distinct()
    known = set(cleared) | set(Statement.objects.filter(kind=formats.SETTLEMENT).values_list("source", flat=True))
    waiting = StatementLine.objects.filter(state=StatementLine.SUSPENSE, day__lte=day)
    return Close(
        day=day,
        providers=tuple(_close(name, day) for name in sorted(known - {formats.BANK, formats.AGENT})),
        suspense_pence=_sum(waiting, "pence"),
        suspense_count=waiting.count(),
    )


def _suggestions(line: StatementLine, bills: list[Bill]) -> tuple[Suggestion, ...]:
    """Bills of the same amount, those raised last before the money came first."""
    found = []
    for bill in bills:
        days = (line.day - bill.raised_at.astimezone(LONDON).date()).days
        if bill.total_pence == line.pence and days >= 0:
            when = "the same day" if not days else "a day before" if days == 1 else f"{days} days before"
            found.append((days, Suggestion(bill.reference, bill.description, f"same amount, raised {when}")))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0])[:SUGGESTED])


def _close(provider: str, day: date) -> ProviderClose:
    settled = StatementLine.objects.filter(statement__source=provider, statement__kind=formats.SETTLEMENT, day__lte=day)
    taken = LedgerLine.objects.filter(
        account=rules.CLEARING,
        fund=provider,
        entry__at__lt=end_of(day),
        entry__kind__in=("payment", "surplus", "refund"),
    )
    banked = StatementLine.objects.filter(payout_of=provider, day__lte=day)
    told, kept = _sum(settled, "pence"), _sum(settled.exclude(state=StatementLine.REPEAT), "fee_pence")
    return ProviderClose(
        provider=provider,
        settled_pence=told - kept,
        ledger_pence=_sum(taken, "pence") - kept,
        banked_pence=_sum(banked, "pence"),
        differences=tuple(_differences(provider, day, settled)),
    )


def _differences(provider: str, day: date, settled: Any) -> list[Difference]:
    """Where it differs: rows of the provider that are not ours, and payments of ours that it has not settled."""
    unknown = settled.exclude(state=StatementLine.MATCHED).order_by("id")[:SHOWN]
    found = [
        Difference(f"Settled on {screen_date(line.day)}: {line.text}. {line.reason}", line.pence) for line in unknown
    ]
    matched = settled.filter(state=StatementLine.MATCHED, pence__gt=0).values("payment_id")
    ours = Payment.objects.filter(provider=provider, state=rules.SUCCEEDED, ended_at__lt=end_of(day))
    missing = ours.exclude(pk__in=matched).annotate(named=F("bill__reference")).order_by("id")[:SHOWN]
    return [*found, *(Difference(f"{one.named} is paid, and not settled", one.amount_pence) for one in missing)]


def _sum(rows: Any, field: str) -> int:
    total: int | None = rows.aggregate(total=Sum(field))["total"]
    return total or 0
