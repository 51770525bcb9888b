# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.customers.views import editing, record

urlpatterns = [
    path("staff/customers/", record.search, name="customers"),
    path("staff/customers/new", editing.new, name="customer-new"),
    path("staff/customers/<uuid:person_id>/open", record.state_purpose, name="customer-open"),
    path("staff/customers/<uuid:person_id>/", record.customer, name="customer"),
    path("staff/customers/<uuid:person_id>/close", record.close, name="customer-close"),
    path("staff/customers/<uuid:person_id>/start", record.start, name="customer-start"),
    path("staff/customers/<uuid:person_id>/details", editing.details, name="customer-details"),
    path("staff/customers/<uuid:person_id>/address", editing.address, name="customer-address"),
    path("staff/customers/<uuid:person_id>/bills/<str:reference>/link", editing.pay_link, name="customer-pay-link"),
]
