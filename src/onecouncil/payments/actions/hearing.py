# SPDX-License-Identifier: MIT
"""Webhooks: kept raw, answered at once, looked into by a background job. Their words are never believed."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.db import transaction

from onecouncil.core.actors import system
from onecouncil.core.background import background
from onecouncil.core.calendar import now
from onecouncil.core.problems import Conflict, NotFound
from onecouncil.payments import rules
from onecouncil.payments.actions.refunding import send_refund
from onecouncil.payments.actions.settling import apply_report
from onecouncil.payments.models import Payment, Refund, WebhookMessage
from onecouncil.payments.providers import hearing_at, provider
from onecouncil.payments.providers.base import Refused, Report

log = logging.getLogger(__name__)
ME = system("payments.webhooks")


def receive_webhook(address: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Keep one message and queue the look; whether it was new. A message that was kept before changes nothing.

    Raises:
        NotFound: there is no such provider. BadSignature: the provider did not send it.
    """
    heard = hearing_at(address)
    if heard is None:
        raise NotFound()
    notice = heard.read_webhook(headers, body)
    if notice is None:
        return False
    with transaction.atomic():
        message, fresh = WebhookMessage.objects.get_or_create(
            provider=heard.name,
            message_id=notice.message_id[:120],
            defaults={
                "event_type": notice.event_type[:80],
                "resource_id": notice.payment_id[:120],
                "body": body.decode(),
                "received_at": now(),
            },
        )
        if fresh:
            look_into_webhook.enqueue(message_pk=message.pk)
    return fresh


@background(retries=10)
def look_into_webhook(message_pk: int) -> None:
    """Ask the provider about the payment that a message names, and keep the answer.

    Raises:
        Unavailable: no clear answer; the job is tried again.
    """
    message = WebhookMessage.objects.get(pk=message_pk)
    if message.done_at:
        return
    try:
        report = provider(message.provider).look(message.resource_id)
    except Refused as refusal:
        log.warning("webhook %s names a payment that the provider does not know: %s", message.message_id, refusal)
    else:
        payment = Payment.objects.filter(pk=report.attempt).first() if report.attempt.isdigit() else None
        if payment is None or payment.provider != message.provider:
            log.warning("webhook %s is about a payment that is not ours", message.message_id)
        else:
            _keep(payment, report)
    WebhookMessage.objects.filter(pk=message_pk).update(done_at=now())


def _keep(payment: Payment, report: Report) -> None:
    try:
        apply_report(payment.pk, report, ME)
    except Conflict:
        return  # it was logged, and asking again would change nothing
    for pk in Refund.objects.filter(payment=payment, state=rules.REFUND_SENT).values_list("pk", flat=True):
        send_refund(pk)
