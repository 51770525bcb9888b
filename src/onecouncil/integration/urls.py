# SPDX-License-Identifier: MIT
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from onecouncil.integration import desk, views
from onecouncil.integration.open311 import views as open311


class FormConverter(StringConverter):
    """The two forms of Open311's documents."""

    regex = "json|xml"


register_converter(FormConverter, "form")

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
    path("open311/v2/services.<form:form>", open311.services, name="open311-services"),
    path("open311/v2/services/<slug:code>.<form:form>", open311.service, name="open311-service"),
    path("open311/v2/requests.<form:form>", open311.requests, name="open311-requests"),
    path("open311/v2/requests/<slug:reference>.<form:form>", open311.one_request, name="open311-request"),
]
