# SPDX-License-Identifier: MIT
"""The stand-in answers as the contract of GOV.UK Pay says. Real HTTP on loopback; every body is validated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from onecouncil.payments.standin.server import RunningStandIn, Settings

from .pay_api import CONTRACT, KEY, PayClient, choose, payment_body


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[RunningStandIn]:
    running = RunningStandIn(Settings(data=tmp_path / "pay.sqlite3", api_key=KEY, testing=True)).start()
    yield running
    running.stop()


@pytest.fixture
def pay(standin: RunningStandIn) -> PayClient:
    return PayClient(standin.url)


def test_a_payment_is_created_and_found(pay: PayClient) -> None:
    made = pay.create(email="alice@example.org", metadata={"bill": "B1", "lines": 2})
    assert made["state"] == {"status": "created", "finished": False}
    assert len(made["payment_id"]) == 26
    found = pay.get(f"/v1/payments/{made['payment_id']}").json()
    assert found["amount"] == 2500
    assert found["metadata"] == {"bill": "B1", "lines": 2}
    assert found["refund_summary"] == {"status": "pending", "amount_available": 0, "amount_submitted": 0}


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"amount": None}, 400, "P0101", "amount"),
        ({"reference": None}, 400, "P0101", "reference"),
        ({"return_url": None}, 400, "P0101", "return_url"),
        ({"amount": "12"}, 400, "P0102", "amount"),
        ({"amount": True}, 400, "P0102", "amount"),
        ({"amount": 10_000_001}, 422, "P0102", "amount"),
        ({"amount": -1}, 422, "P0102", "amount"),
        ({"description": "x" * 256}, 422, "P0102", "description"),
        ({"return_url": "nowhere"}, 422, "P0102", "return_url"),
        ({"language": "fr"}, 422, "P0102", "language"),
        ({"email": "not an email"}, 422, "P0102", "email"),
        ({"authorisation_mode": "moto_api"}, 422, "P0102", "authorisation_mode"),
        ({"metadata": {"a": {"b": 1}}}, 422, "P0102", "metadata"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(
    pay: PayClient, change: dict[str, object], status: int, code: str, field: str
) -> None:
    answer = pay.post("/v1/payments", json=payment_body(**change))
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
    assert pay.get("/v1/payments").json()["total"] == 0


def test_every_path_it_answers_is_in_the_contract(standin: RunningStandIn) -> None:
    promised = {
        (method.upper(), path.replace("{paymentId}", "P").replace("{refundId}", "R"))
        for path, methods in CONTRACT["paths"].items()
        for method in methods
    }
    ours = {
        (method, re.sub(r"\(\?P<payment_id>[^)]*\)", "P", re.sub(r"\(\?P<refund_id>[^)]*\)", "R", pattern)))
        for method, pattern, *_ in standin.app._api
    }
    assert ours <= promised
    assert len(ours) == 10


def test_what_is_not_json_and_what_is_not_there(pay: PayClient) -> None:
    assert pay.post("/v1/payments", data="{").json()["code"] == "P0197"
    assert pay.get("/v1/payments/nothing").json()["code"] == "P0200"
    assert pay.get("/v1/payments/nothing/events").json()["code"] == "P0300"
    assert pay.post("/v1/payments/nothing/cancel").json()["code"] == "P0500"
    assert pay.post("/v1/payments/nothing/capture").json()["code"] == "P1000"
    assert pay.post("/v1/payments/nothing/refunds", json={"amount": 1}).json()["code"] == "P0600"


def test_without_the_key_nothing_is_told(standin: RunningStandIn) -> None:
    for key in ("", "wrong", "test-key2"):
        assert PayClient(standin.url, key).get("/v1/payments").status_code == 401


@pytest.mark.parametrize(
    ("outcome", "status", "code", "event_states"),
    [
        ("pay", "success", None, ["created", "started", "submitted", "success"]),
        ("decline", "failed", "P0010", ["created", "started", "submitted", "failed"]),
        ("cancel", "failed", "P0030", ["created", "started", "failed"]),
        ("expire", "failed", "P0020", ["created", "started", "failed"]),
        ("error", "error", "P0050", ["created", "started", "submitted", "error"]),
    ],
)
def test_each_ending_of_a_payment(
    pay: PayClient, outcome: str, status: str, code: str | None, event_states: list[str]
) -> None:
    made = pay.create()
    back = choose(made, outcome)
    assert (back.status_code, back.headers["Location"]) == (303, "http://127.0.0.1:9/pay/return")
    state = pay.state(made["payment_id"])
    assert (state["status"], state.get("code"), state["finished"]) == (status, code, True)
    events = pay.get(f"/v1/payments/{made['payment_id']}/events").json()["events"]
    assert [e["state"]["status"] for e in events] == event_states


def test_a_second_press_changes_nothing(pay: PayClient) -> None:
    made = pay.create()
    choose(made, "decline")
    assert choose(made, "pay").status_code == 303
    assert pay.state(made["payment_id"])["code"] == "P0010"


def test_nobody_pays_in_90_minutes(pay: PayClient, standin: RunningStandIn) -> None:
    made = pay.create()
    standin.clock.advance(90 * 60 - 10)
    assert pay.state(made["payment_id"])["status"] == "created"
    standin.clock.advance(11)
    assert pay.state(made["payment_id"])["code"] == "P0020"
    assert choose(made, "pay").status_code == 303
    assert pay.state(made["payment_id"])["code"] == "P0020"


def test_the_service_cancels(pay: PayClient) -> None:
    made = pay.create()
    at = f"/v1/payments/{made['payment_id']}/cancel"
    assert pay.post(at).status_code == 204
    assert pay.state(made["payment_id"])["code"] == "P0040"
    assert pay.post(at).json()["code"] == "P0501"


def test_delayed_capture(pay: PayClient, standin: RunningStandIn) -> None:
    made, left = pay.create(delayed_capture=True), pay.create(delayed_capture=True)
    for payment in (made, left):
        choose(payment, "pay")
        assert pay.state(payment["payment_id"]) == {"status": "capturable", "finished": False}
    at = f"/v1/payments/{made['payment_id']}/capture"
    assert (pay.post(at).status_code, pay.post(at).json()["code"]) == (204, "P1003")
    assert pay.state(made["payment_id"])["status"] == "success"
    standin.clock.advance(121 * 3600)
    assert pay.state(left["payment_id"])["code"] == "P0020"


def test_refunds_are_locked_by_the_amount_available(pay: PayClient) -> None:
    made = pay.create(amount=1000)
    at = f"/v1/payments/{made['payment_id']}/refunds"
    early = pay.post(at, json={"amount": 1, "refund_amount_available": 1000})
    assert (early.status_code, early.json()["code"]) == (400, "P0603")
    choose(made, "pay")
    first = pay.post(at, json={"amount": 400, "refund_amount_available": 1000})
    assert (first.status_code, first.json()["status"]) == (202, "submitted")
    again = pay.post(at, json={"amount": 400, "refund_amount_available": 1000})
    assert (again.status_code, again.json()["code"]) == (412, "P0604")
    much = pay.post(at, json={"amount": 601, "refund_amount_available": 600})
    assert (much.status_code, much.json()["code"]) == (400, "P0603")
    assert pay.post(at, json={"amount": 600, "refund_amount_available": 600}).status_code == 202
    summary = pay.get(f"/v1/payments/{made['payment_id']}").json()["refund_summary"]
    assert summary == {"status": "full", "amount_available": 0, "amount_submitted": 1000}
    listed = pay.get(at).json()["_embedded"]["refunds"]
    assert [(r["amount"], r["status"]) for r in listed] == [(400, "success"), (600, "success")]
    assert pay.get(f"{at}/{first.json()['refund_id']}").json()["amount"] == 400
    assert pay.get(f"{at}/none").json()["code"] == "P0700"
    assert pay.get("/v1/refunds").json()["total"] == 2


def test_search_by_reference_and_by_page(pay: PayClient, standin: RunningStandIn) -> None:
    ids = [pay.create(reference=f"R-{n % 2}", email=f"p{n}@example.org")["payment_id"] for n in range(5)]
    odd = pay.get("/v1/payments", params={"reference": "R-1"}).json()
    assert [p["payment_id"] for p in odd["results"]] == [ids[3], ids[1]]
    assert "next_url" not in odd["results"][0]["_links"]
    second = pay.get("/v1/payments", params={"page": 2, "display_size": 2}).json()
    assert (second["total"], second["count"], second["page"]) == (5, 2, 2)
    assert {"prev_page", "next_page", "first_page", "last_page", "self"} == set(second["_links"])
    assert pay.get("/v1/payments?page=9&display_size=2").json()["code"] == "P0402"
    assert pay.get("/v1/payments?display_size=501").json()["code"] == "P0401"
    assert pay.get("/v1/payments?from_date=yesterday").json()["code"] == "P0401"
    assert pay.get("/v1/payments?email=p3@").json()["total"] == 1
    assert pay.get("/v1/payments?state=created").json()["total"] == 5
    standin.faults.search_lag = 3600
    assert pay.get("/v1/payments").json()["total"] == 0


def test_faults_over_http_and_only_with_the_key(pay: PayClient, standin: RunningStandIn) -> None:
    plan = {"api": [{"operation": "create", "kind": "429"}, {"operation": "get", "kind": "500"}]}
    url = f"{standin.url}/_faults"
    assert requests.post(url, json=plan, timeout=5).status_code == 401
    assert requests.post(url, json=plan, headers=pay.headers, timeout=5).status_code == 204
    assert pay.post("/v1/payments", json=payment_body()).json()["code"] == "P0900"
    made = pay.create()
    assert pay.get(f"/v1/payments/{made['payment_id']}").status_code == 500
    assert pay.get(f"/v1/payments/{made['payment_id']}").status_code == 200
    bad = requests.post(url, json={"webhook": "sing"}, headers=pay.headers, timeout=5)
    assert bad.status_code == 422


def test_the_answer_is_lost_after_the_work_was_done(pay: PayClient, standin: RunningStandIn) -> None:
    standin.faults.add("create", "lost-answer")
    with pytest.raises(requests.ConnectionError):
        pay.create(reference="LOST")
    assert pay.get("/v1/payments", params={"reference": "LOST"}).json()["total"] == 1
    standin.faults.add("create", "lost-request")
    with pytest.raises(requests.ConnectionError):
        pay.create(reference="NEVER")
    assert pay.get("/v1/payments", params={"reference": "NEVER"}).json()["total"] == 0


def test_the_switches_are_shut_outside_tests(tmp_path: Path) -> None:
    running = RunningStandIn(Settings(data=tmp_path / "pay.sqlite3", api_key=KEY)).start()
    try:
        answer = requests.post(f"{running.url}/_faults", json={}, headers={"Authorization": f"Bearer {KEY}"}, timeout=5)
        assert answer.status_code == 404
    finally:
        running.stop()
