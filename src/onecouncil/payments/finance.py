# SPDX-License-Identifier: MIT
"""Finance's questions: one payment with all that happened to it, and the refunds desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecouncil.core import audit
from onecouncil.core.actors import Actor
from onecouncil.core.models import AuditEntry
from onecouncil.core.permissions import require
from onecouncil.core.problems import NotFound
from onecouncil.payments import reads, rules
from onecouncil.payments.actions.refunding import promised
from onecouncil.payments.models import LedgerEntry, Payment, Refund

PAGE = 25
MOST = 100


@dataclass(frozen=True)
class RefundView:
    """`mine`: asked by the one who looks, who may therefore not approve it."""

    id: int
    payment: int
    bill: str
    description: str
    pence: int
    reason: str
    state: str
    asked_at: datetime
    asked_by: str
    decided_by: str
    refused_because: str
    ended_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class EntryView:
    key: str
    kind: str
    at: datetime
    lines: tuple[rules.Posting, ...]


@dataclass(frozen=True)
class TrailLine:
    time: datetime
    actor: str
    verb: str


@dataclass(frozen=True)
class PaymentPage:
    """One payment with its refunds, its entries in the books, and who did what to its bill."""

    payment: reads.PaymentView
    payer_email: str
    left_pence: int
    refunds: tuple[RefundView, ...]
    entries: tuple[EntryView, ...]
    trail: tuple[TrailLine, ...]


def access_payment(actor: Actor, payment_id: int) -> PaymentPage:
    """One payment, for finance; the look at a known person's record is logged.

    Raises:
        Forbidden: this is finance's. NotFound: no such payment.
    """
    require(actor, "payment.view")
    row = Payment.objects.select_related("bill").filter(pk=payment_id).first()
    if row is None:
        raise NotFound()
    if row.bill.person_id:
        audit.look(actor, str(row.bill.person_id), purpose="payment", what="payment page")
    refunds = Refund.objects.select_related("payment__bill").filter(payment=row).order_by("-id")[:MOST]
    return PaymentPage(
        payment=reads.payment_view(row),
        payer_email=row.bill.payer_email,
        left_pence=row.amount_pence - promised(row) if row.state == rules.SUCCEEDED else 0,
        refunds=tuple(_refund(one, actor) for one in refunds),
        entries=_entries(row),
        trail=_trail(row.bill.reference),
    )


def refunds_waiting(actor: Actor) -> list[RefundView]:
    """Refunds that wait for a second person, the oldest first.

    Raises:
        Forbidden: this is finance's.
    """
    require(actor, "payment.view")
    rows = Refund.objects.select_related("payment__bill").filter(state=rules.REFUND_WAITING)
    return [_refund(row, actor) for row in rows.order_by("id")[:MOST]]


def refunds_page(actor: Actor, *, before: int | None = None, size: int = PAGE) -> list[RefundView]:
    """Every refund that does not wait, newest first, a page by key.

    Raises:
        Forbidden: this is finance's.
    """
    require(actor, "payment.view")
    rows = Refund.objects.select_related("payment__bill").exclude(state=rules.REFUND_WAITING)
    if before:
        rows = rows.filter(pk__lt=before)
    return [_refund(row, actor) for row in rows.order_by("-id")[:size]]


def _refund(row: Refund, actor: Actor) -> RefundView:
    return RefundView(
        id=row.pk,
        payment=row.payment_id,
        bill=row.payment.bill.reference,
        description=row.payment.bill.description,
        pence=row.pence,
        reason=row.reason,
        state=row.state,
        asked_at=row.asked_at,
        asked_by=row.asked_by_name or "OneCouncil",
        decided_by=row.decided_by_name,
        refused_because=row.refused_because,
        ended_at=row.ended_at,
        mine=row.asked_by is not None and row.asked_by == actor.user_id,
    )


def _entries(payment: Payment) -> tuple[EntryView, ...]:
    """What the books hold of this payment and its refunds."""
    keys = [f"payment:{payment.pk}"]
    keys += [f"refund:{pk}" for pk in Refund.objects.filter(payment=payment).values_list("pk", flat=True)]
    rows = LedgerEntry.objects.filter(seal_id__in=keys).order_by("id").prefetch_related("lines")
    return tuple(
        EntryView(
            key=row.seal_id,
            kind=row.kind,
            at=row.at,
            lines=tuple(rules.Posting(line.account, line.fund, line.pence) for line in row.lines.all()),
        )
        for row in rows
    )


def _trail(reference: str) -> tuple[TrailLine, ...]:
    rows = AuditEntry.objects.filter(subject=reference).order_by("-id")[:MOST]
    return tuple(TrailLine(row.time, row.actor, row.verb) for row in rows)
