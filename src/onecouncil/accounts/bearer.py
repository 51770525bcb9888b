# SPDX-License-Identifier: MIT
"""`Authorization: Bearer oc_…`: from a request to the actor its token stands for."""

from datetime import timedelta

from django.http import HttpRequest

from onecouncil.accounts import rules
from onecouncil.accounts.models import ApiToken
from onecouncil.core.actors import RESIDENT, Actor
from onecouncil.core.calendar import now
from onecouncil.core.problems import SignInNeeded

_NOTE_USE_EVERY = timedelta(minutes=10)


def token_key(request: HttpRequest) -> str:
    """What a token's tries are counted under: its hash, never itself. Empty without a token."""
    secret = _secret(request)
    return rules.token_hash(secret) if secret else ""


def token_actor(request: HttpRequest) -> Actor | None:
    """The actor of the request's token; None when the request carries none.

    Raises:
        SignInNeeded: the token is unknown, taken back or has ended.
    """
    secret = _secret(request)
    return None if secret is None else actor_of_token(secret)


def actor_of_token(secret: str) -> Actor:
    """The actor a token stands for.

    A token never does more than its owner may now: roles are read afresh, and scopes only narrow them. Without the
    scope `own` it has no person behind it, so every room's "is it yours?" answers no.

    Raises:
        SignInNeeded: the token is unknown, taken back or has ended.
    """
    row = _live(secret)
    if row is None:
        raise SignInNeeded("This token does not work: it is unknown, was taken back, or has ended")
    user = row.user
    roles = frozenset(user.role_holdings.values_list("role", flat=True)) or frozenset({RESIDENT})
    own = rules.OWN in row.scopes and user.person_id
    return Actor(
        kind="token",
        user_id=user.pk,
        person_id=str(user.person_id) if own else None,
        name=user.name,
        roles=roles,
        token_scopes=frozenset(row.scopes),
    )


def _secret(request: HttpRequest) -> str | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _live(secret: str) -> ApiToken | None:
    if not rules.looks_like_token(secret):
        return None
    moment = now()
    found = ApiToken.objects.filter(
        hash=rules.token_hash(secret), revoked_at__isnull=True, expires_at__gt=moment, user__is_active=True
    )
    row = found.select_related("user").first()
    if row and (row.last_used_at is None or moment - row.last_used_at > _NOTE_USE_EVERY):
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=moment)
    return row
