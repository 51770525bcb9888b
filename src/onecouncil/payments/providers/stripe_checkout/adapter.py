# SPDX-License-Identifier: MIT
"""Stripe Checkout behind the house's interface, over its plain HTTP API. A payment of ours is a Checkout Session there.

Settings: STRIPE_URL, STRIPE_KEY and STRIPE_WEBHOOK_SECRET; where there are none, PAY_URL, PAY_KEY, PAY_WEBHOOK_SECRET.
Stripe has no lock on what is left to refund; the idempotency key is one: it names the payment, what is left and how
many refunds there were, so that of two different refunds sent from the same view of things the second is refused.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings

from onecouncil.core import outbound
from onecouncil.core.calendar import now
from onecouncil.core.problems import Unavailable
from onecouncil.payments import rules
from onecouncil.payments.providers.base import (
    BadSignature,
    Changed,
    NotAccepted,
    Notice,
    Order,
    RefundReport,
    Refused,
    Report,
)
from onecouncil.payments.providers.stripe_checkout import signing

log = logging.getLogger(__name__)
TOO_MANY, BACK_OFF, KEY_IN_USE = 429, 1.1, 409
LIVES = timedelta(minutes=90)
"""As long as a payment at GOV.UK Pay, so that the room's clocks hold for both."""
FOUND_FOR, PAGE, MOST_PAGES = timedelta(hours=4), 100, 50
SESSIONS, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"
REFUND_STATES = {
    "pending": rules.REFUND_SENT,
    "requires_action": rules.REFUND_SENT,
    "succeeded": rules.REFUND_DONE,
    "failed": rules.REFUND_FAILED,
    "canceled": rules.REFUND_FAILED,
}


class StripeCheckout:
    """One account at Stripe. Holds settings only, so it may be made for each use."""

    name = "stripe"
    hears_at = "stripe"

    def __init__(self) -> None:
        self.url: str = _setting("URL").rstrip("/")
        self._key: str = _setting("KEY")
        self._secret: str = _setting("WEBHOOK_SECRET")

    def create(self, order: Order) -> Report:
        made = self._call("POST", SESSIONS, key=f"pay-{order.reference}-{order.attempt}", data=_form(order))
        return _report(made)

    def look(self, payment_id: str) -> Report:
        return _report(self._session(payment_id))

    def find(self, reference: str, attempt: str) -> Report | None:
        """Stripe lists sessions by time only, so the young ones are read through. Older ones have expired."""
        since = int((now() - FOUND_FOR).timestamp())
        after: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            asked = {"limit": str(PAGE), "created[gte]": str(since), **after}
            page = self._call("GET", SESSIONS, params=asked)
            for body in page["data"]:
                if body["client_reference_id"] == reference and body["metadata"].get("attempt") == attempt:
                    return _report(body)
            if not page["has_more"]:
                return None
            after = {"starting_after": page["data"][-1]["id"]}
        raise Unavailable("Stripe has more sessions than we can look through")

    def refund(self, payment_id: str, pence: int, available: int, key: str) -> RefundReport:
        session = self._session(payment_id)
        told = self._refunds_of(session)
        left = session["amount_total"] - sum(one.pence for one in told if one.state != rules.REFUND_FAILED)
        if left != available:
            raise Changed("amount_changed", f"{left} is left, not {available}")
        intent = session["payment_intent"]
        form = {"payment_intent": intent, "amount": str(pence), "metadata[refund]": key}
        return _refund(self._call("POST", REFUNDS, key=f"refund-{intent}-{available}-{len(told)}", data=form))

    def refunds(self, payment_id: str) -> tuple[RefundReport, ...]:
        return self._refunds_of(self._session(payment_id))

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        if not signing.is_genuine(headers.get("Stripe-Signature", ""), self._secret, body, now().timestamp()):
            raise BadSignature("the signature does not match, or is too old")
        try:
            told = json.loads(body)
            if not str(told["type"]).startswith("checkout.session."):
                return None
            return Notice(str(told["id"]), str(told["type"]), str(told["data"]["object"]["id"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BadSignature("signed, but not a message we can read") from error

    def check_config(self) -> str:
        if not self._key or not self._secret:
            return "Set ONECOUNCIL_PAY_KEY and ONECOUNCIL_PAY_WEBHOOK_SECRET to Stripe's."
        if urlsplit(self.url).scheme != "https" and not settings.TESTING:
            return "ONECOUNCIL_PAY_URL must begin with https://."
        try:
            self._call("GET", SESSIONS, params={"limit": "1"})
        except NotAccepted:
            return f"{self.url} does not accept our key: check ONECOUNCIL_PAY_KEY."
        except (Unavailable, Refused):
            return f"{self.url} does not answer as it should: check ONECOUNCIL_PAY_URL and the network."
        return ""

    def _session(self, payment_id: str) -> Any:
        return self._call("GET", f"{SESSIONS}/{quote(payment_id, safe='')}")

    def _refunds_of(self, session: dict[str, Any]) -> tuple[RefundReport, ...]:
        if not session["payment_intent"]:
            return ()
        asked = {"payment_intent": session["payment_intent"], "limit": str(PAGE)}
        return tuple(_refund(one) for one in self._call("GET", REFUNDS, params=asked)["data"])

    def _call(self, method: str, path: str, *, key: str = "", **kwargs: Any) -> Any:
        """Ask, and give back the JSON.

        Raises:
            Unavailable: no clear answer. Refused: a clear no.
        """
        client = outbound.client(f"{self.name} {urlsplit(self.url).netloc}")
        headers = {"Authorization": f"Bearer {self._key}", **({"Idempotency-Key": key} if key else {})}
        answer = client.request(method, self.url + path, headers=headers, **kwargs)
        if answer.status_code == TOO_MANY:
            time.sleep(BACK_OFF + random.random() / 2)  # noqa: S311 - jitter, not a secret
            answer = client.request(method, self.url + path, headers=headers, **kwargs)
        if answer.status_code >= 400:
            raise _refusal(answer)
        try:
            return answer.json()
        except ValueError as error:
            raise Unavailable("Stripe answered something that is not JSON") from error


def _setting(name: str) -> str:
    own: str = getattr(settings, f"STRIPE_{name}", "")
    return own or str(getattr(settings, f"PAY_{name}"))


def _form(order: Order) -> dict[str, str]:
    """The session's form. The money's own record (the payment intent) names the attempt too, for Stripe's reports."""
    form = {
        "mode": "payment",
        "payment_method_types[0]": "card",
        "client_reference_id": order.reference,
        "success_url": order.return_url,
        "cancel_url": order.leave_url or order.return_url,
        "expires_at": str(int((now() + LIVES).timestamp())),
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "gbp",
        "line_items[0][price_data][unit_amount]": str(order.pence),
        "line_items[0][price_data][product_data][name]": order.description[:250],
        "metadata[attempt]": order.attempt,
        "payment_intent_data[metadata][attempt]": order.attempt,
        "payment_intent_data[description]": f"{order.reference} {order.description}"[:250],
    }
    return {**form, "customer_email": order.email} if order.email else form


def _refusal(answer: requests.Response) -> Refused | Unavailable:
    if answer.status_code in (TOO_MANY, KEY_IN_USE):
        return Unavailable("Stripe is busy, or answers the same request already")
    if answer.status_code in (401, 403):
        log.error("Stripe does not accept our key (%s)", answer.status_code)
        return NotAccepted("Stripe does not accept our key")
    try:
        fault = answer.json()["error"]
    except (ValueError, KeyError):
        fault = {}
    code, words = str(fault.get("code") or answer.status_code), str(fault.get("message", ""))
    return Changed(code, words) if fault.get("type") == "idempotency_error" else Refused(code, words)


def _report(body: dict[str, Any]) -> Report:
    state, reason = _state(body)
    return Report(
        payment_id=body["id"],
        state=state,
        reason=reason,
        pence=body["amount_total"],
        reference=body["client_reference_id"] or "",
        attempt=str(body["metadata"].get("attempt", "")),
        next_url=body["url"] or "",
    )


def _state(body: dict[str, Any]) -> tuple[str, str]:
    """A complete session may still wait for a slow bank; only `paid` is money."""
    if body["status"] == "expired":
        return rules.FAILED, rules.EXPIRED
    if body["status"] == "complete" and body["payment_status"] == "paid":
        return rules.SUCCEEDED, ""
    return rules.OPEN, ""


def _refund(body: dict[str, Any]) -> RefundReport:
    return RefundReport(body["id"], REFUND_STATES[body["status"]], body["amount"])
