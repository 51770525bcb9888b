# SPDX-License-Identifier: MIT
"""API tokens: made with scopes their owner holds, shown once, taken back at any time."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction

from onecouncil.accounts import reads, rules
from onecouncil.accounts.models import ApiToken
from onecouncil.core import events
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.permissions import require_signed_in
from onecouncil.core.problems import Forbidden, Invalid, NotFound

MOST = 20
"""Live tokens one user may have."""


def create_token(actor: Actor, name: str, scopes: Collection[str], days: int) -> str:
    """Make a token for the asker and return its secret: the only time anybody sees it.

    Raises:
        Invalid: no name, no scopes, a scope the asker does not hold, or a life that is not offered.
        Forbidden: a token asks for a token.
    """
    require_signed_in(actor)
    if actor.kind != "person" or actor.user_id is None:
        raise Forbidden("Make tokens in the browser, signed in as yourself")
    name = rules.tidy_name(name)
    faults = _faults(actor, name, scopes, days)
    if faults:
        raise Invalid(faults)
    prefix = secrets.token_hex(4)
    secret = f"oc_{prefix}_{secrets.token_urlsafe(24)}"
    moment = now()
    with transaction.atomic():
        row = ApiToken.objects.create(
            user_id=actor.user_id,
            name=name,
            prefix=f"oc_{prefix}",
            hash=rules.token_hash(secret),
            scopes=sorted(set(scopes)),
            created_at=moment,
            expires_at=moment + timedelta(days=days),
        )
        data = {"token_id": row.pk, "user_id": actor.user_id, "scopes": row.scopes}
        events.publish("token.created", subject=f"token:{row.pk}", data=data, actor=actor)
    return secret


def revoke_token(actor: Actor, token_id: int) -> None:
    """Take a token back; it opens nothing from its next request on.

    Raises:
        NotFound: no such live token, or somebody else's.
    """
    require_signed_in(actor)
    with transaction.atomic():
        mine = ApiToken.objects.filter(pk=token_id, user_id=actor.user_id or 0, revoked_at__isnull=True)
        if not mine.update(revoked_at=now()):
            raise NotFound()
        data = {"token_id": token_id, "user_id": actor.user_id}
        events.publish("token.revoked", subject=f"token:{token_id}", data=data, actor=actor)


def _faults(actor: Actor, name: str, scopes: Collection[str], days: int) -> dict[str, str]:
    faults = {}
    if not name:
        faults["name"] = "Enter a name for the token"
    elif len(name) > 60:
        faults["name"] = "The name must be 60 characters or fewer"
    scope_fault = rules.scope_fault(scopes, reads.scopes_held(actor))
    if scope_fault:
        faults["scopes"] = scope_fault
    if days not in rules.TOKEN_DAYS:
        faults["days"] = "Select how long the token should work"
    live = ApiToken.objects.filter(user_id=actor.user_id or 0, revoked_at__isnull=True, expires_at__gt=now()).count()
    if not faults and live >= MOST:
        faults["name"] = f"You have {MOST} tokens. Take one back before you make another"
    return faults
