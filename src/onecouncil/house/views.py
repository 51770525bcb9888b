# SPDX-License-Identifier: MIT
"""Is the house well? For load balancers, and for administrators."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from onecouncil.core import health
from onecouncil.core.permissions import require


def live(request: HttpRequest) -> JsonResponse:
    """200 when this process and the database answer, 503 otherwise; says nothing else to strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "fail"}, status=503)
    return JsonResponse({"status": "ok"})


def staff_health(request: HttpRequest) -> HttpResponse:
    require(request.actor, "health.view")  # type: ignore[attr-defined]
    return render(request, "house/health.html", {"checks": health.run_all()})
