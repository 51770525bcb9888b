# SPDX-License-Identifier: MIT
"""The card page, and the messages the stand-in sends; and that its process starts and stops."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from onecouncil.payments.standin.server import RunningStandIn, Settings
from onecouncil.payments.standin.webhooks import sign

from .pay_api import KEY, SECRET, PayClient, Receiver, choose


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def standin(tmp_path: Path, receiver: Receiver) -> Iterator[RunningStandIn]:
    settings = Settings(
        data=tmp_path / "pay.sqlite3",
        api_key=KEY,
        webhook_url=receiver.url,
        webhook_secret=SECRET,
        retry_after=(0.1, 60),
    )
    running = RunningStandIn(settings).start()
    yield running
    running.stop()


def test_the_known_answer_of_the_documentation() -> None:
    body = "We captured a £10 payment! 💷".encode()
    expected = "a678c8326237dc08acabed4ec3948ee82f94c4b35cdc44b68f26fa8ef595efff"
    assert sign(body, "This is my secret key! 🔑") == expected


def test_the_card_page_escapes_and_asks_for_no_card(standin: RunningStandIn) -> None:
    made = PayClient(standin.url).create(description='<script>alert("x")</script>', amount=123456)
    page = requests.get(made["_links"]["next_url"]["href"], timeout=5)
    assert "<script" not in page.text
    assert "£1,234.56" in page.text
    assert "<input" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:9" in policy
    assert requests.get(f"{standin.url}/_assets/standin.css", timeout=5).status_code == 200


def test_an_unknown_address_has_a_page(standin: RunningStandIn) -> None:
    assert requests.get(f"{standin.url}/secure/none", timeout=5).status_code == 404
    assert requests.get(f"{standin.url}/none", timeout=5).status_code == 404


def test_a_finished_payment_has_no_buttons(standin: RunningStandIn) -> None:
    made = PayClient(standin.url).create()
    choose(made, "pay")
    assert "<button" not in requests.get(made["_links"]["next_url"]["href"], timeout=5).text


@pytest.mark.parametrize(
    ("outcome", "event_type"),
    [
        ("pay", "card_payment_succeeded"),
        ("decline", "card_payment_failed"),
        ("expire", "card_payment_expired"),
    ],
)
def test_a_signed_message_follows(standin: RunningStandIn, receiver: Receiver, outcome: str, event_type: str) -> None:
    made = PayClient(standin.url).create()
    choose(made, outcome)
    message = receiver.wait_for(1)[0]
    assert (message["event_type"], message["resource_id"]) == (event_type, made["payment_id"])
    raw, signature = receiver.messages[0]
    assert signature == sign(raw, SECRET)


def test_it_is_sent_again_until_taken(standin: RunningStandIn, receiver: Receiver) -> None:
    receiver.answer = 500
    choose(PayClient(standin.url).create(), "pay")
    receiver.wait_for(1)
    receiver.answer = 200
    messages = receiver.wait_for(2)
    assert messages[0]["webhook_message_id"] == messages[1]["webhook_message_id"]


def test_duplicate_drop_delay_and_before_return(standin: RunningStandIn, receiver: Receiver) -> None:
    pay = PayClient(standin.url)
    standin.faults.set_webhook("duplicate")
    choose(pay.create(), "pay")
    assert len({m["webhook_message_id"] for m in receiver.wait_for(2)}) == 1
    standin.faults.set_webhook("drop")
    choose(pay.create(), "pay")
    time.sleep(0.3)
    assert len(receiver.messages) == 2
    standin.faults.set_webhook("before-return")
    choose(pay.create(), "pay")
    assert len(receiver.messages) == 3
    standin.faults.set_webhook("delay", 600)
    choose(pay.create(), "pay")
    time.sleep(0.3)
    assert len(receiver.messages) == 3
    standin.clock.advance(601)
    assert len(receiver.wait_for(4)) == 4


def test_an_expired_payment_is_told_of(standin: RunningStandIn, receiver: Receiver) -> None:
    PayClient(standin.url).create()
    standin.clock.advance(91 * 60)
    assert receiver.wait_for(1)[0]["event_type"] == "card_payment_expired"


def test_the_process_starts_remembers_and_stops(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "onecouncil.payments.standin", "--port", str(port), "--data", str(tmp_path)]
    payment_id = ""
    for _ in range(2):
        process = subprocess.Popen([*command, "--api-key", KEY], stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert f":{port}" in process.stdout.readline()
        pay = PayClient(f"http://127.0.0.1:{port}")
        if payment_id:
            assert pay.state(payment_id)["status"] == "created"
        else:
            payment_id = pay.create()["payment_id"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        process.stdout.close()
