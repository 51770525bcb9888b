# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.services.views import editor, finishing, keeping, pages, service

urlpatterns = [
    path("services/map.svg", service.map_picture, name="services-map"),
    path("services/<slug:slug>", service.service_page, name="service"),
    path("services/<slug:slug>/start", pages.start, name="service-start"),
    path("apply/<str:token>/check", finishing.check, name="apply-check"),
    path("apply/<str:token>/submit", finishing.submit, name="apply-submit"),
    path("apply/<str:token>/done", finishing.done, name="apply-done"),
    path("apply/<str:token>/pay", finishing.pay, name="apply-pay"),
    path("apply/<str:token>/pay-link", finishing.pay_link, name="apply-pay-link"),
    path("apply/<str:token>/change", finishing.change, name="apply-change"),
    path("apply/<str:token>/withdraw", finishing.withdraw, name="apply-withdraw"),
    path("apply/<str:token>/save", keeping.save, name="apply-save"),
    path("apply/<str:token>/saved", keeping.saved, name="apply-saved"),
    path("apply/<str:token>/discard", keeping.discard, name="apply-discard"),
    path("apply/<str:token>/files/<str:file_id>", keeping.file, name="apply-file"),
    path("apply/<str:token>/<str:page_id>", pages.page, name="apply-page"),
    path("resume/<str:token>", keeping.resume, name="resume"),
    path("resume/<str:token>/go-on", keeping.go_on, name="resume-go-on"),
    path("staff/services/", editor.services, name="staff-services"),
    path("staff/services/<slug:slug>/", editor.edit, name="staff-service"),
    path("staff/services/<slug:slug>/preview", editor.preview, name="staff-service-preview"),
    path("staff/services/<slug:slug>/publish", editor.publish, name="staff-service-publish"),
    path("staff/services/<slug:slug>/discard", editor.discard, name="staff-service-discard"),
    path("staff/services/<slug:slug>/history", editor.history, name="staff-service-history"),
    path("staff/services/<slug:slug>/roll-back", editor.roll_back, name="staff-service-roll-back"),
    path("staff/services/<slug:slug>/file", editor.file, name="staff-service-file"),
]
