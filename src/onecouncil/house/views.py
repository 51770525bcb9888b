# SPDX-License-Identifier: MIT
"""Pages that belong to the whole house: is it well, the staff's front door, the messages it wrote."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onecouncil.accounts.api import client_ip
from onecouncil.core import health, limits
from onecouncil.core.messaging import all_messages, messages_at
from onecouncil.core.permissions import require
from onecouncil.core.problems import NotFound

PAGE = 25


def live(request: HttpRequest) -> JsonResponse:
    """200 when this process and the database answer, 503 otherwise; says nothing else to strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "fail"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    """The desks this member of staff may open."""
    require(request.actor, "desk.open")  # type: ignore[attr-defined]
    return render(request, "house/desk.html")


@require_safe
def staff_health(request: HttpRequest) -> HttpResponse:
    require(request.actor, "health.view")  # type: ignore[attr-defined]
    return render(request, "house/health.html", {"checks": health.run_all()})


@require_safe
def staff_messages(request: HttpRequest) -> HttpResponse:
    """Messages newest first; sign-in codes among them, so for administrators only."""
    require(request.actor, "message.view")  # type: ignore[attr-defined]
    before = request.GET.get("before", "")
    found = all_messages(before=int(before) if before.isdecimal() and len(before) < 19 else None, size=PAGE + 1)
    return render(request, "house/messages.html", {"found": found[:PAGE], "more": len(found) > PAGE})


@require_safe
def demo_inbox(request: HttpRequest) -> HttpResponse:
    """In the demo no e-mail leaves the house, so anybody can read what was written to an address that they type."""
    if not settings.DEMO or settings.MESSAGES_PROVIDER != "kept":
        raise NotFound()
    address = request.GET.get("address", "").strip()
    errors = {}
    if "address" in request.GET:
        limits.hit("demo-inbox", client_ip(request), limit=120, seconds=60)
        try:
            validate_email(address)
        except ValidationError:
            errors["address"] = "Enter an e-mail address, like name@example.org"
    found = messages_at(address) if address and not errors else []
    context = {"address": address, "found": found, "errors": errors}
    return render(request, "house/inbox.html", context, status=422 if errors else 200)
