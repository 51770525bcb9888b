# SPDX-License-Identifier: MIT
"""allauth's settings, kept with the room they belong to; `house.settings` imports them."""

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
