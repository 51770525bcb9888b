# SPDX-License-Identifier: MIT
"""The HTTP API of payments. A bill is its payer's; the list of payments is finance's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from onecouncil.core import limits
from onecouncil.core.actors import Actor
from onecouncil.core.permissions import require_signed_in
from onecouncil.payments import reads, rules
from onecouncil.payments.actions import billing
from onecouncil.payments.actions.paying import start_payment
from onecouncil.payments.actions.refunding import refund_payment

router = Router(tags=["Payments"])


class LineOut(Schema):
    label: str
    pence: int
    fund: str
    vat_rate: int


class BillOut(Schema):
    """A bill. `pay_url` is a page where anybody who has the address can pay it."""

    reference: str
    about: str
    description: str
    lines: list[LineOut]
    total_pence: int
    vat_pence: int
    state: str
    raised_at: datetime
    paid_at: datetime | None
    is_being_paid: bool
    pay_url: str


class StartedOut(Schema):
    """Send the payer's browser to `next_url`. `state` is always `open` here; look at the bill for what became of it."""

    bill: str
    state: str
    next_url: str


class LinkIn(Schema):
    email: str
    key: str


class PaymentOut(Schema):
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


class PaymentPage(Schema):
    """A page by key: give `next_before` as `before` for the next one."""

    results: list[PaymentOut]
    next_before: int | None


@router.get("/bills/{reference}", response=BillOut, summary="One bill")
def one_bill(request: HttpRequest, reference: str) -> dict[str, object]:
    actor = _actor(request)
    require_signed_in(actor)
    held = reads.access_bill(actor, reference)
    fields = {name: getattr(held, name) for name in BillOut.model_fields if name not in ("pay_url", "lines")}
    return {**fields, "lines": [vars_of(line) for line in held.lines], "pay_url": _pay_url(held)}


@router.post("/bills/{reference}/payments", response={201: StartedOut}, summary="Start paying a bill")
def pay_bill(request: HttpRequest, reference: str) -> Status[object]:
    """Starting twice is safe: the second answer is the same payment, as long as it is open."""
    actor = _actor(request)
    require_signed_in(actor)
    held = reads.access_bill(actor, reference)
    limits.hit("pay", held.token, limit=20, seconds=600)
    started = start_payment(held.token, actor)
    return Status(201, {"bill": held.reference, "state": rules.OPEN, "next_url": started.next_url})


@router.post("/bills/{reference}/links", response={202: None}, summary="E-mail the link that pays a bill")
def send_link(request: HttpRequest, reference: str, body: LinkIn) -> Status[object]:
    actor = _actor(request)
    require_signed_in(actor)
    held = reads.access_bill(actor, reference)
    billing.send_pay_link(held.reference, body.email, actor, key=body.key)
    return Status(202, None)


@router.get("/payments", response=PaymentPage, summary="All payments, newest first (finance)")
def list_payments(
    request: HttpRequest,
    reference: str = "",
    before: Annotated[int | None, Field(ge=1)] = None,
    size: Annotated[int, Field(ge=1, le=200)] = 25,
) -> dict[str, object]:
    rows = reads.payments_page(_actor(request), search=reference, before=before, size=size)
    return {"results": [vars_of(row) for row in rows], "next_before": rows[-1].id if len(rows) == size else None}


class RefundIn(Schema):
    """`key` is the caller's: the same key gives the money back once."""

    pence: Annotated[int, Field(ge=1)]
    reason: str
    key: Annotated[str, Field(min_length=1, max_length=80)]


@router.post("/payments/{payment_id}/refunds", response={202: None}, summary="Give money back (finance)")
def refund(request: HttpRequest, payment_id: int, body: RefundIn) -> Status[object]:
    refund_payment(payment_id, body.pence, reason=body.reason, key=body.key, actor=_actor(request))
    return Status(202, None)


def vars_of(row: object) -> dict[str, object]:
    return dict(vars(row))


def _pay_url(held: reads.Receipt) -> str:
    return f"{settings.SITE_URL}/pay/{held.token}"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
