# SPDX-License-Identifier: MIT
"""What the stand-in does: the verbs of the API and of the card page, each one transaction on the store."""

from __future__ import annotations

import json
import secrets
from typing import Any

from . import bodies, states
from .checks import CreateRequest, RefundRequest
from .clock import Clock, iso
from .problems import ApiError, not_found
from .states import Step
from .store import Store

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
REFUNDED = "SELECT COALESCE(SUM(amount), 0) AS total FROM refund WHERE payment_id = ? AND status != 'error'"


def new_id() -> str:
    """26 letters and digits, as GOV.UK Pay's own."""
    return "".join(secrets.choice(ALPHABET) for _ in range(26))


class Desk:
    """The stateful heart. `base` and `public` are the addresses written into links."""

    def __init__(self, store: Store, clock: Clock, base: str, public: str) -> None:
        self.store = store
        self.clock = clock
        self.base = base
        self.public = public

    # --- asked by the service -------------------------------------------------------------------------

    def create(self, wanted: CreateRequest) -> bodies.Json:
        payment_id, now = new_id(), self.clock.now()
        with self.store.transaction():
            self.store.insert(
                "payment",
                payment_id=payment_id,
                token=secrets.token_urlsafe(24),
                amount=wanted.amount,
                reference=wanted.reference,
                description=wanted.description,
                return_url=wanted.return_url,
                email=wanted.email,
                language=wanted.language,
                metadata=json.dumps(wanted.metadata),
                delayed_capture=wanted.delayed_capture,
                moto=wanted.moto,
                status="created",
                created=now,
            )
            self._record(payment_id, Step("created"))
            return bodies.payment_created(self.body(self._row(payment_id, "P0200")))

    def payment(self, payment_id: str, missing_code: str = "P0200") -> bodies.Json:
        with self.store.transaction():
            return self.body(self._row(payment_id, missing_code))

    def events(self, payment_id: str) -> bodies.Json:
        with self.store.transaction():
            self._row(payment_id, "P0300")
            rows = self.store.all("SELECT * FROM event WHERE payment_id = ? ORDER BY id", payment_id)
            return bodies.events(payment_id, rows, self.base)

    def cancel(self, payment_id: str) -> None:
        with self.store.transaction():
            row = self._row(payment_id, "P0500")
            if row["status"] == "submitted":
                raise ApiError(409, "P0502", "Cancellation of payment failed")
            if not states.may_cancel(row["status"]):
                raise ApiError(400, "P0501", "Cancellation of payment failed")
            self._enter(payment_id, Step("cancelled", "P0040"))

    def capture(self, payment_id: str) -> None:
        with self.store.transaction():
            row = self._row(payment_id, "P1000")
            if row["status"] != "capturable":
                raise ApiError(409, "P1003", "Payment cannot be captured")
            self._enter(payment_id, Step("success"), announce=False)
            self._announce(payment_id, "card_payment_captured")

    def refund(self, payment_id: str, wanted: RefundRequest) -> bodies.Json:
        """Refuse unless the caller knew how much was left: that is the lock against refunding twice."""
        with self.store.transaction():
            row = self._row(payment_id, "P0600")
            summary = bodies.refund_summary(row, self._refunded(payment_id))
            if summary["status"] != "available":
                raise _not_refundable(summary["status"])
            available = summary["amount_available"]
            if wanted.amount_available is not None and wanted.amount_available != available:
                raise ApiError(412, "P0604", "Refund amount available mismatch")
            if wanted.amount > available:
                raise _not_refundable(summary["status"])
            refund_id = new_id()
            self.store.insert(
                "refund",
                refund_id=refund_id,
                payment_id=payment_id,
                amount=wanted.amount,
                status="success",
                created=self.clock.now(),
            )
            self._announce(payment_id, "card_payment_refunded")
            # Told as "submitted" and found as "success" at the next look: as the sandbox of GOV.UK Pay does.
            return self.refund_body(payment_id, refund_id) | {"status": "submitted"}

    def refund_body(self, payment_id: str, refund_id: str) -> bodies.Json:
        found = self.store.one(
            "SELECT * FROM refund WHERE payment_id = ? AND refund_id = ?",
            payment_id,
            refund_id,
        )
        if found is None:
            raise not_found("P0700")
        return bodies.refund(found, self.base)

    def refunds(self, payment_id: str) -> bodies.Json:
        with self.store.transaction():
            self._row(payment_id, "P0800")
            rows = self.store.all(
                "SELECT * FROM refund WHERE payment_id = ? ORDER BY created, refund_id",
                payment_id,
            )
            return bodies.refunds_of(payment_id, rows, self.base)

    # --- done by the payer ----------------------------------------------------------------------------

    def opened(self, token: str) -> Any:
        """The payer has arrived at the card page: created → started. None when there is no such page."""
        with self.store.transaction():
            row = self.by_token(token)
            if row is not None and row["status"] == "created":
                self._enter(row["payment_id"], Step("started"))
            return self.by_token(token)

    def choose(self, token: str, outcome: str) -> Any:
        """The payer decides how it ends; a second press changes nothing."""
        with self.store.transaction():
            row = self.by_token(token)
            if row is None or not states.may_choose(row["status"]):
                return row
            if row["status"] == "created":
                self._enter(row["payment_id"], Step("started"))
            for step in states.steps_of(outcome, delayed_capture=bool(row["delayed_capture"])):
                self._enter(row["payment_id"], step)
            return self.by_token(token)

    def by_token(self, token: str) -> Any:
        row = self.store.one("SELECT * FROM payment WHERE token = ?", token)
        return row and self._row(row["payment_id"], "P0200")

    # --- done by time ---------------------------------------------------------------------------------

    def expire_due(self) -> int:
        """Expire what nobody finished; called regularly by the sender's thread."""
        before = self.clock.now() - states.EXPIRES_AFTER
        rows = self.store.all(
            "SELECT * FROM payment WHERE created <= ? AND status IN ('created', 'started', 'submitted', 'capturable')",
            before,
        )
        with self.store.transaction():
            return sum(self._expire_if_overdue(row) for row in rows)

    # --- within a transaction -------------------------------------------------------------------------

    def body(self, row: Any) -> bodies.Json:
        return bodies.payment(
            row,
            self._refunded(row["payment_id"]),
            self.base,
            self.public,
            self.clock.now(),
        )

    def _row(self, payment_id: str, missing_code: str) -> Any:
        """The payment as it is now: whoever looks at an overdue one finds it expired."""
        find = "SELECT * FROM payment WHERE payment_id = ?"
        row = self.store.one(find, payment_id)
        if row is None:
            raise not_found(missing_code)
        return self.store.one(find, payment_id) if self._expire_if_overdue(row) else row

    def _expire_if_overdue(self, row: Any) -> bool:
        overdue = states.is_overdue(row["status"], self.clock.now() - row["created"])
        if overdue:
            self._enter(row["payment_id"], Step("failed", "P0020"))
        return overdue

    def _refunded(self, payment_id: str) -> int:
        row = self.store.one(REFUNDED, payment_id)
        return int(row["total"]) if row else 0

    def _enter(self, payment_id: str, step: Step, *, announce: bool = True) -> None:
        self.store.run(
            "UPDATE payment SET status = ?, code = ? WHERE payment_id = ?",
            step.status,
            step.code,
            payment_id,
        )
        if step.status in ("success", "capturable"):
            self.store.run(
                "UPDATE payment SET provider_id = COALESCE(provider_id, ?) WHERE payment_id = ?",
                new_id(),
                payment_id,
            )
        if step.status == "success":
            self.store.run(
                "UPDATE payment SET captured = ? WHERE payment_id = ?",
                self.clock.now(),
                payment_id,
            )
        self._record(payment_id, step)
        event_type = states.webhook_for(step)
        if announce and event_type:
            self._announce(payment_id, event_type)

    def _record(self, payment_id: str, step: Step) -> None:
        self.store.insert(
            "event",
            payment_id=payment_id,
            status=step.status,
            code=step.code,
            at=self.clock.now(),
        )

    def _announce(self, payment_id: str, event_type: str) -> None:
        """Queue a webhook in the same transaction as the change that it tells of."""
        row, now, message_id = (
            self._row(payment_id, "P0200"),
            self.clock.now(),
            new_id(),
        )
        message = {
            "webhook_message_id": message_id,
            "api_version": 1,
            "created_date": iso(now),
            "resource_id": payment_id,
            "resource_type": "payment",
            "event_type": event_type,
            "resource": bodies.payment_in_search(self.body(row)),
        }
        raw = json.dumps(message, ensure_ascii=False).encode()
        self.store.insert(
            "webhook",
            message_id=message_id,
            payment_id=payment_id,
            event_type=event_type,
            body=raw,
            due=now,
        )


def _not_refundable(status: str) -> ApiError:
    return ApiError(
        400,
        "P0603",
        f"The payment is not available for refund. Payment refund status: {status}",
    )
