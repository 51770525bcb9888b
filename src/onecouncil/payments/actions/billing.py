# SPDX-License-Identifier: MIT
"""Raising and cancelling bills, and sending somebody the link to pay one."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from onecouncil.core import messaging, references
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.permissions import require
from onecouncil.core.ports import BillRequest
from onecouncil.core.problems import Conflict, Invalid, NotFound
from onecouncil.payments import rules
from onecouncil.payments.models import Bill, Payment

PREFIX = "PAY"


def raise_bill(request: BillRequest, actor: Actor) -> Bill:
    """Write a bill in the caller's transaction. Asked again about the same thing: the same bill, brought up to date.

    Raises:
        ValueError: the lines cannot be a bill: a slip in the caller's code or in a service's definition.
        Conflict: it should change, but it is paid or being paid.
    """
    lines = tuple(rules.Line(one.label, one.pence, one.fund, one.vat_rate) for one in request.lines)
    fault = rules.faults_of_bill(lines)
    if fault:
        raise ValueError(f"{request.about}: {fault}")
    if not request.return_path.startswith("/") or request.return_path.startswith("//"):
        raise ValueError(f"{request.about}: return_path must be a path of ours")
    with transaction.atomic():
        bill = _living_bill(request.about)
        if bill is None:
            return _new_bill(request, lines, actor)
        return _bring_up_to_date(bill, request, lines)


def cancel_bill(about: str, reason: str, actor: Actor) -> None:
    """A bill that is not paid is cancelled; one that is already cancelled stays so.

    Raises:
        Conflict: it is paid, or a payment is under way (it ends by itself within 90 minutes).
    """
    with transaction.atomic():
        bill = _living_bill(about)
        if bill is None:
            return
        _refuse_when_paid_or_paying(bill)
        Bill.objects.filter(pk=bill.pk).update(
            state=rules.BILL_CANCELLED, cancelled_at=now(), cancel_reason=reason[:200]
        )
        publish("bill.cancelled", subject=bill.reference, data={"about": about, "pence": bill.total_pence}, actor=actor)


def send_pay_link(reference: str, email: str, actor: Actor, *, key: str) -> None:
    """Write to somebody with the link that pays this bill: how an adviser takes a payment on the phone.

    Args:
        key: names this sending; the same key sends once.

    Raises:
        Invalid: no e-mail address. NotFound: no such bill. Conflict: it is not waiting to be paid.
    """
    require(actor, "payment.send_link")
    if "@" not in email:
        raise Invalid({"email": "Enter an email address in the correct format, like name@example.com"})
    with transaction.atomic():
        bill = Bill.objects.filter(reference=reference).first()
        if bill is None:
            raise NotFound()
        if bill.state != rules.RAISED:
            raise Conflict("This bill is not waiting to be paid")
        messaging.send(
            to=messaging.Recipient(email=email, person_id=str(bill.person_id) if bill.person_id else None),
            template="pay-link",
            context={"bill": bill, "path": f"/pay/{bill.token}"},
            key=f"pay-link-{bill.pk}-{key}"[:160],
            about=bill.about,
        )
        publish("bill.link_sent", subject=bill.reference, data={"about": bill.about}, actor=actor)


def _living_bill(about: str) -> Bill | None:
    return Bill.objects.select_for_update().filter(about=about).exclude(state=rules.BILL_CANCELLED).first()


def _new_bill(request: BillRequest, lines: tuple[rules.Line, ...], actor: Actor) -> Bill:
    bill = Bill.objects.create(
        reference=references.new_reference(PREFIX),
        token=references.new_token(),
        about=request.about,
        person_id=request.person_id,
        payer_email=request.payer_email,
        description=request.description[:255],
        total_pence=request.total_pence,
        lines=[asdict(line) for line in lines],
        return_path=request.return_path,
        raised_at=now(),
    )
    data = {"about": bill.about, "pence": bill.total_pence, "person_id": request.person_id}
    publish("bill.raised", subject=bill.reference, data=data, actor=actor)
    return bill


def _bring_up_to_date(bill: Bill, request: BillRequest, lines: tuple[rules.Line, ...]) -> Bill:
    """The resident changed an answer before paying: the bill follows, unless money is already on its way."""
    if bill.kept_lines == lines:
        return bill
    _refuse_when_paid_or_paying(bill)
    bill.lines = [asdict(line) for line in lines]
    bill.total_pence = request.total_pence
    bill.description = request.description[:255]
    bill.save(update_fields=["lines", "total_pence", "description"])
    return bill


def _refuse_when_paid_or_paying(bill: Bill) -> None:
    if bill.state == rules.PAID:
        raise Conflict("This is already paid")
    if Payment.objects.filter(bill=bill, state__in=rules.PENDING).exists():
        raise Conflict("A payment for this is under way. Try again when it has finished")
