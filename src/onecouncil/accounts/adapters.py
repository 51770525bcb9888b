# SPDX-License-Identifier: MIT
"""Where allauth asks us: words of messages and errors, where to go next, what follows a sign-in. No signals."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from onecouncil.accounts import actions
from onecouncil.accounts.models import RoleHolding, User
from onecouncil.core import messaging
from onecouncil.core.borough import borough

_WRONG_CODE = "That code is not right. Check the newest code and type it again"
_TOO_MANY = "You tried too many times. Wait a few minutes, then try again"

_ERRORS = {
    "account_inactive": "This account is closed",
    "duplicate_email": "This is the e-mail address you already use",
    "email_password_mismatch": "The e-mail address or the password is not right",
    "email_taken": "Another account uses this e-mail address",
    "enter_current_password": "This is not your password now",
    "incorrect_code": _WRONG_CODE,
    "incorrect_password": "That password is not right",
    "same_as_current": "Enter an e-mail address that is different from the one you have",
    "too_many_login_attempts": _TOO_MANY,
    "rate_limited": _TOO_MANY,
}

_SAID = {
    "account/messages/email_confirmed.txt": "Your e-mail address is confirmed",
    "account/messages/email_confirmation_failed.txt": "Another account already uses that e-mail address",
    "account/messages/password_changed.txt": "Your password is changed",
    "account/messages/password_set.txt": "Your password is set",
    "mfa/messages/recovery_codes_generated.txt": "You have new recovery codes",
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app is removed",
    "mfa/messages/webauthn_added.txt": "Your passkey is added",
    "mfa/messages/webauthn_removed.txt": "Your passkey is removed",
    "usersessions/messages/sessions_logged_out.txt": "You are signed out everywhere else",
    "socialaccount/messages/account_connected.txt": "Your other sign-in is joined to this account",
    "socialaccount/messages/account_disconnected.txt": "Your other sign-in is taken off this account",
}
"""What we say after a change. What is not here needs no saying: the page itself shows it."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The account part: e-mail, passwords, codes, sign-in."""

    error_messages = {**DefaultAccountAdapter.error_messages, **_ERRORS}

    def is_safe_url(self, url: str | None) -> bool:
        """Only our own pages: this host, never another of `ALLOWED_HOSTS`, never `//elsewhere` or `javascript:`."""
        here = context.request
        return url_has_allowed_host_and_scheme(url, allowed_hosts={here.get_host()}, require_https=here.is_secure())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As one of our own messages: `templates/messages/account-<name>.txt`."""
        name = template_prefix.rsplit("/", 1)[-1].replace("_", "-")
        user = context.get("user")
        messaging.send(
            to=messaging.Recipient(email=email, name=getattr(user, "name", "")),
            template=f"account-{name}",
            context={"code": context.get("code", ""), "new_email": context.get("to_email", "")},
            key=f"account-{uuid.uuid4()}",
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or _SAID.get(message_template or "")
        if words:
            super().add_message(request, level, message=words, extra_tags=extra_tags)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name") or user.name
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A confirmed change of address is carried to the person's record in the same transaction."""
        with transaction.atomic():
            done: bool = super().confirm_email(request, email_address)
            if done:
                actions.email_confirmed(email_address.user_id, email_address.email)
        return done

    def pre_login(self, request: HttpRequest, user: User, *, signup: bool, **details: Any) -> HttpResponse | None:
        """Forget the password of a sign-up nobody finished, once the address is first proved by a code.

        Whoever holds the mailbox need not be who chose the password.
        """
        records = get_authentication_records(request, user)
        if not signup and records and records[-1]["method"] == "code" and actions.never_signed_in(user.pk):
            user.set_unusable_password()
            user.save(update_fields=["password"])
        response: HttpResponse | None = super().pre_login(request, user, signup=signup, **details)
        return response

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """Whoever gets here has proved the e-mail address: from now on they are a person we know."""
        actions.settle_person(user.pk)
        response: HttpResponse = super().post_login(request, user, **details)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff begin at their desk, residents at their account."""
        if RoleHolding.objects.filter(user_id=request.user.pk or 0).exists():
            return "/staff/"
        return str(super().get_login_redirect_url(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/account/security/"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator apps and passkeys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
        "unverified_email": "Confirm your e-mail address first",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first",
    }

    def get_totp_issuer(self) -> str:
        return borough().name

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return "My passkey"

    def _get_site_name(self) -> str:
        return borough().name


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The council's own sign-in service (OpenID Connect)."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """From the settings only: no query for the sign-in page."""
        from allauth.socialaccount.adapter import _build_apps_from_settings

        held = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in held.values() for app in apps]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        return user
