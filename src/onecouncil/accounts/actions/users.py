# SPDX-License-Identifier: MIT
"""Users made by the house: the demo's sign-ins, and staff whom an administrator adds."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from onecouncil.accounts import rules
from onecouncil.accounts.actions.people import settle_person
from onecouncil.accounts.actions.roles import give_role
from onecouncil.accounts.models import User
from onecouncil.core.actors import Actor, system
from onecouncil.core.permissions import require
from onecouncil.core.problems import Invalid


def create_user(
    email: str, password: str | None, name: str, roles: Collection[str] = (), *, actor: Actor | None = None
) -> int:
    """Make somebody able to sign in, with their e-mail address taken as proved. Without roles they are a resident.

    Without a password they sign in by a code sent to the address. Returns the user's id.

    Raises:
        Invalid: the address is no address or is taken; no name; no such role.
    """
    by = actor or system("accounts")
    require(by, "staff.manage")
    email, name = email.strip().lower(), rules.tidy_name(name)
    faults = {"email": _email_fault(email), "name": rules.name_fault(name)}
    faults = {field: words for field, words in faults.items() if words}
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        for role in roles:
            give_role(by, user.pk, role)
        settle_person(user.pk)
    return user.pk


def _email_fault(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return "Enter an e-mail address like name@example.com"
    taken = (
        User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email, verified=True).exists()
    )
    return "Somebody already signs in with this e-mail address" if taken else ""
