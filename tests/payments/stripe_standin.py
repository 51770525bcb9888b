# SPDX-License-Identifier: MIT
"""A small stateful stand-in for the parts of Stripe that we use: Checkout Sessions, refunds, signed webhooks.

Idempotency keys replay the first answer and refuse another body, expiry goes by a clock that tests push on, and the
same faults as in the GOV.UK Pay stand-in can be asked for. It checks the forms it gets and knows no card.
"""

from __future__ import annotations

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from onecouncil.payments.providers.stripe_checkout import signing
from onecouncil.payments.standin.clock import Clock
from onecouncil.payments.standin.faults import Faults

SESSIONS, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"
Body = dict[str, Any]


class Fault(Exception):
    def __init__(self, status: int, kind: str, words: str) -> None:
        super().__init__(words)
        self.status, self.body = status, {"error": {"type": kind, "code": kind, "message": words}}


class StripeStandIn:
    def __init__(self, key: str, webhook_url: str, webhook_secret: str) -> None:
        self.key, self.webhook_url, self.secret = key, webhook_url, webhook_secret
        self.clock, self.faults, self.lock = Clock(), Faults(), threading.RLock()
        self.sessions: dict[str, Body] = {}
        self.refunds: list[Body] = []
        self.answered: dict[str, tuple[Any, Body]] = {}
        self.slow_refunds = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"standin": self}))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def api(self, method: str, path: str, given: dict[str, str], key: str) -> Body:
        with self.lock:
            self._let_time_pass()
            if method == "POST" and key in self.answered:
                asked, answer = self.answered[key]
                if asked != (path, given):
                    raise Fault(400, "idempotency_error", "Keys for idempotent requests need the same parameters")
                return answer
            answer = self._work(method, path, given)
            if method == "POST" and key:
                self.answered[key] = ((path, given), json.loads(json.dumps(answer)))
            return answer

    def _work(self, method: str, path: str, given: dict[str, str]) -> Body:
        if (method, path) == ("POST", SESSIONS):
            return self._create(given)
        if (method, path) == ("GET", SESSIONS):
            found = [one for one in self.sessions.values() if one["created"] >= int(given.get("created[gte]", 0))]
            return _page(list(reversed(found)), given)
        if method == "GET" and path.startswith(SESSIONS + "/"):
            return self._session(path.removeprefix(SESSIONS + "/"))
        if (method, path) == ("POST", REFUNDS):
            return self._refund(given)
        if (method, path) == ("GET", REFUNDS):
            return _page([one for one in self.refunds if one["payment_intent"] == given["payment_intent"]], given)
        raise Fault(404, "invalid_request_error", "Unrecognized request URL")

    def _create(self, given: dict[str, str]) -> Body:
        seconds = int(given["expires_at"]) - self.clock.now()
        if not 1800 <= seconds <= 86400 or given["mode"] != "payment":
            raise Fault(400, "invalid_request_error", "expires_at must be between 30 minutes and 24 hours from now")
        if int(given["line_items[0][price_data][unit_amount]"]) < 30:
            raise Fault(400, "amount_too_small", "The amount must be at least 30 pence")
        made = f"cs_test_{uuid.uuid4().hex}{uuid.uuid4().hex}"[:66]
        session = {
            "id": made, "object": "checkout.session", "status": "open", "payment_status": "unpaid",
            "amount_total": int(given["line_items[0][price_data][unit_amount]"]),
            "client_reference_id": given["client_reference_id"],
            "metadata": {"attempt": given["metadata[attempt]"]},
            "payment_intent": None, "created": int(self.clock.now()), "expires_at": int(given["expires_at"]),
            "url": f"{self.url}/c/pay/{made}#{'x' * 400}", "success_url": given["success_url"],
            "cancel_url": given["cancel_url"],
        }  # fmt: skip
        self.sessions[made] = session
        return session

    def _session(self, session_id: str) -> Body:
        if session_id not in self.sessions:
            raise Fault(404, "resource_missing", "No such checkout session")
        return self.sessions[session_id]

    def _refund(self, given: dict[str, str]) -> Body:
        session = next(one for one in self.sessions.values() if one["payment_intent"] == given["payment_intent"])
        gone = sum(one["amount"] for one in self.refunds if one["payment_intent"] == session["payment_intent"])
        if int(given["amount"]) > session["amount_total"] - gone:
            raise Fault(400, "charge_already_refunded", "Refund amount is greater than unrefunded amount")
        made = {
            "id": f"re_{uuid.uuid4().hex}", "object": "refund", "amount": int(given["amount"]),
            "payment_intent": session["payment_intent"], "status": "pending" if self.slow_refunds else "succeeded",
        }  # fmt: skip
        self.refunds.append(made)
        return made

    def _let_time_pass(self) -> None:
        for session in self.sessions.values():
            if session["status"] == "open" and session["expires_at"] <= self.clock.now():
                self._end(session, "expired")

    def choose(self, session_id: str, outcome: str) -> str:
        """The payer on the hosted page: pay, cancel (turn back; the session stays open) or expire."""
        with self.lock:
            self._let_time_pass()
            session = self._session(session_id)
            if session["status"] == "open" and outcome == "pay":
                session.update(payment_status="paid", payment_intent=f"pi_{uuid.uuid4().hex}")
                self._end(session, "completed")
            elif session["status"] == "open" and outcome == "expire":
                self._end(session, "expired")
        return str(session["success_url"] if outcome == "pay" else session["cancel_url"])

    def _end(self, session: Body, event: str) -> None:
        session.update(status="complete" if event == "completed" else "expired", url=None)
        told = {"id": f"evt_{uuid.uuid4().hex}", "type": f"checkout.session.{event}", "data": {"object": session}}
        if self.faults.webhook != "drop":
            for _ in range(2 if self.faults.webhook == "duplicate" else 1):
                self.send(told)

    def send(self, told: Body) -> None:
        body = json.dumps(told).encode()
        headers = {"Stripe-Signature": signing.header(self.secret, int(self.clock.now()), body)}
        requests.post(self.webhook_url, body, headers=headers, timeout=5)


def _page(found: list[Body], given: dict[str, str]) -> Body:
    ids = [one["id"] for one in found]
    start = ids.index(given["starting_after"]) + 1 if "starting_after" in given else 0
    size = int(given.get("limit", 10))
    return {"object": "list", "data": found[start : start + size], "has_more": len(found) > start + size}


def _operation(method: str, path: str) -> str:
    if path == REFUNDS and method == "POST":
        return "refund"
    return "create" if method == "POST" else "search" if path == SESSIONS else "get"


class _Handler(BaseHTTPRequestHandler):
    standin: StripeStandIn

    def do_GET(self) -> None:
        self._answer("GET", dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        self._answer("POST", dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())))

    def _answer(self, method: str, given: dict[str, str]) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/c/pay/"):
            return self._page(method, path.removeprefix("/c/pay/"), given)
        fault = self.standin.faults.take(_operation(method, path))
        if fault and fault.kind in ("429", "500"):
            return self._send(int(fault.kind), {"error": {"type": "api_error", "message": "A fault asked for"}})
        if fault and fault.kind == "lost-request":
            return self.connection.close()
        status, body = self._api(method, path, given)
        if fault and fault.kind == "lost-answer":
            return self.connection.close()
        if fault:
            threading.Event().wait(fault.seconds)
        return self._send(status, body)

    def _api(self, method: str, path: str, given: dict[str, str]) -> tuple[int, Body]:
        if self.headers.get("Authorization") != f"Bearer {self.standin.key}":
            return 401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}
        try:
            return 200, self.standin.api(method, path, given, self.headers.get("Idempotency-Key", ""))
        except Fault as fault:
            return fault.status, fault.body

    def _page(self, method: str, session_id: str, given: dict[str, str]) -> None:
        if method == "GET":
            return self._send(200, {"page": session_id})
        back = self.standin.choose(session_id, given["outcome"])
        self.send_response(303)
        self.send_header("Location", back)
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def _send(self, status: int, body: Body) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_args: object) -> None:
        pass
