# SPDX-License-Identifier: MIT
"""What Open311 asks of the rooms below: who reports, and handing in."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from onecouncil.accounts.api import client_ip
from onecouncil.accounts.bearer import token_actor
from onecouncil.core import limits
from onecouncil.core.actors import Actor
from onecouncil.core.problems import Forbidden, SignInNeeded
from onecouncil.services import api as services

AN_HOUR_WITHOUT_KEY = 20
AN_HOUR_WITH_KEY = 600


def reporter(request: HttpRequest, api_key: str) -> Actor:
    """Who reports: the person of the key (our API token), or nobody we know, a few times an hour.

    Raises:
        Forbidden: the key does not work.
        TooMany: past the limit.
    """
    actor = _holder(api_key) if api_key else _asker(request)
    if actor.user_id:
        limits.hit("open311", f"user:{actor.user_id}", limit=AN_HOUR_WITH_KEY, seconds=3600)
    else:
        limits.hit("open311", f"ip:{client_ip(request)}", limit=AN_HOUR_WITHOUT_KEY, seconds=3600)
    return actor


def hand_in(actor: Actor, slug: str, answers: Mapping[str, Any]) -> str:
    """Hand in a report; returns its reference.

    Raises:
        Invalid: with the questions whose answers are missing or wrong.
    """
    return services.hand_in(actor, slug, dict(answers)).reference


def _holder(api_key: str) -> Actor:
    carrier = HttpRequest()
    carrier.META["HTTP_AUTHORIZATION"] = f"Bearer {api_key}"
    try:
        found = token_actor(carrier)
    except SignInNeeded as error:
        raise Forbidden("This api_key does not work") from error
    if found is None:
        raise Forbidden("This api_key does not work")
    return found


def _asker(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found
