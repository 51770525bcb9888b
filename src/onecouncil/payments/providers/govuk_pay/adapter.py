# SPDX-License-Identifier: MIT
"""GOV.UK Pay behind the house's interface. Settings: PAY_URL, PAY_KEY, PAY_WEBHOOK_SECRET, PAY_PUBLIC_URL."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import random
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings

from onecouncil.core import outbound
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

log = logging.getLogger(__name__)
TOO_MANY, BACK_OFF = 429, 1.1
AMOUNT_CHANGED = "P0604"
REASONS = {
    "P0010": rules.DECLINED,
    "P0020": rules.EXPIRED,
    "P0030": rules.CANCELLED,
    "P0040": rules.CANCELLED,
    "P0050": rules.ERROR,
}
REFUND_STATES = {"submitted": rules.REFUND_SENT, "success": rules.REFUND_DONE, "error": rules.REFUND_FAILED}


class GovUkPay:
    """One account at GOV.UK Pay. Holds settings only, so it may be made for each use."""

    name = "govuk-pay"
    hears_at = "govuk-pay"

    def __init__(self) -> None:
        self.url: str = settings.PAY_URL
        self._key: str = settings.PAY_KEY
        self._secret: str = settings.PAY_WEBHOOK_SECRET

    def create(self, order: Order) -> Report:
        body: dict[str, Any] = {
            "amount": order.pence,
            "reference": order.reference,
            "description": order.description[:255],
            "return_url": order.return_url,
            "metadata": {"attempt": order.attempt},
        }
        if order.email:
            body["email"] = order.email
        return _report(self._call("POST", "/v1/payments", json=body))

    def look(self, payment_id: str) -> Report:
        return _report(self._call("GET", f"/v1/payments/{quote(payment_id, safe='')}"))

    def find(self, reference: str, attempt: str) -> Report | None:
        found = self._call("GET", "/v1/payments", params={"reference": reference, "display_size": "100"})
        for body in found["results"]:
            if body.get("metadata", {}).get("attempt") == attempt:
                # A search is only eventually consistent, and leaves out next_url: so ask for the one payment.
                return self.look(body["payment_id"])
        return None

    def refund(self, payment_id: str, pence: int, available: int, key: str) -> RefundReport:
        body = {"amount": pence, "refund_amount_available": available}
        return _refund(self._call("POST", f"/v1/payments/{quote(payment_id, safe='')}/refunds", json=body))

    def refunds(self, payment_id: str) -> tuple[RefundReport, ...]:
        body = self._call("GET", f"/v1/payments/{quote(payment_id, safe='')}/refunds")
        return tuple(_refund(one) for one in body["_embedded"]["refunds"])

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        expected = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        given = headers.get("Pay-Signature", "")
        if not self._secret or not hmac.compare_digest(expected.encode(), given.encode()):
            raise BadSignature("the signature does not match")
        try:
            told = json.loads(body)
            if told["resource_type"] != "payment":
                return None
            return Notice(str(told["webhook_message_id"]), str(told["event_type"]), str(told["resource_id"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BadSignature("signed, but not a message we can read") from error

    def check_config(self) -> str:
        if not self._key or not self._secret:
            return "Set ONECOUNCIL_PAY_KEY and ONECOUNCIL_PAY_WEBHOOK_SECRET."
        if self.name == "govuk-pay" and urlsplit(self.url).scheme != "https":
            return "ONECOUNCIL_PAY_URL must begin with https://."
        try:
            self._call("GET", "/v1/payments", params={"display_size": "1"})
        except NotAccepted:
            return f"{self.url} does not accept our key: check ONECOUNCIL_PAY_KEY."
        except (Unavailable, Refused):
            return f"{self.url} does not answer as it should: check ONECOUNCIL_PAY_URL and the network."
        return ""

    def _call(self, method: str, path: str, **kwargs: Any) -> Any:
        """Ask, and give back the JSON.

        Raises:
            Unavailable: no clear answer. Refused: a clear no.
        """
        # A circuit for each host: when one account's address fails, another's payments go on.
        client = outbound.client(f"{self.name} {urlsplit(self.url).netloc}")
        headers = {"Authorization": f"Bearer {self._key}"}
        answer = client.request(method, self.url + path, headers=headers, **kwargs)
        if answer.status_code == TOO_MANY:
            # Asked too often, so surely nothing was done: even a POST may be repeated, after the second they ask for.
            time.sleep(BACK_OFF + random.random() / 2)  # noqa: S311 - jitter, not a secret
            answer = client.request(method, self.url + path, headers=headers, **kwargs)
        if answer.status_code >= 400:
            raise _refusal(answer)
        try:
            return answer.json()
        except ValueError as error:
            raise Unavailable("GOV.UK Pay answered something that is not JSON") from error


def _refusal(answer: requests.Response) -> Refused | Unavailable:
    if answer.status_code == TOO_MANY:
        return Unavailable("GOV.UK Pay is busy")
    if answer.status_code in (401, 403):
        log.error("GOV.UK Pay does not accept our key (%s)", answer.status_code)
        return NotAccepted("GOV.UK Pay does not accept our key")
    try:
        body = answer.json()
    except ValueError:
        body = {}
    code, words = str(body.get("code", answer.status_code)), str(body.get("description", ""))
    return Changed(code, words) if code == AMOUNT_CHANGED else Refused(code, words)


def _report(body: dict[str, Any]) -> Report:
    state, reason = _state(body["state"])
    links = body.get("_links", {})
    return Report(
        payment_id=body["payment_id"],
        state=state,
        reason=reason,
        pence=body["amount"],
        reference=body["reference"],
        attempt=str(body.get("metadata", {}).get("attempt", "")),
        next_url=(links.get("next_url") or {}).get("href", ""),
    )


def _state(told: dict[str, Any]) -> tuple[str, str]:
    if not told["finished"]:
        return rules.OPEN, ""
    if told["status"] == "success":
        return rules.SUCCEEDED, ""
    return rules.FAILED, REASONS.get(told.get("code", ""), rules.ERROR)


def _refund(body: dict[str, Any]) -> RefundReport:
    return RefundReport(body["refund_id"], REFUND_STATES[body["status"]], body["amount"])
