# SPDX-License-Identifier: MIT
"""API tokens and the room's HTTP API: scopes, ends, limits, CSRF, problem+json."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onecouncil.accounts import actions, throttle
from onecouncil.accounts.models import ApiToken, Person, RoleHolding
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.models import LimitCount
from onecouncil.core.permissions import may


def program(secret: str, **extra: Any) -> Client:
    """A client that sends the token, and checks CSRF as a real server does."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"}, **extra)


def token(actor: Actor, *scopes: str) -> str:
    return actions.create_token(actor, "test", scopes, 30)


def send(client: Client, method: str, path: str, body: object = None, **extra: Any) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json", **extra)


def test_alice_makes_a_token_sees_it_once_and_takes_it_back(signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    form = {"name": "my calendar", "scopes": ["own"], "days": "30"}
    asked = alice.post("/account/tokens", form)
    assert asked["Location"].startswith("/account/security/confirm")
    answer = alice.post("/account/security/confirm", {"password": "correct horse battery", "next": "/account/tokens"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/tokens")
    page = alice.get("/account/tokens").content.decode()
    secret = page.split("<code>")[1].split("</code>")[0]
    row = ApiToken.objects.get()
    assert secret.startswith(row.prefix) and secret not in (row.hash, row.name)
    assert secret not in alice.get("/account/tokens").content.decode(), "shown once"
    assert program(secret).get("/api/v1/me").json()["name"] == "Alice Example"
    assert alice.post(f"/account/tokens/{row.pk}/revoke").status_code == 303
    assert program(secret).get("/api/v1/me").status_code == 401


def test_nobody_gives_a_token_more_than_they_hold(people: dict[str, Actor]) -> None:
    from onecouncil.core.problems import Forbidden, Invalid, NotFound

    with pytest.raises(Invalid):
        token(people["alice"], "staff.manage")
    with pytest.raises(Invalid):
        token(people["alice"])
    as_token = Actor(kind="token", user_id=people["alice"].user_id, token_scopes=frozenset({"own"}))
    with pytest.raises(Forbidden):
        token(as_token, "own")
    token(people["alice"], "own")
    with pytest.raises(NotFound):
        actions.revoke_token(people["bob"], ApiToken.objects.get().pk)


def test_a_token_does_only_what_its_scopes_say(people: dict[str, Actor]) -> None:
    searching = program(token(people["ada"], "customer.search"))
    assert searching.get("/api/v1/me").json()["scopes"] == ["customer.search"]
    managing = program(token(people["addie"], "health.view"))
    assert managing.get("/api/v1/people").status_code == 403
    assert program(token(people["addie"], "staff.manage")).get("/api/v1/people").status_code == 200
    without_own = program(token(people["addie"], "staff.manage"))
    assert without_own.get("/api/v1/me/messages").status_code == 404


def test_a_token_loses_what_its_owner_loses(people: dict[str, Actor]) -> None:
    secret = token(people["addie"], "staff.manage")
    RoleHolding.objects.filter(user_id=people["addie"].user_id).delete()
    assert program(secret).get("/api/v1/people").status_code == 403


@pytest.mark.parametrize("change", [{"expires_at": now() - timedelta(days=1)}, {"revoked_at": now()}])
def test_a_dead_token_opens_nothing(people: dict[str, Actor], change: dict[str, Any]) -> None:
    secret = token(people["alice"], "own")
    ApiToken.objects.update(**change)
    answer = program(secret).get("/api/v1/me")
    assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"
    assert "Bearer" in answer["WWW-Authenticate"]


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Bearer oc_00000000_" + "a" * 32, "bearer \x00"])
def test_nonsense_is_no_token(db: None, header: str) -> None:
    assert Client(headers={"Authorization": header}).get("/api/v1/me").status_code == 401


def test_a_token_is_for_the_api_and_not_for_pages(people: dict[str, Actor]) -> None:
    assert program(token(people["addie"], "staff.manage")).get("/staff/people/").status_code == 302


def test_strangers_are_told_to_sign_in(db: None) -> None:
    for method, path in (("GET", "me"), ("PATCH", "me"), ("GET", "me/looks"), ("GET", "people")):
        answer = send(Client(), method, f"/api/v1/{path}", {})
        assert answer.status_code == 401 and answer.json()["title"] == "Sign in to do this"


def test_alice_changes_what_she_sends_and_nothing_else(people: dict[str, Actor]) -> None:
    alice = program(token(people["alice"], "own"))
    answer = send(alice, "PATCH", "/api/v1/me", {"date_of_birth": "1980-03-27"})
    assert answer.status_code == 200
    assert (answer.json()["date_of_birth"], answer.json()["phone"]) == ("1980-03-27", "07700 900001")
    bad = send(alice, "PATCH", "/api/v1/me", {"name": "", "phone": "12"})
    assert bad.status_code == 422
    assert {one["field"] for one in bad.json()["errors"]} == {"name", "phone"}
    assert Person.objects.get(pk=people["alice"].person_id).name == "Alice Example"
    moved = send(alice, "PUT", "/api/v1/me/address", {"line": "9 New Road, Larkmere", "postcode": "lm2 2bb"})
    assert moved.json()["address"] == {"uprn": "", "line": "9 New Road, Larkmere", "postcode": "LM2 2BB"}
    assert send(alice, "PUT", "/api/v1/me/address", {"uprn": "1"}).status_code == 422
    assert send(alice, "PUT", "/api/v1/me/address", "nonsense").status_code == 422


def test_a_browser_needs_the_csrf_token_and_a_program_does_not(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    body = {"phone": "07700 900999"}
    assert send(program(token(people["alice"], "own")), "PATCH", "/api/v1/me", body).status_code == 200
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.update(signed_in("alice").cookies)
    assert browser.get("/api/v1/me").status_code == 200
    refused = send(browser, "PATCH", "/api/v1/me", body)
    assert refused.status_code == 403 and refused["Content-Type"] == "application/problem+json"
    browser.get("/account/details")
    given = browser.cookies["csrftoken"].value
    assert send(browser, "PATCH", "/api/v1/me", body, headers={"X-CSRFToken": given}).status_code == 200


def test_a_token_beside_a_cookie_counts_as_the_token(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    client = program(token(people["alice"], "own"))
    client.cookies.update(signed_in("addie").cookies)
    assert client.get("/api/v1/people").status_code == 403
    assert client.get("/api/v1/me").json()["name"] == "Alice Example"


def test_programs_are_limited(people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "A_MINUTE", 3)
    client = program(token(people["alice"], "own"))
    assert [client.get("/api/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert int(client.get("/api/v1/me")["Retry-After"]) <= 60
    assert program(token(people["bob"], "own")).get("/api/v1/me").status_code == 200


def test_reading_without_a_token_writes_nothing_and_is_limited(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "A_MINUTE", 3)
    monkeypatch.setattr(throttle, "_counts", {})
    answers = [Client(REMOTE_ADDR="203.0.113.9").get("/api/v1/me").status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]
    assert Client(REMOTE_ADDR="203.0.113.10").get("/api/v1/me").status_code == 401
    assert not LimitCount.objects.exists()


def test_roles_are_given_and_taken(people: dict[str, Actor]) -> None:
    addie, bob = program(token(people["addie"], "staff.manage")), people["bob"].user_id
    answer = addie.post(f"/api/v1/people/{bob}/roles/adviser")
    assert answer.status_code == 200 and answer.json()["roles"] == ["adviser"]
    assert addie.post(f"/api/v1/people/{bob}/roles/king").status_code == 422
    assert addie.delete(f"/api/v1/people/{bob}/roles/adviser").status_code == 204
    assert addie.delete(f"/api/v1/people/{bob}/roles/adviser").status_code == 404
    last = addie.delete(f"/api/v1/people/{people['addie'].user_id}/roles/administrator")
    assert last.status_code == 409 and "at least one administrator" in last.json()["detail"]
    assert addie.post("/api/v1/people/999999/roles/adviser").status_code == 404


def test_the_scopes_narrow_the_table(people: dict[str, Actor]) -> None:
    narrowed = Actor(kind="token", user_id=1, roles=frozenset({"administrator"}), token_scopes=frozenset({"own"}))
    assert not may(narrowed, "staff.manage") and may(people["addie"], "staff.manage")


def test_a_list_of_staff_costs_the_same_for_many(
    people: dict[str, Actor], signed_in: Callable[[str], Client], django_assert_num_queries: Any
) -> None:
    addie = signed_in("addie")
    with django_assert_num_queries(5):
        addie.get("/api/v1/people")
    for n in range(30):
        actions.create_user(f"s{n}@example.org", None, f"Staff {n}", ["adviser"])
    with django_assert_num_queries(5):
        first = addie.get("/api/v1/people").json()
    rest = addie.get(f"/api/v1/people?after={first['next']}").json()
    assert len(first["items"]) == 20 and len(rest["items"]) == 16 and rest["next"] is None
