# SPDX-License-Identifier: MIT
"""Telling the service: signed messages, sent from their own thread, tried again when not taken.

At least once, in no promised order, with no moment in the signature: as GOV.UK Pay does it.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import urllib.error
import urllib.request
from typing import Any

from .desk import Desk
from .faults import Faults

log = logging.getLogger("onecouncil.payments.standin")
RETRY_AFTER = (60.0, 300.0, 3600.0, 86400.0, 172800.0)
WAITS = 3.0
TICK = 0.5


def sign(body: bytes, secret: str) -> str:
    """The value of `Pay-Signature`: lower-case hex HMAC-SHA256 of the raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is not a 2xx: the message was not taken."""

    def redirect_request(self, *_args: Any, **_kw: Any) -> None:
        return None


class Sender:
    """The thread that sends what is due, and lets what is overdue expire."""

    def __init__(
        self,
        desk: Desk,
        faults: Faults,
        url: str,
        secret: str,
        retry_after: tuple[float, ...] = RETRY_AFTER,
    ) -> None:
        self._desk = desk
        self._faults = faults
        self._url = url
        self._secret = secret
        self._retry_after = retry_after
        self._wake = threading.Event()
        self._stopping = False
        self._sending = threading.Lock()
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._thread = threading.Thread(target=self._run, name="pay-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=WAITS + 1)

    def nudge(self) -> None:
        """Something may be due: do not wait for the next tick."""
        self._wake.set()

    def send_due(self) -> int:
        """Send all that is due now; how many were taken."""
        if not self._url:
            return 0
        with self._sending:
            now = self._desk.clock.now() - (self._faults.webhook_delay if self._faults.webhook == "delay" else 0.0)
            rows = self._desk.store.all(
                "SELECT * FROM webhook WHERE state = 'waiting' AND due <= ? ORDER BY due LIMIT 50",
                now,
            )
            return sum(self._send(row) for row in rows)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(TICK)
            self._wake.clear()
            if self._stopping:
                return
            try:
                self._desk.expire_due()
                self.send_due()
            except Exception:
                # The thread must outlive one bad round: what it could not send stays due. Reported, not hidden.
                log.exception("a round of webhooks failed; it will be tried again")

    def _send(self, row: Any) -> bool:
        if self._faults.webhook == "drop":
            self._mark(row, "dropped")
            return False
        taken = self._post(row["body"])
        if taken and self._faults.webhook == "duplicate":
            self._post(row["body"])
        if taken:
            self._mark(row, "delivered")
        else:
            self._again_later(row)
        return taken

    def _post(self, body: bytes) -> bool:
        request = urllib.request.Request(  # noqa: S310 - the operator set this address
            self._url,
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Pay-Signature": sign(body, self._secret),
            },
        )
        try:
            with self._opener.open(request, timeout=WAITS) as answer:
                return 200 <= int(answer.status) < 300
        except (urllib.error.URLError, OSError) as error:
            log.debug("webhook not taken: %s", error)
            return False

    def _mark(self, row: Any, state: str) -> None:
        self._desk.store.run(
            "UPDATE webhook SET state = ?, attempts = attempts + 1 WHERE message_id = ?",
            state,
            row["message_id"],
        )

    def _again_later(self, row: Any) -> None:
        tried = row["attempts"]
        if tried >= len(self._retry_after):
            self._mark(row, "given-up")
            return
        self._desk.store.run(
            "UPDATE webhook SET attempts = attempts + 1, due = ? WHERE message_id = ?",
            self._desk.clock.now() + self._retry_after[tried],
            row["message_id"],
        )
