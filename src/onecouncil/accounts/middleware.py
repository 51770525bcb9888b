# SPDX-License-Identifier: MIT
"""Who is asking, once for each request: a browser's session, or a program's token on the HTTP API."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from ninja.utils import check_csrf

from onecouncil.accounts import bearer, throttle
from onecouncil.core.actors import ANONYMOUS, RESIDENT, Actor
from onecouncil.core.problems import Forbidden, Problem, SignInNeeded, TooMany

Handler = Callable[[HttpRequest], HttpResponse]

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


def actor(get_response: Handler) -> Handler:
    """Sets `request.actor`; one query more than the session and user, for roles. Limits and guards the HTTP API."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            request.actor = _actor_of(request)  # type: ignore[attr-defined]
        except Problem as problem:
            request.actor = ANONYMOUS  # type: ignore[attr-defined]
            return _refuse(request, problem)
        return get_response(request)

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A browser's cookie must not be used by another site: ninja's views are exempt from Django's own check."""
        if not _is_api(request) or request.method in _SAFE or request.actor.kind == "token":  # type: ignore[attr-defined]
            return None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and check_csrf(request) is not None:
            return _refuse(request, Forbidden("Send the page's CSRF token as X-CSRFToken, or use an API token"))
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def second_factor_for_staff(get_response: Handler) -> Handler:
    """Outside the demo, staff reach no desk until their second factor is done at this sign-in.

    `actor` has taken their staff roles off for this request already, so the HTTP API knows them as residents only;
    here they are led to the page that says what to do.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(request, "second_factor_missing", False) and request.path.startswith("/staff"):
            where = {"next": request.get_full_path()} if request.method in _SAFE else {"next": "/staff/"}
            return HttpResponseRedirect(f"{reverse('account-second-factor')}?{urlencode(where)}", status=303)
        return get_response(request)

    return middleware


def _actor_of(request: HttpRequest) -> Actor:
    if not _is_api(request):
        return _session_actor(request)
    held = bearer.token_actor(request)
    asker = held or _session_actor(request)
    throttle.count(request, asker, bearer.token_key(request) if held else "")
    return asker


def _session_actor(request: HttpRequest) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return ANONYMOUS
    held = frozenset(user.role_holdings.values_list("role", flat=True))
    if held and not settings.DEMO and not _second_factor_done(request):
        request.second_factor_missing = True  # type: ignore[attr-defined]
        held = frozenset()
    return Actor(
        kind="person",
        user_id=user.pk,
        person_id=str(user.person_id) if user.person_id else None,
        name=user.name,
        roles=held or frozenset({RESIDENT}),
    )


def _second_factor_done(request: HttpRequest) -> bool:
    """Whether this sign-in used an app's code, a recovery code or a passkey, or a sign-in service that asks for one."""
    records = get_authentication_records(request, request.user)
    methods = {record.get("method") for record in records}
    return "mfa" in methods or (settings.OIDC_IS_SECOND_FACTOR and "socialaccount" in methods)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/open311/"))


def _refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem+json answer of a request that reaches no view (RFC 9457)."""
    body = {
        "type": f"/api/v1/problems/{type(problem).__name__.lower()}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
    }
    response = JsonResponse(body, status=problem.status, content_type="application/problem+json")
    if isinstance(problem, TooMany):
        response["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, SignInNeeded):
        response["WWW-Authenticate"] = 'Bearer realm="onecouncil", error="invalid_token"'
    return response
