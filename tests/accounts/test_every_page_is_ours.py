# SPDX-License-Identifier: MIT
"""No page of allauth's own may be reached: each of its addresses resolves to ours, each of its templates is ours."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.urls import urlpatterns as account_urls
from allauth.mfa.base.urls import urlpatterns as mfa_urls
from allauth.mfa.recovery_codes.urls import urlpatterns as recovery_urls
from allauth.mfa.totp.urls import urlpatterns as totp_urls
from allauth.socialaccount.urls import urlpatterns as social_urls
from allauth.usersessions.urls import urlpatterns as session_urls
from django.template.loader import get_template
from django.urls import reverse

from onecouncil.accounts import settings as room_settings

PLAIN = [*account_urls, *mfa_urls, *recovery_urls, *totp_urls, *social_urls, *session_urls]
PASSKEYS = ["mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_login_webauthn"]
THEIRS = Path(allauth.__file__).parent

NOT_REACHED = {
    "account/email.html": "we change the one address (ACCOUNT_CHANGE_EMAIL)",
    "account/email_confirm.html": "addresses are confirmed by code",
    "account/verification_sent.html": "addresses are confirmed by code",
    "account/verified_email_required.html": "addresses are confirmed by code",
    "account/password_reset_done.html": "passwords are reset by code",
    "account/phone_change.html": "phones do not sign in",
    "account/confirm_phone_verification_code.html": "phones do not sign in",
    "account/signup_by_passkey.html": "passkeys are added to an account",
    "mfa/webauthn/signup_form.html": "passkeys are added to an account",
    "mfa/trust.html": "browsers are not trusted",
}


@pytest.mark.parametrize("name", sorted({one.name for one in PLAIN if getattr(one, "name", None)} | set(PASSKEYS)))
def test_every_name_leads_to_an_address_of_ours(name: str) -> None:
    assert re.match(r"^/(sign-in|sign-out|create-account|confirm-email|recover|account/)", reverse(name))


def template_names() -> set[str]:
    """The templates allauth's views name in their code."""
    found = set()
    for room in ("account", "mfa", "usersessions", "socialaccount"):
        for source in (THEIRS / room).rglob("*.py"):
            if "providers" in source.parts and "oauth2" not in source.parts:
                continue
            text = source.read_text()
            names = re.findall(
                r'"((?:account|mfa|usersessions|socialaccount)/[a-z_/]+)\.(?:\{|" ?\n? *\+|html|")', text
            )
            found.update(f"{name}.html" for name in names if (THEIRS / "templates" / f"{name}.html").exists())
    return found


def test_every_template_is_ours() -> None:
    names = template_names()
    assert len(names) > 25, "the search through their code found too little"
    for name in sorted(names - set(NOT_REACHED)):
        origin = get_template(name).template
        assert "onecouncil" in str(getattr(origin, "filename", "")), f"{name} is allauth's own"


def test_every_letter_allauth_sends_is_ours() -> None:
    ours = Path(room_settings.__file__).parent / "templates" / "messages"
    named = set()
    for source in THEIRS.rglob("*.py"):
        named.update(re.findall(r'"(?:account|mfa|socialaccount)/email/([a-z_]+)"', source.read_text()))
    by_link = {"password_reset_key"}
    for name in named - by_link:
        assert (ours / f"account-{name.replace('_', '-')}.txt").exists(), name


def test_no_template_has_anything_inline() -> None:
    for path in (Path(room_settings.__file__).parent / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|\|\s*safe", text), path
