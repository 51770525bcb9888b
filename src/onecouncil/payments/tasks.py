# SPDX-License-Identifier: MIT
"""What this room hangs up: its port, jobs, subscribers, health checks and links."""

from __future__ import annotations

from typing import Any

from onecouncil.accounts import api as accounts
from onecouncil.core import messaging, ports
from onecouncil.core.actors import Actor
from onecouncil.core.background import background, every
from onecouncil.core.events import Event, subscriber
from onecouncil.core.furniture import account_panel, staff_link
from onecouncil.core.health import FAIL, OK, WARN, Health, check
from onecouncil.core.problems import NotFound
from onecouncil.payments import guard, providers, reads
from onecouncil.payments.actions import polling, refund_desk
from onecouncil.payments.models import Bill
from onecouncil.payments.port import HousePayments
from onecouncil.services import api as services

ports.provide("payments", HousePayments())
staff_link("Payments", "staff-payments", "payment.view", order=40)


@every(seconds=30)
@background(retries=0)
def poll_payments() -> None:
    """Look at the attempts nobody told us about. Not tried again: it runs again anyway."""
    polling.look_at_due()


@every(seconds=120)
@background(retries=0)
def poll_refunds() -> None:
    polling.look_at_refunds()


@subscriber("payments.receipt", "bill.paid")
def write_receipt(event: Event) -> None:
    """A receipt to the payer, once for each bill."""
    bill = Bill.objects.get(reference=event.subject)
    messaging.send(
        to=messaging.Recipient(email=bill.payer_email, name=_payer_name(bill), person_id=event.data["person_id"]),
        template="payment-receipt",
        context={"bill": bill, "path": f"/pay/{bill.token}/receipt"},
        key=f"receipt-{bill.reference}",
        about=bill.about,
    )


def _payer_name(bill: Bill) -> str:
    """Whom to greet: the person, or who is named in what they handed in; "" when nobody is."""
    named = accounts.people_named([str(bill.person_id)]) if bill.person_id else {}
    try:
        return named.get(str(bill.person_id), "") or services.submission(bill.about).name
    except NotFound:
        return ""


@subscriber("payments.refund-told", "refund.done")
def tell_of_refund(event: Event) -> None:
    """A word to the payer that the money is on its way, once for each refund."""
    bill = Bill.objects.get(reference=event.subject)
    messaging.send(
        to=messaging.Recipient(email=bill.payer_email, person_id=str(bill.person_id) if bill.person_id else None),
        template="refund-done",
        context={"bill": bill, "pence": event.data["pence"]},
        key=f"refund-{event.data['refund']}",
        about=bill.about,
    )


@subscriber("payments.refund-withdrawn", "submission.withdrawn")
def refund_what_is_withdrawn(event: Event) -> None:
    """The service's rule gives money back for what was paid and is withdrawn."""
    refund_desk.give_back_withdrawn(event.data["reference"], event.data["service"])


@check("payments")
def payments_health() -> Health:
    name = providers.chosen()
    if name not in providers.PROVIDERS:
        known = ", ".join(providers.PROVIDERS)
        return Health(
            "payments", FAIL, f"There is no payment provider {name!r}", f"Set ONECOUNCIL_PAY_PROVIDER: {known}."
        )
    fault = providers.provider(name).check_config()
    if fault:
        return Health("payments", FAIL, f"Payments ({name}) cannot be taken", fault)
    if name == "demo":
        return Health("payments", WARN, "Payments are pretended", "Set ONECOUNCIL_PAY_PROVIDER=govuk-pay and its key.")
    return Health("payments", OK, f"Payments are taken by {name}")


@check("ledger")
def ledger_health() -> Health:
    out_by = reads.books_are_out_by()
    if out_by:
        return Health(
            "ledger", FAIL, f"The books are out by {out_by} pence", "Find the entry whose lines do not add up."
        )
    fault = guard.fault()
    if fault:
        return Health("ledger", FAIL, fault, "Ask who changed the database; payments/guard.py says how to mend it.")
    return Health("ledger", OK, "The books balance")


def _panel(actor: Actor) -> dict[str, Any]:
    return {"bills": reads.bills_of(actor.person_id, size=5) if actor.person_id else []}


account_panel("payments", "payments/account_panel.html", _panel, order=30)
