# SPDX-License-Identifier: MIT
"""The WSGI application: reads requests, asks the desk, writes answers. Knows HTTP, decides nothing about money."""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from . import checks, pages, search, states
from .desk import Desk
from .faults import ApiFault, Faults
from .problems import ApiError, Unauthorised, downstream, not_found, too_many
from .webhooks import Sender

LARGEST_BODY = 64 * 1024
LOOPBACK = ("127.0.0.1", "::1")
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


@dataclass
class Answer:
    status: int
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(status: int, body: Any) -> Answer:
    return Answer(status, json.dumps(body, ensure_ascii=False).encode())


def as_page(status: int, html: str, return_url: str = "") -> Answer:
    headers = {
        "Content-Security-Policy": pages.policy(return_url),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Answer(status, html.encode(), "text/html; charset=utf-8", headers)


class StandIn:
    """Callable by any WSGI server. `testing` opens /_faults and /_clock, to loopback callers with the key."""

    def __init__(
        self,
        desk: Desk,
        sender: Sender,
        faults: Faults,
        api_key: str,
        *,
        testing: bool = False,
    ) -> None:
        self.desk = desk
        self.sender = sender
        self.faults = faults
        self._api_key = api_key
        self._testing = testing
        one = r"/v1/payments/(?P<payment_id>[^/]+)"
        self._api = [
            ("POST", r"/v1/payments", "create", self._create),
            ("GET", r"/v1/payments", "search", self._search),
            ("GET", one, "get", self._get),
            ("GET", one + r"/events", "get", self._events),
            ("POST", one + r"/cancel", "cancel", self._cancel),
            ("POST", one + r"/capture", "capture", self._capture),
            ("POST", one + r"/refunds", "refund", self._refund),
            ("GET", one + r"/refunds", "get", self._refunds),
            ("GET", one + r"/refunds/(?P<refund_id>[^/]+)", "get", self._one_refund),
            ("GET", r"/v1/refunds", "search", self._search_refunds),
        ]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            answer = self._answer(environ)
        except Unauthorised:
            answer = Answer(401, headers={"WWW-Authenticate": "Bearer"})
        except ApiError as problem:
            answer = as_json(problem.status, problem.body())
        headers = [("Content-Length", str(len(answer.body))), *answer.headers.items()]
        if answer.body:
            headers.append(("Content-Type", answer.kind))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _answer(self, environ: Environ) -> Answer:
        path = environ.get("PATH_INFO", "/")
        if path.startswith("/v1/"):
            return self._answer_api(environ, path)
        if path.startswith("/secure"):
            return self._card_page(environ, path)
        if path == "/_assets/standin.css":
            return Answer(200, pages.stylesheet().encode(), "text/css; charset=utf-8")
        if path == "/health/live":
            return as_json(200, {"status": "ok"})
        if self._testing and path in ("/_faults", "/_clock"):
            return self._test_switch(environ, path)
        return as_page(404, pages.missing())

    # --- the API --------------------------------------------------------------------------------------

    def _answer_api(self, environ: Environ, path: str) -> Answer:
        self._check_key(environ)
        method, allowed = environ["REQUEST_METHOD"], []
        for wanted, pattern, operation, handler in self._api:
            match = re.fullmatch(pattern, path)
            if match and wanted == method:
                return self._with_faults(operation, lambda h=handler, m=match: h(environ, **m.groupdict()))  # type: ignore[misc]
            if match:
                allowed.append(wanted)
        if allowed:
            return Answer(405, headers={"Allow": ", ".join(allowed)})
        raise not_found("P0200")

    def _check_key(self, environ: Environ) -> None:
        given = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1")
        if not hmac.compare_digest(given, f"Bearer {self._api_key}".encode()):
            raise Unauthorised

    def _with_faults(self, operation: str, work: Callable[[], Answer]) -> Answer:
        fault = self.faults.take(operation)
        if fault is None:
            return work()
        return _fail(fault, work)

    def _create(self, environ: Environ) -> Answer:
        body = self.desk.create(checks.check_create(_read(environ)))
        return Answer(
            201,
            json.dumps(body, ensure_ascii=False).encode(),
            headers={"Location": body["_links"]["self"]["href"]},
        )

    def _search(self, environ: Environ) -> Answer:
        return as_json(200, search.payments(self.desk, _query(environ), self.faults.search_lag))

    def _get(self, _environ: Environ, payment_id: str) -> Answer:
        return as_json(200, self.desk.payment(payment_id))

    def _events(self, _environ: Environ, payment_id: str) -> Answer:
        return as_json(200, self.desk.events(payment_id))

    def _cancel(self, _environ: Environ, payment_id: str) -> Answer:
        self.desk.cancel(payment_id)
        return Answer(204)

    def _capture(self, _environ: Environ, payment_id: str) -> Answer:
        self.desk.capture(payment_id)
        self.sender.nudge()
        return Answer(204)

    def _refund(self, environ: Environ, payment_id: str) -> Answer:
        body = self.desk.refund(payment_id, checks.check_refund(_read(environ)))
        self.sender.nudge()
        return as_json(202, body)

    def _refunds(self, _environ: Environ, payment_id: str) -> Answer:
        return as_json(200, self.desk.refunds(payment_id))

    def _one_refund(self, _environ: Environ, payment_id: str, refund_id: str) -> Answer:
        return as_json(200, self.desk.refund_body(payment_id, refund_id))

    def _search_refunds(self, environ: Environ) -> Answer:
        return as_json(200, search.refunds(self.desk, _query(environ)))

    # --- the card page --------------------------------------------------------------------------------

    def _card_page(self, environ: Environ, path: str) -> Answer:
        token = path.removeprefix("/secure").strip("/")
        method = environ["REQUEST_METHOD"]
        if method in ("GET", "HEAD"):
            return self._show(self.desk.opened(token))
        if method != "POST":
            return Answer(405, headers={"Allow": "GET, POST"})
        form = {k: v[-1] for k, v in parse_qs(_read(environ).decode("utf-8", "replace")).items()}
        return self._choose(token or form.get("chargeTokenId", ""), form.get("outcome", ""))

    def _show(self, row: Any) -> Answer:
        if row is None:
            return as_page(404, pages.missing())
        open_still = states.may_choose(row["status"])
        return as_page(
            200,
            pages.card(row) if open_still else pages.finished(row),
            row["return_url"],
        )

    def _choose(self, token: str, outcome: str) -> Answer:
        if outcome not in states.OUTCOMES:
            return self._show(self.desk.by_token(token))
        row = self.desk.choose(token, outcome)
        if row is None:
            return as_page(404, pages.missing())
        if self.faults.webhook == "before-return":
            self.sender.send_due()
        self.sender.nudge()
        back = as_page(303, "", row["return_url"])
        back.headers["Location"] = row["return_url"]
        return back

    # --- for tests ------------------------------------------------------------------------------------

    def _test_switch(self, environ: Environ, path: str) -> Answer:
        if environ.get("REMOTE_ADDR") not in LOOPBACK:
            return as_page(404, pages.missing())
        self._check_key(environ)
        plan = checks.parse_object(_read(environ), "P0197")
        try:
            if path == "/_clock":
                self.desk.clock.advance(float(plan.get("advance", 0)))
                self.sender.nudge()
            else:
                self.faults.apply(plan)
        except (KeyError, TypeError, ValueError) as error:
            raise ApiError(422, "P0102", f"Not a plan of faults: {error}") from error
        return Answer(204)


def _fail(fault: ApiFault, work: Callable[[], Answer]) -> Answer:
    """Do the work, or not, and then answer badly. A broken connection is a WSGI server's ConnectionAbortedError."""
    if fault.kind == "429":
        raise too_many()
    if fault.kind == "500":
        raise downstream()
    if fault.kind == "lost-request":
        raise ConnectionAbortedError("a fault asked for: request lost")
    answer = work()
    if fault.kind == "lost-answer":
        raise ConnectionAbortedError("a fault asked for: answer lost")
    time.sleep(fault.seconds)
    return answer


def _read(environ: Environ) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if not 0 <= length <= LARGEST_BODY:
        raise ApiError(413, "P0102", "The request is too large")
    raw: bytes = environ["wsgi.input"].read(length)
    return raw


def _query(environ: Environ) -> dict[str, str]:
    return dict(parse_qsl(environ.get("QUERY_STRING", "")))
