# SPDX-License-Identifier: MIT
"""The roots of every room's addresses."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from onecouncil.house.api import api
from onecouncil.house.views import live, staff_health

urlpatterns = [
    path("health/live", live, name="live"),
    path("staff/health", staff_health, name="staff-health"),
    path("api/v1/", api.urls),
    *(path("", include(f"{room}.urls")) for room in settings.ROOMS[:-1] if find_spec(f"{room}.urls")),
]
handler400 = "onecouncil.house.errors.bad_request"
handler403 = "onecouncil.house.errors.forbidden"
handler404 = "onecouncil.house.errors.not_found"
handler500 = "onecouncil.house.errors.server_error"
