# SPDX-License-Identifier: MIT
"""The refunds desk: the second person's decision, and what goes back by itself when something paid for is withdrawn."""

from __future__ import annotations

import logging

from django.db import transaction

from onecouncil.core.actors import Actor, system
from onecouncil.core.borough import borough
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Forbidden, Invalid, NotFound
from onecouncil.payments import rules
from onecouncil.payments.actions.refunding import ask_refund, promised, send_refund
from onecouncil.payments.models import Bill, Payment, Refund
from onecouncil.payments.providers import PROVIDERS

log = logging.getLogger(__name__)
ME = system("payments.withdrawn")


def approve(refund_pk: int, actor: Actor) -> None:
    """Let a waiting refund go.

    Raises:
        Forbidden: this is finance's, and never the asker's own. NotFound: no such refund.
        Conflict: it was decided already.
    """
    require(actor, "payment.refund")
    with transaction.atomic():
        refund = _waiting(refund_pk, actor)
        refund.state = rules.REFUND_ASKED
        _decide(refund, actor, "refund.approved")
        send_refund.enqueue(refund_pk=refund.pk)


def refuse(refund_pk: int, because: str, actor: Actor) -> None:
    """Say no to a waiting refund. Whoever asked it may take it back in the same way.

    Raises:
        Invalid: no reason. Forbidden: this is finance's. NotFound: no such refund. Conflict: it was decided already.
    """
    require(actor, "payment.refund")
    if not because.strip():
        raise Invalid({"because": "Enter why the refund is refused"})
    with transaction.atomic():
        refund = _waiting(refund_pk, None)
        refund.state, refund.refused_because, refund.ended_at = rules.REFUND_REFUSED, because.strip()[:200], now()
        _decide(refund, actor, "refund.refused")


def give_back_withdrawn(about: str, service: str) -> None:
    """Something paid for is withdrawn: its service's rule (`[refunds]` in borough.toml, percent by service) gives money
    back; where there is no rule, a refund of all that is left waits for finance. In the caller's transaction."""
    bill = Bill.objects.select_for_update().filter(about=about, state=rules.PAID).first()
    if bill is None:
        return
    payment = Payment.objects.select_related("bill").get(bill=bill, state=rules.SUCCEEDED, surplus=False)
    if payment.provider not in PROVIDERS:
        log.warning("payment %s was withdrawn and not paid by card: finance must give it back", payment.pk)
        return
    rule = borough().facts.get("refunds", {}).get(service)
    waits, percent = rule is None, 100 if rule is None else int(rule)
    pence = rules.goes_back_when_withdrawn(payment.amount_pence, promised(payment), percent)
    if pence:
        reason = (
            "Withdrawn: the service has no refund rule" if waits else f"Withdrawn: the service gives back {percent}%"
        )
        ask_refund(payment, pence, reason=reason, key=f"withdrawn:{payment.pk}", actor=ME, waits=waits)


def _waiting(refund_pk: int, approver: Actor | None) -> Refund:
    """The refund, locked by its bill; still waiting, and not asked by the one who would approve it."""
    bill_pk = Refund.objects.filter(pk=refund_pk).values_list("payment__bill_id", flat=True).first()
    if bill_pk is None:
        raise NotFound()
    Bill.objects.select_for_update().get(pk=bill_pk)
    refund = Refund.objects.select_related("payment__bill").get(pk=refund_pk)
    if refund.state != rules.REFUND_WAITING:
        raise Conflict("This refund was decided already")
    if approver and approver.user_id is not None and refund.asked_by == approver.user_id:
        raise Forbidden("Somebody else must approve a refund that you asked")
    return refund


def _decide(refund: Refund, actor: Actor, event: str) -> None:
    """Keep the decision. One's own refund taken back is a decision of nobody else, and keeps no decider."""
    refund.decided_at = now()
    if refund.asked_by is None or refund.asked_by != actor.user_id:
        refund.decided_by, refund.decided_by_name = actor.user_id, actor.name[:120]
    refund.save(update_fields=["state", "refused_because", "ended_at", "decided_at", "decided_by", "decided_by_name"])
    bill = refund.payment.bill
    data = {"about": bill.about, "pence": refund.pence, "payment": refund.payment_id, "refund": refund.pk}
    publish(event, subject=bill.reference, data=data, actor=actor)
