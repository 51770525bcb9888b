# SPDX-License-Identifier: MIT
"""The roots of every room's addresses."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from onecouncil.house import views
from onecouncil.house.api import api

urlpatterns = [
    path("health/live", views.live, name="live"),
    path("staff/", views.staff_home, name="staff-home"),
    path("staff/health", views.staff_health, name="staff-health"),
    path("staff/messages/", views.staff_messages, name="staff-messages"),
    path("demo/inbox", views.demo_inbox, name="demo-inbox"),
    path("api/v1/", api.urls),
    *(path("", include(f"{room}.urls")) for room in settings.ROOMS[:-1] if find_spec(f"{room}.urls")),
]
handler400 = "onecouncil.house.errors.bad_request"
handler403 = "onecouncil.house.errors.forbidden"
handler404 = "onecouncil.house.errors.not_found"
handler500 = "onecouncil.house.errors.server_error"
