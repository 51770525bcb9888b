# SPDX-License-Identifier: MIT
"""Forms that allauth fills: our words, one password field, and a name."""

from typing import Any

from allauth.account import forms as theirs
from django import forms

from onecouncil.accounts import rules

_HINT = "At least 10 characters. Three words that do not belong together are easy to keep in mind."


class SignInForm(theirs.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["login"].error_messages["required"] = "Enter your e-mail address"
        self.fields["login"].error_messages["invalid"] = "Enter an e-mail address like name@example.com"
        self.fields["password"].label = "Password"
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = "Enter your password"


class SignUpForm(theirs.SignupForm):  # type: ignore[misc]
    """Name, e-mail, and a password for those who want one: without it, a code is sent at each sign-in."""

    name = forms.CharField(
        label="Full name",
        max_length=rules.NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label, email.help_text = "E-mail address", "We send you a code to check that it is yours."
        email.error_messages.update(
            required="Enter your e-mail address", invalid="Enter an e-mail address like name@example.com"
        )
        self.fields["password1"].label = "Password (optional)"
        self.fields["password1"].help_text = f"{_HINT} Leave it empty if you want a code each time you sign in."

    def clean_name(self) -> str:
        name = rules.tidy_name(self.cleaned_data["name"])
        fault = rules.name_fault(name)
        if fault:
            raise forms.ValidationError(fault)
        return name


class _OnePassword:
    """A password is typed once: it can be shown, and forgotten ones can be reset."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        self.fields["password1"].label = "New password"
        self.fields["password1"].help_text = _HINT
        self.fields["password1"].error_messages["required"] = "Enter a new password"


class ChangePasswordForm(_OnePassword, theirs.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "The password you have now"
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].error_messages["required"] = "Enter the password you have now"


class SetPasswordForm(_OnePassword, theirs.SetPasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(_OnePassword, theirs.ResetPasswordKeyForm):  # type: ignore[misc]
    pass
