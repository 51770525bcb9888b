# SPDX-License-Identifier: MIT
"""Sending money back: a row first, then the provider from a background job, then the books.

Never more than was paid: the provider's own count of what is left is the lock, and our row is found again by it
after an answer was lost.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction

from onecouncil.core.actors import Actor, system
from onecouncil.core.background import background
from onecouncil.core.borough import borough
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid, NotFound
from onecouncil.payments import rules
from onecouncil.payments.actions.ledger import post
from onecouncil.payments.models import Bill, Payment, Refund
from onecouncil.payments.providers import PROVIDERS, provider
from onecouncil.payments.providers.base import Changed, Provider, RefundReport, Refused

log = logging.getLogger(__name__)
ME = system("payments.refunds")


def refund_payment(payment_pk: int, pence: int, *, reason: str, key: str, actor: Actor) -> None:
    """Give back a part or all of a payment that succeeded. The same `key` does it once.

    Over the council's limit (`rules.refund_limit_pence`) it waits for a second person, whoever asks.

    Raises:
        Forbidden: this is finance's. NotFound: no such payment. Invalid: no reason was given.
        Conflict: it did not succeed, or less than that is left of it.
    """
    require(actor, "payment.refund")
    if not reason.strip():
        raise Invalid({"reason": "Enter why the money goes back"})
    payment = Payment.objects.filter(pk=payment_pk).first()
    if payment is None:
        raise NotFound()
    with transaction.atomic():
        Bill.objects.select_for_update().get(pk=payment.bill_id)
        payment = Payment.objects.select_related("bill").get(pk=payment_pk)
        if payment.state != rules.SUCCEEDED:
            raise Conflict("This payment did not succeed, so there is nothing to give back")
        waits = actor.kind != "system" and rules.needs_second_person(pence, promised(payment), refund_limit())
        ask_refund(payment, pence, reason=reason, key=f"{payment_pk}:{key}", actor=actor, waits=waits)


def refund_limit() -> int:
    """Above this many pence a refund needs a second person: the council's own rule."""
    key = "rules.refund_limit_pence"
    return int(borough().fact(key)) if borough().has(key) else rules.REFUND_LIMIT


def ask_refund(payment: Payment, pence: int, *, reason: str, key: str, actor: Actor, waits: bool = False) -> Refund:
    """Write down, in the caller's transaction, that this much shall go back. The same `key` asks once.

    The caller holds the lock on the payment's bill. One that `waits` is sent only after `refund_desk.approve`.

    Raises:
        Conflict: more than is left of the payment.
    """
    held = Refund.objects.filter(key=key).first()
    if held:
        return held
    if payment.provider not in PROVIDERS:
        raise Conflict("This was not paid by card: give it back by bank transfer")
    if not 1 <= pence <= payment.amount_pence - promised(payment):
        raise Conflict("That is more than is left of this payment")
    refund = Refund.objects.create(
        key=key,
        payment=payment,
        pence=pence,
        reason=reason[:200],
        state=rules.REFUND_WAITING if waits else rules.REFUND_ASKED,
        asked_at=now(),
        asked_by=actor.user_id,
        asked_by_name=actor.name[:120] if actor.user_id else "",
    )
    data = {"about": payment.bill.about, "pence": pence, "payment": payment.pk, "refund": refund.pk}
    publish("refund.asked", subject=payment.bill.reference, data={**data, "waits": waits}, actor=actor)
    if not waits:
        send_refund.enqueue(refund_pk=refund.pk)
    return refund


@background(retries=12)
def send_refund(refund_pk: int) -> None:
    """Send one refund to the provider, or find out what became of it. Run again, it sends nothing twice.

    Raises:
        Unavailable: no clear answer; the job is tried again.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_pk)
    if refund.state not in (rules.REFUND_ASKED, rules.REFUND_SENT):
        return
    asked = provider(refund.payment.provider)
    told = asked.refunds(refund.payment.provider_payment_id or "")
    report = _sent_before(refund, told) or _send(refund, asked, told)
    apply_refund_report(refund_pk, report)


def apply_refund_report(refund_pk: int, report: RefundReport) -> None:
    """Keep what the provider said of a refund; book it when it is done. Any number of times, in any order."""
    bill_pk = Refund.objects.values_list("payment__bill_id", flat=True).get(pk=refund_pk)
    with transaction.atomic():
        bill = Bill.objects.select_for_update().get(pk=bill_pk)
        refund = Refund.objects.select_related("payment").get(pk=refund_pk)
        if refund.state in (*rules.REFUND_ENDED, rules.REFUND_WAITING, report.state):
            return
        refund.state, refund.provider_refund_id = report.state, report.refund_id or refund.provider_refund_id
        if report.state != rules.REFUND_SENT:
            refund.ended_at = now()
        refund.save(update_fields=["state", "provider_refund_id", "ended_at"])
        if report.state == rules.REFUND_DONE:
            post(f"refund:{refund.pk}", "refund", bill, _postings(bill, refund), at=refund.ended_at)
        data = {"about": bill.about, "pence": refund.pence, "payment": refund.payment_id, "refund": refund.pk}
        publish(f"refund.{report.state}", subject=bill.reference, data=data, actor=ME)


def _sent_before(refund: Refund, told: Sequence[RefundReport]) -> RefundReport | None:
    """The provider's refund that is this one: by its id, or (an answer was lost) the one that no row of ours has."""
    known = set(
        Refund.objects.filter(payment=refund.payment, provider_refund_id__isnull=False)
        .exclude(pk=refund.pk)
        .values_list("provider_refund_id", flat=True)
    )
    for report in told:
        mine = refund.provider_refund_id == report.refund_id
        orphan = refund.provider_refund_id is None and report.refund_id not in known and report.pence == refund.pence
        if mine or orphan:
            return report
    return None


def _send(refund: Refund, asked: Provider, told: Sequence[RefundReport]) -> RefundReport:
    """Send it, naming what is left by the same list in which it was not found: when that was stale, it is refused."""
    payment = refund.payment
    available = payment.amount_pence - sum(one.pence for one in told if one.state != rules.REFUND_FAILED)
    try:
        return asked.refund(payment.provider_payment_id or "", refund.pence, available, str(refund.pk))
    except Changed as change:
        # Something else was refunded at the same moment: the next try of the job counts again.
        raise Conflict("the amount left of this payment has just changed") from change
    except Refused as refusal:
        log.error("refund %s was refused by %s: %s", refund.pk, payment.provider, refusal)
        return RefundReport("", rules.REFUND_FAILED, refund.pence)


def promised(payment: Payment) -> int:
    """What has gone back, is on its way, or waits for a second person."""
    living = Refund.objects.filter(payment=payment).exclude(state__in=rules.REFUND_NOTHING_GOES_BACK)
    return sum(living.values_list("pence", flat=True))


def _postings(bill: Bill, refund: Refund) -> tuple[rules.Posting, ...]:
    name = refund.payment.provider
    if refund.payment.surplus:
        return rules.postings_of_surplus_refund(refund.pence, name)
    return rules.postings_of_refund(bill.kept_lines, refund.pence, name)
