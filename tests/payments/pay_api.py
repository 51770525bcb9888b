# SPDX-License-Identifier: MIT
"""A plain client of the stand-in, which holds every answer against the published contract."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import requests

CONTRACT = json.loads((Path(__file__).parent / "govuk-pay-contract.json").read_text(encoding="utf-8"))
KEY = "test-key"
SECRET = "test-secret"


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path))


def check_against_contract(method: str, path: str, status: int, body: Any) -> None:
    """The path is in the contract, the status is promised for it, and the body has the promised shape."""
    operation = next(v[method.lower()] for p, v in CONTRACT["paths"].items() if _pattern(p).fullmatch(path))
    if status == 400 and path.endswith("/refunds"):
        schema = {"$ref": "#/components/schemas/RequestError"}  # P0603: in the documentation, not in the contract
    else:
        promised = operation["responses"].get(str(status), {"content": {}})
        schema = next(iter(promised.get("content", {}).values()), {"schema": None})["schema"]
    if schema is None:
        return
    jsonschema_rs.validate({**schema, "components": CONTRACT["components"]}, body)
    names = _properties(schema)
    assert not names or set(body) <= names, f"not in the contract: {set(body) - names}"


def _properties(schema: dict[str, Any]) -> set[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return set(CONTRACT["components"]["schemas"].get(name, {}).get("properties", {}))


class PayClient:
    def __init__(self, base: str, key: str = KEY) -> None:
        self.base = base
        self.headers = {"Authorization": f"Bearer {key}"}
        self.seen: set[tuple[str, str]] = set()

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        answer = requests.request(method, self.base + path, headers=self.headers, timeout=10, **kwargs)
        body = answer.json() if answer.content else None
        check_against_contract(method, path.partition("?")[0], answer.status_code, body)
        return answer

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> requests.Response:
        return self.call("POST", path, **kwargs)

    def create(self, **changes: Any) -> dict[str, Any]:
        answer = self.post("/v1/payments", json=payment_body(**changes))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def state(self, payment_id: str) -> dict[str, Any]:
        return dict(self.get(f"/v1/payments/{payment_id}").json()["state"])


def payment_body(**changes: Any) -> dict[str, Any]:
    body = {
        "amount": 2500,
        "reference": "LM-7KQ4-29XR",
        "description": "Bulky waste collection",
        "return_url": "http://127.0.0.1:9/pay/return",
    }
    return {k: v for k, v in (body | changes).items() if v is not None}


def choose(payment: dict[str, Any], outcome: str) -> requests.Response:
    """What a payer does: open the card page, press one button, and not follow the way back."""
    next_url = payment["_links"]["next_url"]["href"]
    requests.get(next_url, timeout=10)
    return requests.post(next_url, data={"outcome": outcome}, timeout=10, allow_redirects=False)


class Receiver:
    """Somebody who takes webhooks; `answer` is the status it gives."""

    def __init__(self) -> None:
        import threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        self.messages: list[tuple[bytes, str]] = []
        self.answer = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature = self.headers.get("Pay-Signature") or self.headers.get("Stripe-Signature", "")
                receiver.messages.append((body, signature))
                self.send_response(receiver.answer)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, count: int, seconds: float = 5.0) -> list[dict[str, Any]]:
        import time

        end = time.monotonic() + seconds
        while len(self.messages) < count and time.monotonic() < end:
            time.sleep(0.02)
        return [json.loads(body) for body, _ in self.messages]
