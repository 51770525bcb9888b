# SPDX-License-Identifier: MIT
"""A council with a real stand-in behind it: payments in these tests go over real HTTP on loopback."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import transaction
from django.test import Client

from onecouncil.core import ports
from onecouncil.core.actors import ANONYMOUS
from onecouncil.core.ports import BillLine, BillRequest
from onecouncil.payments.models import Bill, Payment
from onecouncil.payments.standin.server import RunningStandIn, Settings

from .pay_api import KEY, SECRET, PayClient, Receiver

LINES = (BillLine("Sofa", 2000, "waste", 20), BillLine("Fridge", 1500, "waste"))


@dataclass
class Town:
    """What a story needs: the payer's browser, the provider, and the council's worker."""

    browser: Client
    standin: RunningStandIn
    pay: PayClient
    receiver: Receiver

    def bill(self, about: str = "LM-SUB-1", lines: tuple[BillLine, ...] = LINES, **more: Any) -> Bill:
        request = BillRequest(about, "Bulky waste collection", lines, "/apply/next", **more)
        with transaction.atomic():
            view = ports.payments().raise_bill(request, ANONYMOUS)
        return Bill.objects.get(reference=view.reference)

    def press_pay(self, bill: Bill, browser: Client | None = None) -> str:
        """The payer presses the button: where are they sent?"""
        answer = (browser or self.browser).post(f"/pay/{bill.token}")
        assert answer.status_code == 303, answer.content.decode()[-3000:]
        return str(answer["Location"])

    def on_card_page(self, next_url: str, outcome: str) -> str:
        """The payer chooses an ending: the path of ours that they are sent back to."""
        requests.get(next_url, timeout=10)
        answer = requests.post(next_url, data={"outcome": outcome}, timeout=10, allow_redirects=False)
        assert answer.status_code == 303
        return re.sub(r"^https?://[^/]+", "", answer.headers["Location"])

    def deliver_webhooks(self, count: int) -> list[int]:
        """Hand over what the provider sent so far, exactly as it came; the status of each."""
        self.receiver.wait_for(count)
        taken, self.receiver.messages = self.receiver.messages, []
        return [self._deliver(body, signature) for body, signature in taken]

    def _deliver(self, body: bytes, signature: str) -> int:
        answer = Client(enforce_csrf_checks=True).post(
            "/pay/webhook/govuk-pay", body, "application/json", headers={"Pay-Signature": signature}
        )
        return answer.status_code


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def town(tmp_path: Path, settings: Any, receiver: Receiver, transactional_db: None) -> Iterator[Town]:
    running = RunningStandIn(
        Settings(
            data=tmp_path / "pay.sqlite3", api_key=KEY, webhook_url=receiver.url, webhook_secret=SECRET, testing=True
        )
    ).start()
    settings.PAY_PROVIDER, settings.PAY_URL = "demo", running.url
    settings.PAY_KEY, settings.PAY_WEBHOOK_SECRET = KEY, SECRET
    yield Town(Client(), running, PayClient(running.url), receiver)
    running.stop()


@pytest.fixture
def time_passes(monkeypatch: pytest.MonkeyPatch, town: Town) -> Callable[[float], None]:
    """Both clocks, ours and the provider's, go on by so many seconds."""
    from datetime import timedelta

    from django.utils import timezone

    real, gone = timezone.now, [0.0]
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(seconds=gone[0]))

    def pass_(seconds: float) -> None:
        gone[0] += seconds
        town.standin.clock.advance(seconds)

    return pass_


def states_of(bill: Bill) -> list[str]:
    return list(Payment.objects.filter(bill=bill).order_by("pk").values_list("state", flat=True))


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"
