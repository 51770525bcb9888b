# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.payments import views

urlpatterns = [
    path("pay/webhook/<slug:address>", views.webhook, name="pay-webhook"),
    path("pay/<str:token>", views.bill, name="pay-bill"),
    path("pay/<str:token>/return/<str:attempt>", views.payer_is_back, name="pay-return"),
    path("pay/<str:token>/receipt", views.receipt, name="pay-receipt"),
    path("account/payments/", views.own_bills, name="account-payments"),
    path("staff/payments/", views.staff_payments, name="staff-payments"),
]
