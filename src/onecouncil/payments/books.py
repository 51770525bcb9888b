# SPDX-License-Identifier: MIT
"""Proving the books at any date: from the rows alone, whatever the code that wrote them believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Sum

from onecouncil.core.calendar import LONDON
from onecouncil.core.money import pounds
from onecouncil.payments import rules
from onecouncil.payments.models import Bill, LedgerEntry, LedgerLine, Payment, Refund

BILL_KINDS = ("payment", "surplus", "refund")
"""Entries that a payment by a bill made; the others are of the bank, suspense and corrections."""


@dataclass(frozen=True)
class Total:
    account: str
    fund: str
    pence: int


@dataclass(frozen=True)
class Books:
    """The books at the end of a day. `faults` is empty when they are proved."""

    day: date
    entries: int
    totals: tuple[Total, ...]
    billed_pence: int
    paid_pence: int
    refunded_pence: int
    faults: tuple[str, ...]

    @property
    def are_proved(self) -> bool:
        return not self.faults


def books_at(day: date) -> Books:
    """Prove the books as they stood at the end of `day` (London)."""
    end = end_of(day)
    entries, lines = LedgerEntry.objects.filter(at__lt=end), LedgerLine.objects.filter(entry__at__lt=end)
    sums = lines.values_list("account", "fund").annotate(pence=Sum("pence")).order_by("account", "fund")
    billed = _sum(Bill.objects.filter(paid_at__lt=end), "total_pence")
    paid = _sum(Payment.objects.filter(state=rules.SUCCEEDED, ended_at__lt=end), "amount_pence")
    refunded = _sum(Refund.objects.filter(state=rules.REFUND_DONE, ended_at__lt=end), "pence")
    return Books(
        day=day,
        entries=entries.count(),
        totals=tuple(Total(*row) for row in sums),
        billed_pence=billed,
        paid_pence=paid,
        refunded_pence=refunded,
        faults=(*_uneven(lines), *_disagreeing(end, lines, billed, paid, refunded)),
    )


def end_of(day: date) -> datetime:
    """The first moment after a London day."""
    return datetime.combine(day + timedelta(days=1), time.min, LONDON)


def _uneven(lines: Any) -> list[str]:
    """Entries whose lines do not add up: the guard lets none be, so a restored or tampered database is told here."""
    sums = lines.values("entry_id", "entry__seal_id").annotate(pence=Sum("pence")).exclude(pence=0)[:20]
    return [f"Entry {one['entry__seal_id']} is out by {pounds(one['pence'])}" for one in sums]


def _disagreeing(end: datetime, lines: Any, billed: int, paid: int, refunded: int) -> list[str]:
    """Where the ledger and the rows of bills, payments and refunds tell of different sums."""
    cleared = lines.filter(account=rules.CLEARING, entry__kind__in=BILL_KINDS)
    settling = _sum(Payment.objects.filter(state=rules.SUCCEEDED, surplus=False, ended_at__lt=end), "amount_pence")
    told = (
        ("Bills paid", billed, "the payments that paid them", settling),
        ("Payments", paid, "the ledger's payments", _sum(cleared.exclude(entry__kind="refund"), "pence")),
        ("Refunds", refunded, "the ledger's refunds", -_sum(cleared.filter(entry__kind="refund"), "pence")),
        ("Payments less refunds", paid - refunded, "what the ledger holds of them", _sum(cleared, "pence")),
    )
    return [
        f"{ours} come to {pounds(mine)}, {theirs} to {pounds(their)}"
        for ours, mine, theirs, their in told
        if mine != their
    ]


def _sum(rows: Any, field: str) -> int:
    total: int | None = rows.aggregate(total=Sum(field))["total"]
    return total or 0
