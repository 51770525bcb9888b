# SPDX-License-Identifier: MIT
"""allauth's settings, kept with their room; `house.settings` imports them. The README names the environment's."""

import os
from typing import Any


def _env(name: str, default: str = "") -> str:
    return os.environ.get(f"ONECOUNCIL_{name}", default)


# Who people are: an e-mail address, a name, and a password only for those who want one.
ACCOUNT_ADAPTER = "onecouncil.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "onecouncil.accounts.adapters.SocialAdapter"
MFA_ADAPTER = "onecouncil.accounts.adapters.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "signup": "onecouncil.accounts.forms.SignUpForm",
    "login": "onecouncil.accounts.forms.SignInForm",
    "change_password": "onecouncil.accounts.forms.ChangePasswordForm",
    "set_password": "onecouncil.accounts.forms.SetPasswordForm",
    "reset_password_from_key": "onecouncil.accounts.forms.NewPasswordForm",
}

# Codes by e-mail: six figures, good for 15 minutes and three tries; whether an address has an account is never told.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True

# Sessions, and asking again before something delicate.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
USERSESSIONS_TRACK_ACTIVITY = False

# Second factors. A passkey with a PIN or a finger is two factors in one, and may sign in by itself.
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False

# Rate limits count in the database (CACHES below), so they hold over all web processes.
ALLAUTH_TRUSTED_PROXY_COUNT = int(
    _env("TRUSTED_PROXIES", "1" if _env("BEHIND_PROXY") in ("1", "true", "yes", "on") else "0")
)
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
    "signup": "20/m/ip,60/h/ip",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/10s/key,10/h/key",
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# A council's own sign-in service by OpenID Connect: shown only when it is set up.
OIDC_IS_SECOND_FACTOR = _env("OIDC_SECOND_FACTOR") in ("1", "true", "yes", "on")
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False


def _oidc_apps() -> list[dict[str, Any]]:
    """The one client of `ONECOUNCIL_OIDC_*`; none when no issuer is set."""
    if not _env("OIDC_ISSUER"):
        return []
    trusted = _env("OIDC_EMAIL_TRUSTED") in ("1", "true", "yes", "on")
    return [
        {
            "provider_id": _env("OIDC_ID", "council"),
            "name": _env("OIDC_NAME", "council account"),
            "client_id": _env("OIDC_CLIENT_ID"),
            "secret": _env("OIDC_CLIENT_SECRET"),
            "settings": {
                "server_url": _env("OIDC_ISSUER"),
                "oauth_pkce_enabled": True,
                "verified_email": trusted,
                "email_authentication": trusted,
            },
        }
    ]


SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _oidc_apps()}}
