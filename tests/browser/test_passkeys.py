# SPDX-License-Identifier: MIT
"""A passkey, from adding it to signing in with it, in a real browser with a virtual authenticator."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page

from onecouncil.accounts.models import User
from onecouncil.core.actors import Actor
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(live_server: Any, people: dict[str, Actor], browser: Browser) -> Iterator[Page]:
    user = User.objects.get(pk=people["alice"].user_id)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    opened = context.new_page()
    devtools = context.new_cdp_session(opened)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    yield opened
    context.close()


def test_alice_adds_a_passkey_and_signs_in_with_it(page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.goto("/sign-in")
    page.fill("[name=login]", "alice@example.org")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account/")
    page.goto("/account/security/passkeys/add")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.fill("[name=name]", "My phone")
    page.get_by_role("button", name="Add this passkey").click()
    page.wait_for_url("**/account/security/recovery-codes")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "My phone"

    page.goto("/account/security/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    page.goto("/sign-in?next=/account/details")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/account/details")
    assert not refused, refused


def test_without_an_answer_the_page_says_so(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").filter(has_text="Your passkey did not answer").wait_for()
