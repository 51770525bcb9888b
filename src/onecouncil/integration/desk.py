# SPDX-License-Identifier: MIT
"""Administrators' pages: webhooks, events, the audit trail. Thin: permission and work are in `actions` and `reads`."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onecouncil.core.actors import Actor
from onecouncil.core.permissions import require
from onecouncil.core.problems import Invalid, NotFound
from onecouncil.integration import reads, tasks
from onecouncil.integration.actions import managing

_LARGEST_KEY = 2**63 - 1


@require_GET
def endpoints(request: HttpRequest) -> HttpResponse:
    return render(request, "integration/endpoints.html", {"endpoints": reads.endpoints(_actor(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    require(actor, "webhook.manage")
    if request.method != "POST":
        return _form(request, {"url": "", "types": "", "description": ""}, {})
    given = _given(request)
    try:
        made = managing.add_endpoint(actor, given["url"], given["types"].split(), given["description"])
    except Invalid as problem:
        return _form(request, given, problem.fields)
    messages.success(request, "Endpoint added. Show its signing secret and give it to the receiver")
    return _to(made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    actor = _actor(request)
    found = reads.endpoint(actor, endpoint_id)
    if request.method != "POST":
        held = {"url": found.url, "types": "\n".join(found.types), "description": found.description}
        return _form(request, held, {}, found)
    given = _given(request)
    try:
        managing.change_endpoint(actor, endpoint_id, given["url"], given["types"].split(), given["description"])
    except Invalid as problem:
        return _form(request, given, problem.fields, found)
    messages.success(request, "Endpoint changed")
    return _to(endpoint_id)


@require_GET
def endpoint(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """One endpoint, and what became of each event sent to it."""
    actor, state = _actor(request), request.GET.get("state", "")
    found = reads.endpoint(actor, endpoint_id)
    listed = reads.deliveries(actor, endpoint_id, state=state, before=_before(request))
    context = {
        "endpoint": found,
        "state": state,
        "listed": listed,
        "unseen_secret": reads.has_unseen_secret(actor, endpoint_id),
        "next_url": _next(request, listed.next_before),
    }
    return render(request, "integration/endpoint.html", context)


@require_POST
def secret(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """Shows the secret in the answer itself, once: it is kept nowhere, so there is nothing to redirect to."""
    actor = _actor(request)
    context = {
        "endpoint": reads.endpoint(actor, endpoint_id),
        "secret": managing.show_secret(actor, endpoint_id),
    }
    return render(request, "integration/secret.html", context)


_VERBS = {
    "rotate": (managing.rotate_secret, "New secret made. The old one works for 24 more hours"),
    "disable": (managing.disable_endpoint, "Endpoint disabled"),
    "enable": (managing.enable_endpoint, "Endpoint enabled"),
    "remove": (managing.remove_endpoint, "Endpoint removed"),
}


@require_POST
def act(request: HttpRequest, endpoint_id: str, verb: str) -> HttpResponse:
    actor = _actor(request)
    if verb == "test":
        tasks.send_test(actor, endpoint_id)
        messages.success(request, "Test message queued")
        return _to(endpoint_id)
    if verb not in _VERBS:
        require(actor, "webhook.manage")
        raise NotFound()
    do, words = _VERBS[verb]
    do(actor, endpoint_id)
    messages.success(request, words)
    return _see_other(reverse("staff-webhooks")) if verb == "remove" else _to(endpoint_id)


@require_POST
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    delivery = tasks.resend(_actor(request), delivery_id)
    messages.success(request, "Delivery queued again")
    return _to(delivery.endpoint_id)


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    filters = {"subject": _text(request, "subject"), "type": _text(request, "type")}
    listed = reads.events(_actor(request), subject=filters["subject"], type=filters["type"], before=_before(request))
    context = {"listed": listed, "filters": filters, "next_url": _next(request, listed.next_before)}
    return render(request, "integration/events.html", context)


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    filters = {"subject": _text(request, "subject"), "who": _text(request, "who")}
    listed = reads.trail(_actor(request), subject=filters["subject"], who=filters["who"], before=_before(request))
    context = {"listed": listed, "filters": filters, "next_url": _next(request, listed.next_before)}
    return render(request, "integration/trail.html", context)


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip()[:120].replace("\x00", "")


def _before(request: HttpRequest) -> int | None:
    given = request.GET.get("before", "")
    return min(int(given), _LARGEST_KEY) if given.isascii() and given.isdecimal() and len(given) < 20 else None


def _next(request: HttpRequest, key: int | None) -> str:
    if key is None:
        return ""
    kept = {name: value for name, value in request.GET.items() if name != "before"}
    return "?" + urlencode({**kept, "before": key})


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("url", "types", "description")}


def _form(
    request: HttpRequest, given: dict[str, str], errors: dict[str, str], found: reads.EndpointView | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"given": given, "errors": errors, "endpoint": found}
    return render(request, "integration/endpoint_form.html", context, status=422 if errors else 200)


def _to(endpoint_id: object) -> HttpResponse:
    return _see_other(reverse("staff-webhook", args=[endpoint_id]))


def _see_other(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response
