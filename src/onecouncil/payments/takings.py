# SPDX-License-Identifier: MIT
"""What was taken, by day, fund and method; and the same for the general ledger, in the council's own columns.

Both are sums of the ledger's lines. The export is by day, account and fund, so it stays small however many paid.
Its columns are `[ledger_export] columns` of borough.toml; `[ledger_codes]` gives each `<account>.<fund>` its code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from onecouncil.core.actors import Actor
from onecouncil.core.borough import borough
from onecouncil.core.calendar import LONDON
from onecouncil.core.permissions import require
from onecouncil.core.problems import Invalid
from onecouncil.payments import rules
from onecouncil.payments.books import end_of
from onecouncil.payments.models import LedgerLine

MOST_DAYS = 366
COLUMNS = ("date", "code", "account", "fund", "debit", "credit", "narrative")


@dataclass(frozen=True)
class DayTaking:
    """What one fund earned on one day, less what went back."""

    day: date
    fund: str
    net_pence: int
    vat_pence: int

    @property
    def pence(self) -> int:
        return self.net_pence + self.vat_pence


@dataclass(frozen=True)
class MethodTaking:
    """What one provider took on one day, and gave back."""

    day: date
    method: str
    in_pence: int
    back_pence: int


@dataclass(frozen=True)
class Posted:
    """One row for the general ledger: a day's sum of one account and fund."""

    day: date
    account: str
    fund: str
    pence: int


def by_fund(actor: Actor, first: date, last: date) -> list[DayTaking]:
    """Takings of each fund on each day, newest first.

    Raises:
        Forbidden: this is finance's. Invalid: the dates cannot be a period.
    """
    require(actor, "payment.view")
    found: dict[tuple[date, str], dict[str, int]] = {}
    for one in _sums(_lines(first, last).filter(account__in=(rules.INCOME, rules.VAT))):
        found.setdefault((one.day, one.fund), {})[one.account] = -one.pence
    made = [DayTaking(day, fund, s.get(rules.INCOME, 0), s.get(rules.VAT, 0)) for (day, fund), s in found.items()]
    return sorted(made, key=lambda one: (-one.day.toordinal(), one.fund))


def by_method(actor: Actor, first: date, last: date) -> list[MethodTaking]:
    """What came by each provider on each day and what went back, newest first.

    Raises:
        Forbidden: this is finance's. Invalid: the dates cannot be a period.
    """
    require(actor, "payment.view")
    cleared = _lines(first, last).filter(account=rules.CLEARING, entry__kind__in=("payment", "surplus", "refund"))
    sums = (
        cleared.annotate(day=TruncDate("entry__at", tzinfo=LONDON))
        .values_list("day", "fund")
        .annotate(came=Sum("pence", filter=Q(pence__gt=0)), back=Sum("pence", filter=Q(pence__lt=0)))
        .order_by("-day", "fund")
    )
    return [MethodTaking(day, method, came or 0, -(back or 0)) for day, method, came, back in sums]


def for_general_ledger(actor: Actor, first: date, last: date) -> Iterator[list[str]]:
    """The rows of the export, its heading first. Debits and credits balance on each day.

    Raises:
        Forbidden: this is finance's. Invalid: the dates, or a column that nobody knows.
    """
    require(actor, "payment.view")
    columns = [str(name) for name in borough().facts.get("ledger_export", {}).get("columns", COLUMNS)]
    unknown = [name for name in columns if name not in _CELLS]
    if unknown:
        raise Invalid({"": f"borough.toml names unknown columns under [ledger_export]: {', '.join(unknown)}"})
    rows = _sums(_lines(first, last))
    return _written(columns, rows)


def period(first: str, last: str, today: date) -> tuple[date, date]:
    """The days that were asked for; the last week when nothing was.

    Raises:
        Invalid: not dates.
    """
    try:
        until = date.fromisoformat(last) if last else today
        return (date.fromisoformat(first) if first else until - timedelta(days=6)), until
    except ValueError as error:
        raise Invalid({"from": "Enter dates like 2026-11-23"}) from error


def _written(columns: list[str], rows: list[Posted]) -> Iterator[list[str]]:
    yield columns
    for row in rows:
        yield [_CELLS[name](row) for name in columns]


def _lines(first: date, last: date) -> QuerySet[LedgerLine]:
    if first > last:
        raise Invalid({"from": "The first day must not be after the last"})
    if (last - first).days >= MOST_DAYS:
        raise Invalid({"from": "Ask for no more than a year"})
    start = datetime.combine(first, time.min, LONDON)
    return LedgerLine.objects.filter(entry__at__gte=start, entry__at__lt=end_of(last))


def _sums(lines: QuerySet[LedgerLine]) -> list[Posted]:
    sums = (
        lines.annotate(day=TruncDate("entry__at", tzinfo=LONDON))
        .values_list("day", "account", "fund")
        .annotate(sum=Sum("pence"))
        .order_by("day", "account", "fund")
    )
    return [Posted(*row) for row in sums if row[3]]


def _decimal(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


def _code(row: Posted) -> str:
    return str(borough().facts.get("ledger_codes", {}).get(f"{row.account}.{row.fund}", ""))


_CELLS: dict[str, Callable[[Posted], str]] = {
    "date": lambda row: row.day.isoformat(),
    "period": lambda row: f"{row.day:%Y-%m}",
    "code": _code,
    "account": lambda row: row.account,
    "fund": lambda row: row.fund,
    "debit": lambda row: _decimal(row.pence) if row.pence > 0 else "",
    "credit": lambda row: _decimal(-row.pence) if row.pence < 0 else "",
    "pence": lambda row: str(row.pence),
    "narrative": lambda row: f"OneCouncil {row.account} {row.fund} {row.day.isoformat()}",
}
