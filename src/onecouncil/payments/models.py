# SPDX-License-Identifier: MIT
"""Rows of the room. The constraints are the last guard: not two open attempts for a bill, nor two that pay it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from onecouncil.payments import rules


class Bill(models.Model):
    """Something to pay. Whoever holds `token` may see and pay it: that is what a pay link is."""

    reference = models.CharField(max_length=20, unique=True)
    token = models.CharField(max_length=40, unique=True)
    about = models.CharField(max_length=120)
    person_id = models.UUIDField(null=True)
    payer_email = models.EmailField(max_length=254, blank=True, default="")
    description = models.CharField(max_length=255)
    total_pence = models.PositiveIntegerField()
    lines = models.JSONField()
    state = models.CharField(max_length=10, default=rules.RAISED)
    return_path = models.CharField(max_length=500)
    due = models.DateField(null=True)
    raised_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "payments_bill"
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=~Q(state=rules.BILL_CANCELLED), name="one_living_bill_about_a_thing"
            ),
            models.CheckConstraint(condition=Q(state__in=rules.BILL_STATES), name="bill_state_known"),
            models.CheckConstraint(condition=Q(total_pence__gte=1), name="bill_is_for_something"),
            models.CheckConstraint(
                condition=Q(state=rules.PAID, paid_at__isnull=False) | (~Q(state=rules.PAID) & Q(paid_at__isnull=True)),
                name="bill_paid_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="bills_of_person"),
            models.Index(fields=["about", "-id"], name="bills_about"),
            models.Index(Lower("payer_email"), name="bills_of_email"),
            models.Index(
                fields=["total_pence", "-id"], condition=Q(state=rules.RAISED), name="bills_waiting_of_amount"
            ),
        ]

    @property
    def kept_lines(self) -> tuple[rules.Line, ...]:
        return tuple(rules.Line(**line) for line in self.lines)


class Payment(models.Model):
    """One attempt to pay one bill, written before the provider is asked.

    `attempt` is ours and unguessable: it is in the address that the payer comes back to.
    """

    attempt = models.CharField(max_length=40, unique=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    provider_payment_id = models.CharField(max_length=255, null=True)
    amount_pence = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=rules.ASKING)
    reason = models.CharField(max_length=10, blank=True, default="")
    next_url = models.CharField(max_length=2000, blank=True, default="")
    asked_in_vain = models.BooleanField(default=False)
    """The provider was asked and no answer came: it may or may not have this payment."""
    surplus = models.BooleanField(default=False)
    """The money came when the bill was no longer waiting for it: it goes back."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_payment"
        constraints = [
            models.UniqueConstraint(
                fields=["bill"], condition=Q(state__in=rules.PENDING), name="one_open_attempt_per_bill"
            ),
            models.UniqueConstraint(
                fields=["bill"], condition=Q(state=rules.SUCCEEDED, surplus=False), name="one_payment_pays_a_bill"
            ),
            models.UniqueConstraint(fields=["provider", "provider_payment_id"], name="one_row_per_provider_payment"),
            models.CheckConstraint(condition=Q(state__in=rules.STATES), name="payment_state_known"),
        ]
        indexes = [
            models.Index(fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="payments_to_look_at"),
            models.Index(fields=["state", "-ended_at"], name="payments_by_end"),
            models.Index(fields=["amount_pence", "-id"], name="payments_of_amount"),
        ]


class Refund(models.Model):
    """Money on its way back. `key` makes asking twice the same as asking once.

    Who asked and who decided are members of staff by user id and name; both are empty when the house acted by itself.
    """

    key = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    pence = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default=rules.REFUND_ASKED)
    provider_refund_id = models.CharField(max_length=255, null=True)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True, default="")
    refused_because = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_refund"
        constraints = [
            models.UniqueConstraint(fields=["payment", "provider_refund_id"], name="one_row_per_provider_refund"),
            models.CheckConstraint(condition=Q(state__in=rules.REFUND_STATES), name="refund_state_known"),
            models.CheckConstraint(condition=Q(pence__gte=1), name="refund_is_of_something"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="refund_decided_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=(rules.REFUND_ASKED, rules.REFUND_SENT)), name="refunds_under_way"
            ),
            models.Index(fields=["id"], condition=Q(state=rules.REFUND_WAITING), name="refunds_waiting"),
        ]


class WebhookMessage(models.Model):
    """What a provider told us, as it came. Kept so that nothing told is lost, and a repeat is known as one."""

    provider = models.CharField(max_length=20)
    message_id = models.CharField(max_length=120)
    event_type = models.CharField(max_length=80)
    resource_id = models.CharField(max_length=120)
    body = models.TextField()
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_webhook_message"
        constraints = [models.UniqueConstraint(fields=["provider", "message_id"], name="one_row_per_webhook_message")]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(done_at__isnull=True), name="webhooks_not_done"),
        ]


class _AppendOnly(models.Model):
    """A row that is written once. A correction is a new row."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the ledger is append-only: write a correcting entry")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the ledger is append-only: write a correcting entry")


class LedgerSeal(_AppendOnly):
    """The end of writing an entry, under the entry's own key. The database lets it be made only when the lines balance
    (`guard.py`), and lets no entry be committed without it."""

    key = models.CharField(primary_key=True, max_length=120)

    class Meta:
        db_table = "payments_ledger_seal"


class LedgerEntry(_AppendOnly):
    """One thing that happened to money; its lines add up to nothing. Its key lets it be posted once.

    `bill` is empty for money that came by no bill of ours, such as a line of a bank statement.
    """

    seal = models.OneToOneField(LedgerSeal, on_delete=models.PROTECT, related_name="entry")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="ledger_entries")
    narrative = models.CharField(max_length=255)

    class Meta:
        db_table = "payments_ledger_entry"
        indexes = [models.Index(fields=["at", "id"], name="ledger_by_time")]


class LedgerLine(_AppendOnly):
    """Debits are positive pence, credits negative."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=20)
    fund = models.CharField(max_length=40)
    pence = models.BigIntegerField()

    class Meta:
        db_table = "payments_ledger_line"
        constraints = [models.CheckConstraint(condition=~Q(pence=0), name="ledger_line_is_of_something")]
        indexes = [models.Index(fields=["account", "fund", "id"], name="ledger_lines_by_account")]


class Statement(models.Model):
    """One file of movements that was imported: the same file again is known by its fingerprint, and posts nothing."""

    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    row_count = models.PositiveIntegerField()
    total_pence = models.BigIntegerField()
    imported_at = models.DateTimeField()
    imported_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        db_table = "payments_statement"


class StatementLine(models.Model):
    """One row of a file: what it was matched with, and why; or that its money waits in suspense."""

    MATCHED, UNKNOWN, REPEAT, SUSPENSE, ALLOCATED = "matched", "unknown", "repeat", "suspense", "allocated"

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    day = models.DateField()
    text = models.CharField(max_length=255)
    pence = models.BigIntegerField()
    fee_pence = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=255)
    payout_of = models.CharField(max_length=20, blank=True, default="")
    """The provider whose payout this row of a bank statement is."""
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="statement_lines")

    class Meta:
        db_table = "payments_statement_line"
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="one_line_per_row_of_a_file"),
            models.CheckConstraint(
                condition=Q(state__in=("matched", "unknown", "repeat", "suspense", "allocated")),
                name="statement_line_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="suspense"), name="lines_in_suspense"),
            models.Index(fields=["day", "id"], name="lines_by_day"),
        ]
