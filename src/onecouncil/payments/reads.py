# SPDX-License-Identifier: MIT
"""Questions about money. What goes out is a frozen dataclass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Q, Sum
from django.db.models.functions import Lower

from onecouncil.core.actors import Actor
from onecouncil.core.calendar import LONDON, today
from onecouncil.core.money import parse_pounds
from onecouncil.core.permissions import may, require
from onecouncil.core.ports import BillView
from onecouncil.core.problems import NotFound
from onecouncil.core.references import normalise
from onecouncil.payments import rules
from onecouncil.payments.models import Bill, LedgerLine, Payment
from onecouncil.payments.providers import PROVIDERS

PAGE = 25
MOST_BILLS = 100
_AMOUNT = re.compile(r"£?\s?\d{1,6}\.\d\d|£\s?\d{1,6}", re.ASCII)


@dataclass(frozen=True)
class Receipt:
    """A bill as its payer sees it, with everything a receipt must say."""

    reference: str
    token: str
    about: str
    description: str
    lines: tuple[rules.Line, ...]
    total_pence: int
    vat_pence: int
    state: str
    return_path: str
    raised_at: datetime
    paid_at: datetime | None
    is_being_paid: bool


@dataclass(frozen=True)
class PaymentView:
    """One attempt to pay, for finance and for a customer's history."""

    id: int
    bill: str
    about: str
    description: str
    pence: int
    state: str
    reason: str
    provider: str
    provider_payment_id: str
    surplus: bool
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Taking:
    fund: str
    net_pence: int
    vat_pence: int

    @property
    def pence(self) -> int:
        return self.net_pence + self.vat_pence


def access_bill_by_token(token: str) -> Receipt:
    """Whoever holds the link may see the bill: no account is needed to pay.

    Raises:
        NotFound: no bill has this token.
    """
    bill = Bill.objects.filter(token=token).first()
    if bill is None:
        raise NotFound()
    return _receipt(bill)


def access_bill(actor: Actor, reference: str) -> Receipt:
    """A bill by its reference: the payer's own, or any for who may see payments or send their links.

    Raises:
        NotFound: not there, or not theirs.
    """
    bill = Bill.objects.filter(reference=normalise(reference) or reference).first()
    if bill is None or not _may_see(actor, bill):
        raise NotFound()
    return _receipt(bill)


def bill_about(about: str) -> BillView | None:
    """The newest bill about a thing, living before cancelled."""
    bills = list(Bill.objects.filter(about=about).order_by("-id")[:20])
    living = [bill for bill in bills if bill.state != rules.BILL_CANCELLED]
    return view(living[0]) if living else (view(bills[0]) if bills else None)


def bills_of(person_id: str, *, before: str = "", size: int = PAGE) -> list[BillView]:
    """A person's bills, newest first; those older than the bill with the reference `before`."""
    rows = Bill.objects.filter(person_id=person_id)
    if before:
        rows = rows.filter(pk__lt=Bill.objects.filter(reference=before).values("pk"))
    return [view(bill) for bill in rows.order_by("-id")[:size]]


def payments_of(person_id: str, *, size: int = 100) -> list[PaymentView]:
    """A person's payments that came to an end, newest first: for the customer's timeline."""
    rows = Payment.objects.select_related("bill").filter(bill__person_id=person_id, state=rules.SUCCEEDED)
    return [payment_view(row) for row in rows.order_by("-id")[:size]]


def payments_page(actor: Actor, *, search: str = "", before: int | None = None, size: int = PAGE) -> list[PaymentView]:
    """All payments, newest first, a page by key; or those of a reference (bill's, submission's or provider's), of a
    payer's e-mail address, or of an amount such as £12.50.

    Raises:
        Forbidden: this is finance's.
    """
    require(actor, "payment.view")
    rows = Payment.objects.select_related("bill")
    if search:
        rows = rows.filter(_sought(search.strip()))
    if before:
        rows = rows.filter(pk__lt=before)
    return [payment_view(row) for row in rows.order_by("-id")[:size]]


def _sought(search: str) -> Q:
    """What a search means. Each condition uses one index of its own, in a table of any size."""
    if "@" in search:
        bills = Bill.objects.alias(email=Lower("payer_email")).filter(email=search.lower())
        return Q(bill_id__in=list(bills.order_by("-id").values_list("pk", flat=True)[:MOST_BILLS]))
    if _AMOUNT.fullmatch(search):
        return Q(amount_pence=parse_pounds(search))
    sought = normalise(search) or search
    found = Bill.objects.filter(Q(reference=sought) | Q(about=sought)).values_list("pk", flat=True)
    at_provider = Q(provider__in=list(PROVIDERS), provider_payment_id=sought)
    return Q(bill_id__in=list(found[:MOST_BILLS])) | at_provider


def takings_today(actor: Actor) -> list[Taking]:
    """What came in today (London), less what went back, by fund.

    Raises:
        Forbidden: this is finance's.
    """
    require(actor, "payment.view")
    midnight = datetime.combine(today(), time.min, LONDON)
    sums = (
        LedgerLine.objects.filter(entry__at__gte=midnight, account__in=(rules.INCOME, rules.VAT))
        .values_list("fund", "account")
        .annotate(pence=Sum("pence"))
        .order_by("fund")
    )
    by_fund: dict[str, dict[str, int]] = {}
    for fund, account, pence in sums:
        by_fund.setdefault(fund, {})[account] = -pence
    return [Taking(fund, one.get(rules.INCOME, 0), one.get(rules.VAT, 0)) for fund, one in by_fund.items()]


def books_are_out_by() -> int:
    """The sum of every line of the ledger: nothing, when the books balance."""
    total: int | None = LedgerLine.objects.aggregate(total=Sum("pence"))["total"]
    return total or 0


def view(bill: Bill) -> BillView:
    return BillView(
        reference=bill.reference,
        about=bill.about,
        description=bill.description,
        total_pence=bill.total_pence,
        state=bill.state,
        pay_path=f"/pay/{bill.token}",
        paid_at=bill.paid_at,
    )


def _may_see(actor: Actor, bill: Bill) -> bool:
    if bill.person_id and actor.person_id and str(bill.person_id) == str(actor.person_id):
        return True
    return may(actor, "payment.view") or may(actor, "payment.send_link")


def _receipt(bill: Bill) -> Receipt:
    lines = bill.kept_lines
    return Receipt(
        reference=bill.reference,
        token=bill.token,
        about=bill.about,
        description=bill.description,
        lines=lines,
        total_pence=bill.total_pence,
        vat_pence=sum(rules.vat_within(line.pence, line.vat_rate) for line in lines),
        state=bill.state,
        return_path=bill.return_path,
        raised_at=bill.raised_at,
        paid_at=bill.paid_at,
        is_being_paid=Payment.objects.filter(bill=bill, state__in=rules.PENDING).exists(),
    )


def payment_view(row: Payment) -> PaymentView:
    return PaymentView(
        id=row.pk,
        bill=row.bill.reference,
        about=row.bill.about,
        description=row.bill.description,
        pence=row.amount_pence,
        state=row.state,
        reason=row.reason,
        provider=row.provider,
        provider_payment_id=row.provider_payment_id or "",
        surplus=row.surplus,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
