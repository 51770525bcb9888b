# SPDX-License-Identifier: MIT
"""What the provider says becomes what we know. Every way of hearing (payer back, webhook, poller) ends here.

`apply_report` may be called any number of times, in any order, from any thread: it changes a thing once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from onecouncil.core import references
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.problems import Conflict, NotFound
from onecouncil.payments import rules
from onecouncil.payments.actions.ledger import post
from onecouncil.payments.actions.refunding import ask_refund
from onecouncil.payments.models import Bill, Payment
from onecouncil.payments.providers import provider
from onecouncil.payments.providers.base import Provider, Refused, Report

log = logging.getLogger(__name__)
FORGOTTEN_AFTER = 2 * 3600


@dataclass(frozen=True)
class Settled:
    """An attempt after we have looked."""

    payment_pk: int
    attempt: str
    state: str
    reason: str
    next_url: str
    surplus: bool


def settle(payment_pk: int, actor: Actor) -> Settled:
    """Ask the provider about one attempt and keep the answer. One that has succeeded is not asked about again.

    Raises:
        Unavailable: the provider gave no clear answer; nothing was changed.
        Refused: the provider does not know a payment that it gave us. It is looked for again later.
    """
    payment = Payment.objects.select_related("bill").get(pk=payment_pk)
    if payment.state in (rules.SUCCEEDED, rules.FAILED):
        return _settled(payment)
    asked = provider(payment.provider)
    if payment.provider_payment_id:
        return _look_again(payment, asked, actor)
    report = asked.find(payment.bill.reference, str(payment.pk))
    if report is None:
        return _not_there(payment, actor)
    return apply_report(payment_pk, report, actor)


def _look_again(payment: Payment, asked: Provider, actor: Actor) -> Settled:
    try:
        return apply_report(payment.pk, asked.look(payment.provider_payment_id or ""), actor)
    except Refused:
        if (now() - payment.made_at).total_seconds() < FORGOTTEN_AFTER:
            raise
        # It gave us this payment and knows it no more, long after it must have ended: let the bill go free.
        log.error("%s has forgotten payment %s", payment.provider, payment.pk)
        give_up(payment.pk, rules.LOST, rules.UNKNOWN, actor)
        return _settled(Payment.objects.get(pk=payment.pk))


def settle_by_attempt(token: str, attempt: str, actor: Actor, *, ask: bool = True) -> Settled:
    """The same by our own attempt's id, which must be of the bill with this token.

    Raises:
        NotFound: there is no such attempt.
    """
    payment = Payment.objects.filter(attempt=attempt, bill__token=token).first()
    if payment is None:
        raise NotFound()
    return settle(payment.pk, actor) if ask else _settled(payment)


def apply_report(payment_pk: int, report: Report, actor: Actor) -> Settled:
    """Keep what the provider said of this attempt, with all that follows from it, in one transaction.

    Raises:
        Conflict: the report is about another payment or amount: it is not believed.
    """
    bill_pk = Payment.objects.values_list("bill_id", flat=True).get(pk=payment_pk)
    with transaction.atomic():
        bill = Bill.objects.select_for_update().get(pk=bill_pk)
        payment = Payment.objects.select_for_update().get(pk=payment_pk)
        _believe(bill, payment, report)
        before, payment.state = payment.state, rules.after(payment.state, report.state)
        payment.provider_payment_id = report.payment_id
        payment.next_url = report.next_url[:2000] if payment.state == rules.OPEN else ""
        _plan_next_look(payment)
        if payment.state != before and payment.state not in rules.PENDING:
            _end(bill, payment, report.reason, actor)
        payment.save(
            update_fields=[
                "state", "reason", "provider_payment_id", "next_url", "next_look_at", "ended_at", "surplus"
            ]
        )  # fmt: skip
    return _settled(payment)


def give_up(payment_pk: int, state: str, reason: str, actor: Actor) -> None:
    """End an attempt that the provider did not take (`failed`) or does not show (`lost`)."""
    bill_pk = Payment.objects.values_list("bill_id", flat=True).get(pk=payment_pk)
    with transaction.atomic():
        bill = Bill.objects.select_for_update().get(pk=bill_pk)
        payment = Payment.objects.select_for_update().get(pk=payment_pk)
        if payment.state not in rules.PENDING:
            return
        payment.state = state
        _plan_next_look(payment)
        _end(bill, payment, reason, actor)
        payment.save(update_fields=["state", "reason", "next_look_at", "ended_at"])


def pay_otherwise(bill: Bill, source: str, named: str, actor: Actor) -> Payment:
    """The whole bill was paid without a provider, for example at the bank. The caller holds the lock on the bill.

    Raises:
        Conflict: the bill is not waiting to be paid.
    """
    if bill.state != rules.RAISED:
        raise Conflict("This bill is not waiting to be paid")
    payment = Payment.objects.create(
        attempt=references.new_token(),
        bill=bill,
        provider=source,
        provider_payment_id=named,
        amount_pence=bill.total_pence,
        state=rules.SUCCEEDED,
        made_at=now(),
    )
    _end(bill, payment, "", actor)
    payment.save(update_fields=["reason", "ended_at", "surplus"])
    return payment


def _believe(bill: Bill, payment: Payment, report: Report) -> None:
    """The report must be of this attempt. Anything else is a fault of a provider or a forgery, and moves no money."""
    same_id = payment.provider_payment_id in (None, report.payment_id)
    same_names = (report.attempt, report.reference) == (str(payment.pk), bill.reference)
    if same_id and same_names and report.pence == payment.amount_pence:
        return
    log.error("a report about %s does not fit payment %s of %s", report.payment_id, payment.pk, bill.reference)
    raise Conflict("The payment service told us of another payment")


def _end(bill: Bill, payment: Payment, reason: str, actor: Actor) -> None:
    """An attempt has just ended: book its money, or say why there is none."""
    payment.ended_at = now()
    payment.reason = "" if payment.state == rules.SUCCEEDED else reason
    data = {"about": bill.about, "pence": payment.amount_pence, "payment": payment.pk, "provider": payment.provider}
    if payment.state != rules.SUCCEEDED:
        publish("payment.failed", subject=bill.reference, data={**data, "reason": payment.reason}, actor=actor)
        return
    payment.surplus = rules.what_money_does(bill.state, bill.total_pence, payment.amount_pence) == rules.SURPLUS
    publish("payment.succeeded", subject=bill.reference, data={**data, "surplus": payment.surplus}, actor=actor)
    if payment.surplus:
        _send_back(bill, payment, actor)
    else:
        _pay_bill(bill, payment, actor)


def _pay_bill(bill: Bill, payment: Payment, actor: Actor) -> None:
    bill.state, bill.paid_at = rules.PAID, payment.ended_at
    bill.save(update_fields=["state", "paid_at"])
    post(
        f"payment:{payment.pk}",
        "payment",
        bill,
        rules.postings_of_payment(bill.kept_lines, payment.provider),
        at=bill.paid_at,
    )
    data = {
        "about": bill.about,
        "bill": bill.reference,
        "pence": bill.total_pence,
        "person_id": str(bill.person_id) if bill.person_id else None,
    }
    publish("bill.paid", subject=bill.reference, data=data, actor=actor)


def _send_back(bill: Bill, payment: Payment, actor: Actor) -> None:
    """The bill is paid or cancelled, and money came all the same. It is held in suspense, and sent back."""
    postings = rules.postings_of_surplus(payment.amount_pence, payment.provider)
    post(f"payment:{payment.pk}", "surplus", bill, postings, at=payment.ended_at)
    ask_refund(
        payment,
        payment.amount_pence,
        reason="Paid when nothing was due",
        key=f"surplus:{payment.pk}",
        actor=actor,
    )


def _plan_next_look(payment: Payment) -> None:
    age = (now() - payment.made_at).total_seconds()
    seconds = rules.seconds_to_next_look(payment.state, age)
    payment.next_look_at = None if seconds is None else now() + timedelta(seconds=seconds)


def _not_there(payment: Payment, actor: Actor) -> Settled:
    """The provider does not show it. A young one may yet appear in the search; an old one never will."""
    if payment.state in rules.PENDING and (now() - payment.made_at).total_seconds() > 2 * rules.FIRST_LOOK:
        give_up(payment.pk, rules.LOST, rules.UNKNOWN, actor)
    else:
        _plan_next_look(payment)
        Payment.objects.filter(pk=payment.pk).update(next_look_at=payment.next_look_at)
    return _settled(Payment.objects.get(pk=payment.pk))


def _settled(payment: Payment) -> Settled:
    return Settled(payment.pk, payment.attempt, payment.state, payment.reason, payment.next_url, payment.surplus)
