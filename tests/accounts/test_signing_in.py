# SPDX-License-Identifier: MIT
"""Signing up and in: by code, by password; where one goes afterwards; what is refused, and how."""

from collections.abc import Callable

import pytest
from django.test import Client

from onecouncil.accounts.models import Person, User
from onecouncil.core.actors import Actor
from onecouncil.core.models import EventRow, Message

from .conftest import PASSWORD

CodeSent = Callable[[str], str]


def test_dora_signs_up_with_a_code_alone(client: Client, code_sent: CodeSent) -> None:
    answer = client.post("/create-account?next=/apply/abc", {"name": " Dora  Day ", "email": "Dora@example.org"})
    assert (answer.status_code, answer["Location"]) == (303, "/confirm-email")
    assert not Person.objects.exists(), "nobody is a person before the address is proved"
    answer = client.post("/confirm-email", {"code": code_sent("dora@example.org")})
    assert (answer.status_code, answer["Location"]) == (303, "/apply/abc")
    user = User.objects.get(email="dora@example.org")
    assert user.name == "Dora Day" and user.person is not None
    assert not user.has_usable_password()
    told = EventRow.objects.get(type="person.registered")
    assert told.data == {"person_id": str(user.person_id), "linked": False, "signs_in": True}
    assert client.get("/account/").status_code == 200


def test_dora_signs_up_with_a_password_and_signs_in_with_it(client: Client, code_sent: CodeSent) -> None:
    client.post("/create-account", {"name": "Dora Day", "email": "dora@example.org", "password1": PASSWORD})
    client.post("/confirm-email", {"code": code_sent("dora@example.org")})
    client.post("/sign-out")
    assert client.get("/account/").status_code == 302
    answer = client.post("/sign-in", {"login": "dora@example.org", "password": PASSWORD, "next": "/account/details"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/details")


def test_a_person_staff_wrote_down_is_the_same_person_after_sign_up(client: Client, code_sent: CodeSent) -> None:
    from onecouncil.core.calendar import now

    written = Person.objects.create(name="Dora Day", email="dora@example.org", created_at=now())
    client.post("/create-account", {"name": "Dora Day", "email": "dora@example.org"})
    client.post("/confirm-email", {"code": code_sent("dora@example.org")})
    assert User.objects.get(email="dora@example.org").person == written
    assert EventRow.objects.get(type="person.registered").data["linked"] is True


def test_two_people_under_one_address_are_not_guessed_between(client: Client, code_sent: CodeSent) -> None:
    from onecouncil.core.calendar import now

    for name in ("Dora Day", "Dick Day"):
        Person.objects.create(name=name, email="days@example.org", created_at=now())
    client.post("/create-account", {"name": "Dora Day", "email": "days@example.org"})
    client.post("/confirm-email", {"code": code_sent("days@example.org")})
    assert Person.objects.count() == 3


def test_alice_signs_in_with_a_code_and_goes_on_where_she_was(
    client: Client, known: dict[str, Actor], code_sent: CodeSent
) -> None:
    asked = client.get("/account/details")
    assert asked["Location"] == "/sign-in?next=%2Faccount%2Fdetails"
    assert "/sign-in/code?next=%2Faccount%2Fdetails" in client.get(asked["Location"]).content.decode()
    answer = client.post("/sign-in/code", {"email": "alice@example.org", "next": "/account/details"})
    assert answer["Location"] == "/sign-in/code/confirm?next=%2Faccount%2Fdetails"
    code = code_sent("alice@example.org")
    answer = client.post(answer["Location"], {"code": code, "next": "/account/details"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/details")


def test_a_password_set_for_somebody_elses_address_opens_nothing_later(client: Client, code_sent: CodeSent) -> None:
    """Mallory signs up with Dora's address and waits for Dora to prove it."""
    mallory, dora = Client(), Client()
    mallory.post("/create-account", {"name": "Dora Day", "email": "dora@example.org", "password1": PASSWORD})
    dora.post("/sign-in/code", {"email": "dora@example.org"})
    assert dora.post("/sign-in/code/confirm", {"code": code_sent("dora@example.org")})["Location"] == "/account/"
    assert not User.objects.get(email="dora@example.org").has_usable_password()
    assert mallory.get("/account/").status_code == 302
    answer = Client().post("/sign-in", {"login": "dora@example.org", "password": PASSWORD})
    assert answer.status_code == 422


def test_a_password_is_kept_when_its_owner_signs_in_by_code(
    client: Client, known: dict[str, Actor], code_sent: CodeSent
) -> None:
    for name in ("alice", "ada"):
        fresh = Client()
        fresh.post("/sign-in/code", {"email": f"{name}@example.org"})
        fresh.post("/sign-in/code/confirm", {"code": code_sent(f"{name}@example.org")})
        assert User.objects.get(email=f"{name}@example.org").has_usable_password()


def test_a_wrong_code_is_refused_and_three_end_the_try(
    client: Client, known: dict[str, Actor], code_sent: CodeSent
) -> None:
    client.post("/sign-in/code", {"email": "alice@example.org"})
    right = code_sent("alice@example.org")
    wrong = "000000" if right != "000000" else "111111"
    page = client.post("/sign-in/code/confirm", {"code": wrong})
    assert page.status_code == 422
    assert "That code is not right" in page.content.decode() and "<title>Error: " in page.content.decode()
    client.post("/sign-in/code/confirm", {"code": wrong})
    client.post("/sign-in/code/confirm", {"code": wrong})
    client.post("/sign-in/code/confirm", {"code": right})
    assert client.get("/account/").status_code == 302


def test_a_stranger_cannot_learn_who_has_an_account(client: Client, known: dict[str, Actor]) -> None:
    for page, field in (("/sign-in/code", "email"), ("/recover", "email")):
        ours = client.post(page, {field: "alice@example.org"})
        theirs = Client().post(page, {field: "nobody@example.org"})
        assert (ours.status_code, ours["Location"]) == (theirs.status_code, theirs["Location"])
    answer = Client().post("/create-account", {"name": "X Y", "email": "alice@example.org", "password1": PASSWORD})
    assert answer["Location"] == "/confirm-email"
    told = Message.objects.filter(address="alice@example.org").order_by("-pk").first()
    assert told is not None and told.subject == "You already have an account"


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("name", "", "Enter your full name"),
        ("name", "http://evil.example", "web or e-mail address"),
        ("email", "not-an-address", "Enter an e-mail address like name@example.com"),
        ("password1", "short", "Use 10 characters or more"),
        ("password1", "password123", "Choose a password that is harder to guess"),
    ],
)
def test_bad_input_says_so_beside_the_field_and_keeps_the_rest(
    client: Client, db: None, field: str, value: str, words: str
) -> None:
    given = {"name": "Dora Day", "email": "dora@example.org", "password1": PASSWORD, field: value}
    page = client.post("/create-account", given)
    html = page.content.decode()
    assert page.status_code == 422
    assert html.count(words) == 2, "once in the summary, once beside the field"
    assert f'href="#id_{field}"' in html
    assert ("dora@example.org" in html) or field == "email"
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "http://localhost:9/", "javascript:a()"]
)
def test_next_never_leads_elsewhere(client: Client, known: dict[str, Actor], elsewhere: str) -> None:
    answer = client.post("/sign-in", {"login": "alice@example.org", "password": PASSWORD, "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (303, "/account/")


def test_signing_out_is_a_post(client: Client, signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    assert alice.get("/sign-out").status_code == 200
    assert alice.get("/account/").status_code == 200
    answer = alice.post("/sign-out")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert alice.get("/account/").status_code == 302


def test_five_wrong_passwords_close_the_door_for_a_while(client: Client, known: dict[str, Actor]) -> None:
    for _ in range(5):
        page = client.post("/sign-in", {"login": "addie@example.org", "password": "wrong wrong wrong"})
        assert page.status_code == 422
    page = client.post("/sign-in", {"login": "addie@example.org", "password": PASSWORD})
    assert page.status_code == 422 and "You tried too many times" in page.content.decode()
    other = client.post("/sign-in", {"login": "alice@example.org", "password": PASSWORD})
    assert other.status_code == 303, "another person is not held up"


def test_codes_are_sent_three_times_a_minute_at_most(client: Client, known: dict[str, Actor]) -> None:
    for _ in range(3):
        assert Client().post("/sign-in/code", {"email": "alice@example.org"}).status_code == 303
    assert Client().post("/sign-in/code", {"email": "alice@example.org"}).status_code == 422
    assert Message.objects.filter(address="alice@example.org").count() == 3


def test_sign_ups_from_one_address_are_limited(client: Client, db: None) -> None:
    for _ in range(20):
        client.post("/create-account", {"name": ""})
    page = client.post("/create-account", {"name": ""})
    assert page.status_code == 429 and "Too many tries" in page.content.decode()


def test_the_limits_hold_over_processes(settings: object, known: dict[str, Actor], client: Client) -> None:
    from django.core.cache import cache
    from django.db import connection

    client.post("/sign-in", {"login": "alice@example.org", "password": "wrong wrong wrong"})
    assert cache.__class__.__name__ == "ConnectionProxy"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache")
        assert cursor.fetchone()[0] >= 1, "counts are rows, not this process's memory"


def test_the_sign_in_page_costs_no_query(client: Client, db: None, django_assert_max_num_queries: Callable) -> None:
    with django_assert_max_num_queries(0):
        assert client.get("/sign-in").status_code == 200


def test_a_closed_account_cannot_sign_in(client: Client, known: dict[str, Actor]) -> None:
    User.objects.filter(email="alice@example.org").update(is_active=False)
    answer = client.post("/sign-in", {"login": "alice@example.org", "password": PASSWORD})
    assert answer["Location"] == "/sign-in/closed"
    assert client.get("/sign-in/closed").status_code == 200
