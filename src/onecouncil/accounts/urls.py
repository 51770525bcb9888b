# SPDX-License-Identifier: MIT
"""Addresses of the room. allauth's views keep the names allauth reverses, under addresses of ours."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.urls import path

from onecouncil.accounts.views import details, home, staff, tokens
from onecouncil.accounts.views.signing import ours

_signing_in = [
    path("sign-in", ours(account.login), name="account_login"),
    path("sign-in/code", ours(account.request_login_code), name="account_request_login_code"),
    path("sign-in/code/confirm", ours(account.confirm_login_code), name="account_confirm_login_code"),
    path("sign-in/passkey", ours(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/second-step", ours(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/closed", ours(account.account_inactive), name="account_inactive"),
    path("sign-in/stopped", ours(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-in/problem", ours(social.login_error), name="socialaccount_login_error"),
    path("sign-in/with/<slug:provider_id>", ours(oidc.login), name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/callback", ours(oidc.callback), name="openid_connect_callback"),
    path("sign-out", ours(account.logout), name="account_logout"),
    path("create-account", ours(account.signup), name="account_signup"),
    path("create-account/finish", ours(social.signup), name="socialaccount_signup"),
    path("confirm-email", ours(account.email_verification_sent), name="account_email_verification_sent"),
    path("recover", ours(account.password_reset), name="account_reset_password"),
    path("recover/code", ours(account.confirm_password_reset_code), name="account_confirm_password_reset_code"),
    path("recover/new-password", ours(account.complete_password_reset), name="account_complete_password_reset"),
    path("recover/done", ours(account.password_reset_from_key_done), name="account_password_reset_completed"),
]
_security = [
    path("account/security/", ours(mfa.index), name="mfa_index"),
    path("account/security/email", ours(account.email), name="account_email"),
    path("account/security/password", ours(account.password_change), name="account_change_password"),
    path("account/security/password/set", ours(account.password_set), name="account_set_password"),
    path("account/security/confirm", ours(account.reauthenticate), name="account_reauthenticate"),
    path("account/security/confirm/code", ours(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/security/confirm/passkey", ours(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("account/security/app", ours(totp.activate_totp), name="mfa_activate_totp"),
    path("account/security/app/remove", ours(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/security/recovery-codes", ours(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/security/recovery-codes/new",
        ours(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/security/recovery-codes/download", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("account/security/passkeys", ours(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("account/security/passkeys/add", ours(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/rename", ours(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/security/passkeys/<int:pk>/remove", ours(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/security/sessions", ours(sessions.list_usersessions), name="usersessions_list"),
    path("account/security/sign-ins", ours(social.connections), name="socialaccount_connections"),
    path("account/security/second-step", home.second_factor, name="account-second-factor"),
]
_account = [
    path("account/", home.home, name="account-home"),
    path("account/details", details.details, name="account-details"),
    path("account/address", details.address, name="account-address"),
    path("account/messages", home.messages_list, name="account-messages"),
    path("account/looks", home.looks_list, name="account-looks"),
    path("account/tokens", tokens.tokens, name="account-tokens"),
    path("account/tokens/<int:token_id>/revoke", tokens.revoke, name="account-token-revoke"),
    path("account/close", home.close, name="account-close"),
    path("account-closed", home.closed, name="account-closed"),
]
_staff = [
    path("staff/people/", staff.people, name="staff-people"),
    path("staff/people/add", staff.add, name="staff-people-add"),
    path("staff/people/<int:user_id>", staff.person_roles, name="staff-person"),
]
urlpatterns = [*_signing_in, *_security, *_account, *_staff]
