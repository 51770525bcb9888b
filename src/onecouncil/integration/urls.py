# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.integration import desk, views

urlpatterns = [
    path("developers", views.developers, name="developers"),
    path("staff/webhooks/", desk.endpoints, name="staff-webhooks"),
    path("staff/webhooks/new", desk.add, name="staff-webhook-add"),
    path("staff/webhooks/<uuid:endpoint_id>/", desk.endpoint, name="staff-webhook"),
    path("staff/webhooks/<uuid:endpoint_id>/change", desk.change, name="staff-webhook-change"),
    path("staff/webhooks/<uuid:endpoint_id>/secret", desk.secret, name="staff-webhook-secret"),
    path("staff/webhooks/<uuid:endpoint_id>/<slug:verb>", desk.act, name="staff-webhook-act"),
    path("staff/webhook-deliveries/<int:delivery_id>/resend", desk.resend, name="staff-webhook-resend"),
    path("staff/events/", desk.events, name="staff-events"),
    path("staff/audit/", desk.trail, name="staff-audit"),
]
