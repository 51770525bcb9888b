# SPDX-License-Identifier: MIT
"""The page for developers: what the API is, in plain words."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from onecouncil.core.permissions import TABLE


@require_GET
def developers(request: HttpRequest) -> HttpResponse:
    return render(request, "integration/developers.html", {"scopes": sorted(TABLE), "site_url": settings.SITE_URL})
