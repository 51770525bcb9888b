# SPDX-License-Identifier: MIT
"""Reference and postcode, without an account: the same answer for a wrong one of either, and not too many tries."""

import re
from collections.abc import Callable

import pytest
from django.core import signing
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework import access
from onecouncil.core.messaging import messages_about

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[str], Client]


def ask(client: Client, reference: str, postcode: str) -> tuple[int, str]:
    response = client.post("/track", {"reference": reference, "postcode": postcode})
    page = re.sub(r'value="[^"]*"', "", response.content.decode())
    return response.status_code, page


def test_both_right_shows_the_case_and_takes_a_reply(hand_in: HandIn, signed_in: SignedIn) -> None:
    reference = hand_in(by="")
    assert f"/track?reference={reference}" in messages_about(reference)[0].body
    dora = Client()
    response = dora.post("/track", {"reference": reference.lower().replace("-", " "), "postcode": "lm11aa"})
    assert (response.status_code, response["Location"]) == (303, f"/track/{reference}")
    page = dora.get(f"/track/{reference}").content.decode()
    assert "We check the round within 1 working day" in page
    assert "Withdraw it" not in page, "withdrawing needs an account"
    led = dora.post(f"/track/{reference}/message", {"message": "It is still full"})
    assert led.status_code == 303
    assert "We have your message" in dora.get(led["Location"]).content.decode()
    assert "It is still full" in signed_in("cass").get(f"/staff/cases/{reference}").content.decode()
    assert dora.post(f"/track/{reference}/message", {"message": ""}).status_code == 422
    assert Client().get(f"/track/{reference}").status_code == 303, "another browser has no leave"


def test_wrong_reference_and_wrong_postcode_are_told_alike(hand_in: HandIn) -> None:
    reference, other = hand_in(), hand_in(by="bob", postcode="LM9 9ZZ")
    answers = {
        ask(Client(), reference, "LM9 9ZZ"),
        ask(Client(), "LM-0000-0000", "LM1 1AA"),
        ask(Client(), "nonsense", "LM1 1AA"),
        ask(Client(), other, "LM1 1AA"),
        ask(Client(), reference, "!"),
    }
    assert len(answers) == 1
    status, page = answers.pop()
    assert status == 422
    assert "We could not find a request with that reference and postcode" in page


def test_a_case_without_a_postcode_cannot_be_tracked(hand_in: HandIn) -> None:
    assert ask(Client(), hand_in(postcode=""), "")[0] == 422
    assert ask(Client(), hand_in(postcode=""), " ")[0] == 422


def test_not_too_many_tries(hand_in: HandIn) -> None:
    reference = hand_in()
    tries = [Client().post("/track", {"reference": reference, "postcode": "LM9 9ZZ"}).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]
    assert Client().post("/track", {"reference": reference, "postcode": "LM1 1AA"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/track", {"reference": reference, "postcode": "LM1 1AA"}).status_code == 429
    api = Client(REMOTE_ADDR="203.0.113.10").post(
        "/api/v1/track", {"reference": reference, "postcode": "LM1 1AA"}, content_type="application/json"
    )
    assert api.status_code == 429
    assert int(api["Retry-After"]) > 0


def test_leave_runs_out_and_cannot_be_forged(hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = hand_in()
    dora = Client()
    ask(dora, reference, "LM1 1AA")
    assert dora.get(f"/track/{reference}").status_code == 200
    monkeypatch.setattr(access, "GRANT_SECONDS", -1)
    assert dora.get(f"/track/{reference}").status_code == 303
    assert dora.post(f"/track/{reference}/message", {"message": "hello"}).status_code == 303
    assert case_of(reference).replied_at is None
    assert access.read_grant(signing.dumps(reference, salt="something.else")) is None


def test_leave_for_one_case_is_not_leave_for_another(hand_in: HandIn) -> None:
    mine, other = hand_in(by=""), hand_in(by="bob")
    dora = Client()
    ask(dora, mine, "LM1 1AA")
    assert dora.get(f"/track/{other}").status_code == 303


def test_the_http_api_tells_the_state_and_no_name(hand_in: HandIn) -> None:
    reference = hand_in()
    body = {"reference": reference, "postcode": "LM1 1AA"}
    answer = Client().post("/api/v1/track", body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["stage"] == "Received"
    assert "Alice" not in answer.content.decode()
    wrong = Client().post("/api/v1/track", {**body, "postcode": "LM2 2BB"}, content_type="application/json")
    missing = Client().post("/api/v1/track", {**body, "reference": "LM-1"}, content_type="application/json")
    assert wrong.status_code == missing.status_code == 404
    assert wrong.json() == missing.json()
