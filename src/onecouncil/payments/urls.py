# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.payments.views import finance, paying, reconciling

urlpatterns = [
    path("pay/webhook/<slug:address>", paying.webhook, name="pay-webhook"),
    path("pay/<str:token>", paying.bill, name="pay-bill"),
    path("pay/<str:token>/return/<str:attempt>", paying.payer_is_back, name="pay-return"),
    path("pay/<str:token>/receipt", paying.receipt, name="pay-receipt"),
    path("account/payments/", paying.own_bills, name="account-payments"),
    path("staff/payments/", finance.staff_payments, name="staff-payments"),
    path("staff/payments/takings/", finance.staff_takings, name="staff-takings"),
    path("staff/payments/takings/export", finance.export_takings, name="staff-takings-export"),
    path("staff/payments/reconciliation/", reconciling.files, name="staff-reconciliation"),
    path("staff/payments/suspense/", reconciling.suspense, name="staff-suspense"),
    path("staff/payments/suspense/<int:line_id>/allocate", reconciling.allocate, name="staff-suspense-allocate"),
    path("staff/payments/close/", reconciling.close, name="staff-close"),
    path("staff/payments/refunds/", finance.staff_refunds, name="staff-refunds"),
    path("staff/payments/refunds/<int:refund_id>/decide", finance.decide_refund, name="staff-refund-decide"),
    path("staff/payments/<int:payment_id>/", finance.staff_payment, name="staff-payment"),
    path("staff/payments/<int:payment_id>/refund", finance.ask_refund, name="staff-payment-refund"),
]
