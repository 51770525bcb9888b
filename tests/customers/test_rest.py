# SPDX-License-Identifier: MIT
"""Customers over HTTP: the same purpose, the same log, the same refusals, as problem+json."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from onecouncil.core import audit
from onecouncil.core.actors import Actor
from tests.customers.conftest import add_bill, add_case, write_to

SignedIn = Callable[[str], Client]
API = "/api/v1/customers"
JSON = "application/json"


def test_find_state_the_purpose_read(signed_in: SignedIn, alice: str) -> None:
    add_case(alice, "LM-AAAA-AAA1")
    add_bill(alice, "LM-BBBB-BBB1")
    ada = signed_in("ada")
    found = ada.get(API, {"q": "alice"}).json()
    assert [one["id"] for one in found["results"]] == [alice] and found["next_after"] == ""
    refused = ada.get(f"{API}/{alice}")
    assert refused.status_code == 403 and refused["Content-Type"] == "application/problem+json"
    assert f"/api/v1/customers/{alice}/looks" in refused.json()["detail"]
    assert ada.post(f"{API}/{alice}/looks", {"purpose": "casework"}, JSON).status_code == 201
    held = ada.get(f"{API}/{alice}").json()
    assert (held["person"]["name"], held["owed_pence"], len(held["open_cases"])) == ("Alice Example", 3200, 1)
    assert [look.purpose for look in audit.looks_at(alice)] == [audit.PURPOSES["casework"]]


def test_a_look_holds_half_an_hour_for_one_user_and_one_person(
    signed_in: SignedIn, people: dict[str, Actor], alice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = signed_in("ada")
    ada.post(f"{API}/{alice}/looks", {"purpose": "casework"}, JSON)
    assert ada.get(f"{API}/{people['bob'].person_id}").status_code == 403
    assert signed_in("cass").get(f"{API}/{alice}/timeline").status_code == 403
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert ada.get(f"{API}/{alice}").status_code == 403


def test_the_timeline_turns_by_key(signed_in: SignedIn, alice: str) -> None:
    for number in range(7):
        write_to(alice, number)
    ada, told, after = signed_in("ada"), [], ""
    ada.post(f"{API}/{alice}/looks", {"purpose": "enquiry"}, JSON)
    for _ in range(5):
        page = ada.get(f"{API}/{alice}/timeline", {"size": 3, "after": after}).json()
        told += [line["title"] for line in page["results"]]
        after = page["next_after"]
        if not after:
            break
    assert told == [f"E-mail: Letter {number}" for number in range(6, -1, -1)]


def test_writing_down_and_correcting(signed_in: SignedIn, db: None) -> None:
    ada = signed_in("ada")
    made = ada.post(API, {"name": "Nora Phone", "phone": "07700 900123"}, JSON)
    assert made.status_code == 201
    person_id = made.json()["id"]
    body = {"name": "Nora Fone"}
    assert ada.put(f"{API}/{person_id}", body, JSON).status_code == 403
    ada.post(f"{API}/{person_id}/looks", {"purpose": "quality"}, JSON)
    assert ada.put(f"{API}/{person_id}", body, JSON).status_code == 204
    assert ada.get(f"{API}/{person_id}").json()["person"]["name"] == "Nora Fone"


@pytest.mark.parametrize("body", [{}, {"purpose": "curiosity"}, {"purpose": None}])
def test_a_bad_purpose_is_a_problem(signed_in: SignedIn, alice: str, body: dict[str, object]) -> None:
    answer = signed_in("ada").post(f"{API}/{alice}/looks", body, JSON)
    assert answer.status_code == 422 and answer.json()["errors"]


@pytest.mark.parametrize("name", ["alice", "bob", "fin", "ed", "addie"])
def test_other_roles_are_refused(signed_in: SignedIn, alice: str, name: str) -> None:
    client = signed_in(name)
    assert client.get(API, {"q": "a"}).status_code == 403
    assert client.get(f"{API}/{alice}").status_code == 403
    assert client.get(f"{API}/{alice}/timeline").status_code == 403
    assert client.post(f"{API}/{alice}/looks", {"purpose": "enquiry"}, JSON).status_code == 403
    assert client.post(API, {"name": "X Y"}, JSON).status_code == 403


def test_asking_for_nothing_finds_nobody(signed_in: SignedIn, alice: str) -> None:
    assert signed_in("ada").get(API).json() == {"results": [], "next_after": ""}


def test_nobody_is_asked_to_sign_in(client: Client, alice: str) -> None:
    assert client.get(API, {"q": "a"}).status_code == 401
    assert client.get(f"{API}/{alice}").status_code == 401
