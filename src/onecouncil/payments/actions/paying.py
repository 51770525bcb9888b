# SPDX-License-Identifier: MIT
"""Starting a payment: never two open for a bill, never one that we forget.

1. lock the bill, look again, write the attempt's row (or find the one that is open);
2. outside the transaction ask the provider, or ask it what became of the open one;
3. keep what it said, and send the payer on.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from onecouncil.core import references
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.problems import Conflict, NotFound, Unavailable
from onecouncil.payments import rules
from onecouncil.payments.actions.settling import apply_report, give_up, settle
from onecouncil.payments.models import Bill, Payment
from onecouncil.payments.providers import chosen, provider
from onecouncil.payments.providers.base import Order, Refused, Report

log = logging.getLogger(__name__)
WAIT_FOR_OTHER, STEP = 6.0, 0.1
ABANDONED_AFTER = timedelta(seconds=45)
ROUNDS = 3
NO_ANSWER = "The payment service is not answering. You have not been charged. Try again in a minute"


@dataclass(frozen=True)
class Started:
    """Where to send the payer, and the attempt to remember in their session."""

    attempt: str
    next_url: str


def start_payment(token: str, actor: Actor) -> Started:
    """Get the payer to a place where they can pay, whatever happened before.

    Raises:
        NotFound: no such bill. Conflict: it is paid or cancelled.
        Unavailable: the provider gave no clear answer; nothing was taken, and pressing again is safe.
    """
    for _ in range(ROUNDS):
        payment, fresh = _attempt_for(token, actor)
        try:
            started = _ask(payment, actor) if fresh else _resume(payment, actor)
        except (Unavailable, Refused) as problem:
            log.warning("payment %s could not be started: %s", payment.pk, problem)
            raise Unavailable(NO_ANSWER) from problem
        if started:
            return started
    raise Unavailable(NO_ANSWER)


def _attempt_for(token: str, actor: Actor) -> tuple[Payment, bool]:
    """The one open attempt of this bill, and whether we have just made it."""
    with transaction.atomic():
        bill = Bill.objects.select_for_update().filter(token=token).first()
        if bill is None:
            raise NotFound()
        if bill.state == rules.PAID:
            raise Conflict("This is already paid")
        if bill.state == rules.BILL_CANCELLED:
            raise Conflict("This was cancelled, so there is nothing to pay")
        held = Payment.objects.select_related("bill").filter(bill=bill, state__in=rules.PENDING).first()
        if held:
            return held, False
        payment = Payment.objects.create(
            attempt=references.new_token(),
            bill=bill,
            provider=chosen(),
            amount_pence=bill.total_pence,
            made_at=now(),
            next_look_at=now() + timedelta(seconds=rules.FIRST_LOOK),
        )
        data = {"about": bill.about, "pence": bill.total_pence, "payment": payment.pk}
        publish("payment.started", subject=bill.reference, data=data, actor=actor)
        return payment, True


def _ask(payment: Payment, actor: Actor) -> Started | None:
    """The one and only time that this attempt is asked for."""
    try:
        report = provider(payment.provider).create(_order(payment))
    except Unavailable:
        Payment.objects.filter(pk=payment.pk).update(asked_in_vain=True)
        raise
    except Refused as refusal:
        log.error("payment %s was refused by %s: %s", payment.pk, payment.provider, refusal)
        give_up(payment.pk, rules.FAILED, rules.REFUSED, actor)
        raise
    return _onward(payment, report, actor)


def _resume(payment: Payment, actor: Actor) -> Started | None:
    """An attempt is open: the payer pressed twice, came back, or an answer was lost. Find out; None to begin anew."""
    if payment.provider_payment_id is None:
        payment = _wait_for_other_request(payment)
    if payment.state not in rules.PENDING:
        return None
    if payment.provider_payment_id is None:
        return _find_or_give_up(payment, actor)
    settled = settle(payment.pk, actor)
    still_open = settled.state == rules.OPEN and settled.next_url
    return Started(settled.attempt, settled.next_url) if still_open else None


def _wait_for_other_request(payment: Payment) -> Payment:
    """Another request has just written this row and is asking the provider: give it a moment to finish."""
    end = time.monotonic() + WAIT_FOR_OTHER
    while payment.provider_payment_id is None and payment.state in rules.PENDING and not _is_orphan(payment):
        if time.monotonic() > end:
            raise Unavailable("another request is still waiting for the provider")
        time.sleep(STEP)
        payment = Payment.objects.select_related("bill").get(pk=payment.pk)
    return payment


def _is_orphan(payment: Payment) -> bool:
    """Nobody is waiting for the provider's answer any more: it was lost, or the asking process was killed."""
    return payment.asked_in_vain or now() - payment.made_at > ABANDONED_AFTER


def _find_or_give_up(payment: Payment, actor: Actor) -> Started | None:
    """An answer was lost. If the provider has the payment, go on with it; else leave it, and begin anew.

    To leave it is safe: nobody was ever told the address at which it can be paid, so it can only expire.
    """
    report = provider(payment.provider).find(payment.bill.reference, str(payment.pk))
    if report is None:
        give_up(payment.pk, rules.LOST, rules.UNKNOWN, actor)
        return None
    return _onward(payment, report, actor)


def _onward(payment: Payment, report: Report, actor: Actor) -> Started | None:
    settled = apply_report(payment.pk, report, actor)
    still_open = settled.state == rules.OPEN and settled.next_url
    return Started(settled.attempt, settled.next_url) if still_open else None


def _order(payment: Payment) -> Order:
    bill = payment.bill
    return Order(
        reference=bill.reference,
        attempt=str(payment.pk),
        description=bill.description,
        pence=payment.amount_pence,
        return_url=f"{settings.SITE_URL}/pay/{bill.token}/return/{payment.attempt}",
        email=bill.payer_email,
        leave_url=f"{settings.SITE_URL}/pay/{bill.token}",
    )
