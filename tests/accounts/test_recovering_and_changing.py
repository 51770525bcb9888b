# SPDX-License-Identifier: MIT
"""Forgotten passwords, a new e-mail address, signing out elsewhere, closing the account."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client

from onecouncil.accounts.models import Person, RoleHolding, User
from onecouncil.core.actors import Actor
from onecouncil.core.models import EventRow, Message

from .conftest import PASSWORD

CodeSent = Callable[[str], str]
NEW = "staple battery horse"


def sign_in(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    answer = client.post("/sign-in", {"login": f"{name}@example.org", "password": password})
    assert answer.status_code == 303, answer.content.decode()[:500]
    return client


def test_alice_forgets_her_password(known: dict[str, Actor], code_sent: CodeSent, client: Client) -> None:
    answer = client.post("/recover", {"email": "alice@example.org"})
    assert (answer.status_code, answer["Location"]) == (303, "/recover/code")
    answer = client.post("/recover/code", {"code": code_sent("alice@example.org")})
    assert answer["Location"] == "/recover/new-password"
    weak = client.post("/recover/new-password", {"password1": "short"})
    assert weak.status_code == 422 and "Use 10 characters or more" in weak.content.decode()
    answer = client.post("/recover/new-password", {"password1": NEW})
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert client.get("/account/").status_code == 200
    assert Message.objects.filter(template="account-password-reset").exists()
    sign_in("alice", NEW)


def test_alice_changes_her_password(known: dict[str, Actor]) -> None:
    alice = sign_in("alice")
    wrong = alice.post("/account/security/password", {"oldpassword": "no", "password1": NEW})
    assert wrong.status_code == 422 and "This is not your password now" in wrong.content.decode()
    answer = alice.post("/account/security/password", {"oldpassword": PASSWORD, "password1": NEW})
    assert answer["Location"] == "/account/security/"
    assert "Your password is changed" in alice.get("/account/security/").content.decode()


def test_a_new_e_mail_address_counts_once_it_is_proved(known: dict[str, Actor], code_sent: CodeSent) -> None:
    alice = sign_in("alice")
    asked = alice.post("/account/security/email", {"email": "alice@new.example", "action_add": "yes"})
    assert asked["Location"].startswith("/account/security/confirm")
    answer = alice.post("/account/security/confirm", {"password": PASSWORD, "next": "/account/security/email"})
    assert answer["Location"] == "/confirm-email", "the form sent before is carried out now"
    assert User.objects.get(pk=known["alice"].user_id).email == "alice@example.org"
    alice.post("/confirm-email", {"code": code_sent("alice@new.example")})
    user = User.objects.get(pk=known["alice"].user_id)
    assert user.email == "alice@new.example"
    assert user.person is not None and user.person.email == "alice@new.example"
    assert Message.objects.filter(template="account-email-changed", address="alice@example.org").exists()
    assert EventRow.objects.filter(type="person.details_changed", data__fields=["email"]).count() == 1


def test_signing_out_everywhere_else(known: dict[str, Actor]) -> None:
    phone, laptop = sign_in("alice"), sign_in("alice")
    assert "Sign out everywhere else" in laptop.get("/account/security/sessions").content.decode()
    assert laptop.post("/account/security/sessions").status_code == 303
    assert phone.get("/account/").status_code == 302
    assert laptop.get("/account/").status_code == 200


def close(client: Client) -> None:
    asked = client.post("/account/close", {"sure": "yes"})
    assert asked["Location"].startswith("/account/security/confirm"), "the password is asked once more"
    answer = client.post("/account/security/confirm", {"password": PASSWORD, "next": "/account/close"})
    assert (answer.status_code, answer["Location"]) == (303, "/account-closed")


def test_alice_closes_her_account(known: dict[str, Actor]) -> None:
    elsewhere, alice = sign_in("alice"), sign_in("alice")
    close(alice)
    assert elsewhere.get("/account/").status_code == 302
    user, person = User.objects.get(pk=known["alice"].user_id), Person.objects.get(pk=known["alice"].person_id)
    assert not user.is_active and user.name == "" and "alice" not in user.email
    assert (person.email, person.phone, person.address, person.postcode, person.uprn) == ("", "", "", "", "")
    assert person.name == "Alice Example", "the name stays with what the law has us keep"
    assert person.closed_at is not None
    assert not EmailAddress.objects.filter(user=user).exists() and not UserSession.objects.filter(user=user).exists()
    assert EventRow.objects.get(type="person.closed").data == {"person_id": known["alice"].person_id}


def test_closing_needs_the_tick(known: dict[str, Actor]) -> None:
    alice = sign_in("alice")
    alice.post("/account/security/confirm", {"password": PASSWORD})
    page = alice.post("/account/close", {})
    assert page.status_code == 422 and "Tick the box" in page.content.decode()
    assert User.objects.get(pk=known["alice"].user_id).is_active


def test_the_last_administrator_stays(known: dict[str, Actor]) -> None:
    addie = sign_in("addie")
    addie.post("/account/security/confirm", {"password": PASSWORD})
    page = addie.post("/account/close", {"sure": "yes"})
    assert page.status_code == 422 and "at least one administrator" in page.content.decode()
    assert RoleHolding.objects.filter(role="administrator").exists()
