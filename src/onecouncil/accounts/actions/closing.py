# SPDX-License-Identifier: MIT
"""Closing an account: the sign-in is made anonymous, and what is only there for our convenience is erased.

What the law has us keep (requests, decisions, payments) stays with the cases and the payments, for as long as their
own retention rules say; the person's name stays with them and nothing else does (UK GDPR Article 17(3)(b)).
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction

from onecouncil.accounts.actions.roles import keep_an_administrator
from onecouncil.accounts.models import ApiToken, Person, RoleHolding, User
from onecouncil.core import events
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.permissions import require_signed_in
from onecouncil.core.problems import Forbidden

_ERASED = {"email": "", "phone": "", "date_of_birth": None, "uprn": "", "address": "", "postcode": ""}


def close_account(actor: Actor) -> None:
    """Close the asker's own account for good and sign them out everywhere.

    Raises:
        Forbidden: a token asks.
        Conflict: they are the council's last administrator.
    """
    require_signed_in(actor)
    if actor.kind != "person" or actor.user_id is None:
        raise Forbidden("Close your account in the browser, signed in as yourself")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.user_id)
        keep_an_administrator(user.pk)
        _forget_sign_in(user)
        if user.person_id:
            Person.objects.filter(pk=user.person_id).update(closed_at=now(), **_ERASED)
            data = {"person_id": str(user.person_id)}
            events.publish("person.closed", subject=str(user.person_id), data=data, actor=actor)


def _forget_sign_in(user: User) -> None:
    """The row stays, since the trail names its number; nothing on it tells who it was, and nothing opens it."""
    for model in (Authenticator, EmailAddress, SocialAccount, ApiToken, RoleHolding):
        model.objects.filter(user_id=user.pk).delete()
    keys = list(UserSession.objects.filter(user_id=user.pk).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user_id=user.pk).delete()
    User.objects.filter(pk=user.pk).update(
        email=f"closed-{user.pk}@account.invalid", name="", password=make_password(None), is_active=False
    )
