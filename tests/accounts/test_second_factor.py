# SPDX-License-Identifier: MIT
"""Authenticator apps, recovery codes, and the second factor that staff need outside the demo."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from onecouncil.accounts.models import User
from onecouncil.core.actors import Actor
from onecouncil.core.models import Message

from .conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"


def app_code(secret: str = SECRET, steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds on (one code is good once)."""
    now = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, now + steps))


def sign_in(name: str) -> Any:
    client = Client()
    return client, client.post("/sign-in", {"login": f"{name}@example.org", "password": PASSWORD})


def give_app(name: str) -> None:
    TOTP.activate(User.objects.get(email=f"{name}@example.org"), SECRET)


def test_alice_sets_up_an_app_and_then_needs_it(
    known: dict[str, Actor], django_capture_on_commit_callbacks: Any
) -> None:
    alice, _ = sign_in("alice")
    asked = alice.get("/account/security/app")
    assert asked["Location"].startswith("/account/security/confirm?")
    answer = alice.post(asked["Location"], {"password": PASSWORD, "next": "/account/security/app"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/security/app")
    page = alice.get("/account/security/app")
    secret = page.context["form"].secret if page.context else alice.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    wrong = alice.post("/account/security/app", {"code": "000000"})
    assert wrong.status_code == 422 and "That code is not right" in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = alice.post("/account/security/app", {"code": app_code(secret)})
    assert answer["Location"] == "/account/security/recovery-codes"
    codes = alice.get("/account/security/recovery-codes").content.decode()
    assert codes.count("<li><strong>") == 10
    assert Message.objects.filter(template="account-totp-activated", address="alice@example.org").exists()
    again, answer = sign_in("alice")
    assert answer["Location"] == "/sign-in/second-step"
    assert again.get("/account/").status_code == 302
    answer = again.post("/sign-in/second-step", {"code": app_code(secret, 1)})
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert again.get("/account/").status_code == 200


def test_a_recovery_code_works_once(known: dict[str, Actor]) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    give_app("alice")
    code = RecoveryCodes.activate(User.objects.get(email="alice@example.org")).get_unused_codes()[0]
    first, _ = sign_in("alice")
    assert first.post("/sign-in/second-step", {"code": code})["Location"] == "/account/"
    second, _ = sign_in("alice")
    assert second.post("/sign-in/second-step", {"code": code}).status_code == 422


def test_the_way_goes_on_after_the_second_step(known: dict[str, Actor]) -> None:
    give_app("alice")
    client = Client()
    client.post("/sign-in", {"login": "alice@example.org", "password": PASSWORD, "next": "/account/details"})
    assert client.post("/sign-in/second-step", {"code": app_code()})["Location"] == "/account/details"


def test_in_the_demo_staff_go_straight_to_their_desk(known: dict[str, Actor]) -> None:
    addie, _ = sign_in("addie")
    assert addie.get("/staff/people/").status_code == 200


def test_outside_the_demo_staff_are_led_to_set_one_up(known: dict[str, Actor], settings: Any) -> None:
    settings.DEMO = False
    addie, _ = sign_in("addie")
    answer = addie.get("/staff/people/?q=a")
    assert (answer.status_code, answer["Location"]) == (
        303,
        "/account/security/second-step?next=%2Fstaff%2Fpeople%2F%3Fq%3Da",
    )
    page = addie.get(answer["Location"])
    assert page.status_code == 200 and "Set up an authenticator app" in page.content.decode()
    assert addie.post("/staff/people/add", {"name": "x"}).status_code == 303
    refused = addie.get("/api/v1/people")
    assert refused.status_code == 403 and refused["Content-Type"] == "application/problem+json"
    assert addie.get("/api/v1/me").json()["roles"] == ["resident"]


def test_outside_the_demo_a_second_factor_opens_the_desk(known: dict[str, Actor], settings: Any) -> None:
    settings.DEMO = False
    give_app("addie")
    addie, answer = sign_in("addie")
    assert answer["Location"] == "/sign-in/second-step"
    addie.post("/sign-in/second-step", {"code": app_code()})
    assert addie.get("/staff/people/").status_code == 200
    assert addie.get("/api/v1/people").status_code == 200


def test_a_factor_set_up_in_this_sign_in_is_asked_for_once(known: dict[str, Actor], settings: Any) -> None:
    settings.DEMO = False
    addie, _ = sign_in("addie")
    give_app("addie")
    led = addie.get("/account/security/second-step?next=/staff/people/")
    assert led["Location"] == "/account/security/confirm/code?next=%2Fstaff%2Fpeople%2F"
    answer = addie.post(led["Location"], {"code": app_code(), "next": "/staff/people/"})
    assert answer["Location"] == "/staff/people/"
    assert addie.get("/staff/people/").status_code == 200


def test_a_code_by_e_mail_is_no_second_factor(
    known: dict[str, Actor], settings: Any, code_sent: Callable[[str], str]
) -> None:
    settings.DEMO = False
    client = Client()
    client.post("/sign-in/code", {"email": "addie@example.org"})
    client.post("/sign-in/code/confirm", {"code": code_sent("addie@example.org")})
    assert client.get("/account/").status_code == 200
    assert client.get("/staff/people/").status_code == 303


def test_a_stolen_session_cannot_take_the_app_away(known: dict[str, Actor]) -> None:
    give_app("alice")
    client = Client()
    client.force_login(
        User.objects.get(email="alice@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.post("/account/security/app/remove")["Location"].startswith("/account/security/confirm")
    assert Authenticator.objects.filter(type="totp").exists()


@pytest.mark.parametrize("page", ["/account/security/passkeys", "/account/security/", "/account/security/sessions"])
def test_security_pages_are_ours(known: dict[str, Actor], page: str) -> None:
    alice, _ = sign_in("alice")
    html = alice.get(page).content.decode()
    assert "govuk-template" in html and "onclick" not in html and "style=" not in html
