# SPDX-License-Identifier: MIT
"""Files of the bank, the providers and the shops' agents: matched with a reason, the rest in suspense, nothing dropped.

A file is one transaction: it is wholly in or not at all, and once only. All money of the bank and of agents is posted:

- a payout of a provider empties its clearing account;
- a row that names a bill of ours, of just that amount, pays it;
- whatever else goes to suspense, where a person allocates it.

A row of a provider's settlement moves no money but its fee: it is held against our payments and refunds.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from django.db import transaction

from onecouncil.core.actors import Actor
from onecouncil.core.borough import borough
from onecouncil.core.calendar import now
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid, NotFound
from onecouncil.core.references import normalise
from onecouncil.payments import formats, rules
from onecouncil.payments.actions.ledger import post
from onecouncil.payments.actions.settling import pay_otherwise
from onecouncil.payments.models import Bill, Payment, Refund, Statement, StatementLine
from onecouncil.payments.providers import PROVIDERS

PAYOUTS = {"GOV.UK PAY": "govuk-pay", "STRIPE": "stripe", "DEMO PAY": "demo"}
"""How a payout begins on the bank's statement; `[payouts]` of borough.toml adds the council's own, words = provider."""

_REFERENCE = re.compile(r"\bPAY[ -]?[0-9A-Z]{4}[ -]?[0-9A-Z]{4}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Imported:
    statement: int
    fresh: bool
    matched: int
    left: int


def import_file(kind: str, source: str, name: str, content: bytes, actor: Actor) -> Imported:
    """Take in one file. The same file again changes nothing.

    Args:
        source: the provider of a settlement; any other kind is its own source.

    Raises:
        Forbidden: this is finance's. Invalid: it is not such a file, or its control totals fail: nothing was posted.
    """
    require(actor, "payment.refund")
    if kind not in formats.KINDS or (kind == formats.SETTLEMENT and source not in PROVIDERS):
        raise Invalid({"kind": "Select what kind of file this is"})
    try:
        rows = formats.read(kind, content)
    except formats.Unreadable as fault:
        raise Invalid({"file": str(fault)}) from fault
    with transaction.atomic():
        statement, fresh = Statement.objects.get_or_create(
            sha256=hashlib.sha256(kind.encode() + content).hexdigest(),
            defaults={
                "kind": kind,
                "source": source if kind == formats.SETTLEMENT else kind,
                "name": name[:200],
                "row_count": len(rows),
                "total_pence": sum(row.pence for row in rows),
                "imported_at": now(),
                "imported_by_name": actor.name[:120],
            },
        )
        if fresh:
            for row in rows:
                _take_in(statement, row, actor)
    lines = StatementLine.objects.filter(statement=statement)
    matched = lines.filter(state__in=(StatementLine.MATCHED, StatementLine.ALLOCATED)).count()
    return Imported(statement.pk, fresh, matched, len(rows) - matched)


def allocate(line_pk: int, reference: str, actor: Actor) -> None:
    """Money in suspense pays the bill with this reference.

    Raises:
        Forbidden: this is finance's. NotFound: no such line. Conflict: it was allocated already.
        Invalid: no such bill, or not one of this amount that waits to be paid.
    """
    require(actor, "payment.refund")
    with transaction.atomic():
        line = StatementLine.objects.select_for_update().select_related("statement").filter(pk=line_pk).first()
        if line is None:
            raise NotFound()
        if line.state != StatementLine.SUSPENSE:
            raise Conflict("This was allocated already")
        bill = _bill(reference)
        if bill is None:
            raise Invalid({"reference": "Enter the payment reference of a bill, like PAY-7KQ4-29XR"})
        fault = _does_not_fit(bill, line.pence)
        if fault:
            raise Invalid({"reference": fault})
        source = line.statement.source
        line.payment = pay_otherwise(bill, source, f"line-{line.pk}", actor)
        post(f"allocate:{line.pk}", "allocation", bill, rules.postings_of_allocation(line.pence, source))
        line.state, line.reason = StatementLine.ALLOCATED, f"Allocated to {bill.reference} by {actor.name}"[:255]
        line.save(update_fields=["payment", "state", "reason"])


def _take_in(statement: Statement, row: formats.Row, actor: Actor) -> None:
    line = StatementLine(
        statement=statement, number=row.number, day=row.day, text=row.text, pence=row.pence, fee_pence=row.fee_pence
    )
    if statement.kind == formats.SETTLEMENT:
        _hold_against_ours(line, statement.source)
    else:
        _bank(line, statement.source, actor)


def _hold_against_ours(line: StatementLine, provider: str) -> None:
    """A settled payment or refund must be one of ours, of the same amount, and not settled before."""
    payment = Payment.objects.filter(provider=provider, provider_payment_id=line.text, state=rules.SUCCEEDED).first()
    ours = 0
    if payment and line.pence > 0:
        ours = int(payment.amount_pence == line.pence)
    elif payment:
        ours = Refund.objects.filter(payment=payment, state=rules.REFUND_DONE, pence=-line.pence).count()
    before = StatementLine.objects.filter(payment=payment, pence=line.pence, state=StatementLine.MATCHED)
    settled = before.filter(statement__kind=formats.SETTLEMENT).count() if ours else 0
    line.payment = payment
    if settled < ours:
        line.state, line.reason = StatementLine.MATCHED, "By payment and amount"
    elif ours:
        line.state, line.reason = StatementLine.REPEAT, "Settled before"
    else:
        line.state = StatementLine.UNKNOWN
        line.reason = "We know the payment, not this amount" if payment else "Not a payment of ours"
    line.save()
    if line.fee_pence and line.state != StatementLine.REPEAT:
        post(f"fee:{line.pk}", "fee", None, rules.postings_of_fee(line.fee_pence, provider), narrative=line.text)


def _bank(line: StatementLine, source: str, actor: Actor) -> None:
    provider = _payout_of(line.text) if source == formats.BANK else ""
    bill = None if provider or line.pence < 0 else _bill(line.text)
    if provider:
        line.state, line.reason, line.payout_of = StatementLine.MATCHED, "A payout, by its name", provider
        account, fund = rules.CLEARING, provider
    elif bill and not _does_not_fit(bill, line.pence):
        line.state, line.reason = StatementLine.MATCHED, f"Pays {bill.reference}, by reference and amount"
        account, fund = rules.CLEARING, source
    else:
        why = _does_not_fit(bill, line.pence) if bill else "No bill of ours is named"
        line.state, line.reason = StatementLine.SUSPENSE, why
        account, fund = rules.SUSPENSE, source
    line.save()
    if line.state == StatementLine.MATCHED and bill:
        line.payment = pay_otherwise(bill, source, f"line-{line.pk}", actor)
        line.save(update_fields=["payment"])
    postings = rules.postings_of_banked(line.pence, account, fund)
    post(f"line:{line.pk}", "payout" if provider else "banked", bill, postings, narrative=line.text)


def _payout_of(text: str) -> str:
    own = {str(words).upper(): str(name) for words, name in borough().facts.get("payouts", {}).items()}
    return next((name for words, name in {**PAYOUTS, **own}.items() if text.upper().startswith(words)), "")


def _bill(text: str) -> Bill | None:
    """The bill that a text names, locked."""
    named = _REFERENCE.search(text)
    reference = normalise(named.group()) if named else None
    return Bill.objects.select_for_update().filter(reference=reference).first() if reference else None


def _does_not_fit(bill: Bill, pence: int) -> str:
    if bill.state != rules.RAISED:
        return f"{bill.reference} is {bill.state}, so it does not wait to be paid"
    if bill.total_pence != pence:
        return f"{bill.reference} is for another amount"
    return ""
