# SPDX-License-Identifier: MIT
"""What the integration room hears, does later, and checks."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from onecouncil.core.actors import Actor
from onecouncil.core.background import background, every
from onecouncil.core.calendar import now
from onecouncil.core.events import Event, subscriber
from onecouncil.core.health import FAIL, OK, WARN, Health, check
from onecouncil.integration import rules
from onecouncil.integration.actions import telling
from onecouncil.integration.models import WebhookDelivery, WebhookEndpoint, WebhookSecret


@subscriber("integration.webhooks", "*")
def hear(event: Event) -> None:
    """Write down who is to be told, and queue the sending, in one transaction."""
    for delivery_id in telling.write_down(event):
        send_one.enqueue(delivery_id=delivery_id)


@background(retries=3)
def send_one(delivery_id: int) -> None:
    """Send one telling; when it failed, queue its next try. Run again after a kill, it waits for `send_overdue`."""
    wait = telling.send(delivery_id)
    if wait is not None:
        send_one.enqueue(after=wait, delivery_id=delivery_id)


def send_test(actor: Actor, endpoint_id: str) -> WebhookDelivery:
    """Write a test message to one endpoint and queue its sending."""
    with transaction.atomic():
        delivery = telling.write_test(actor, endpoint_id)
        send_one.enqueue(delivery_id=delivery.pk)
    return delivery


def resend(actor: Actor, delivery_id: int) -> WebhookDelivery:
    """Give a delivery a fresh round of tries, from now."""
    with transaction.atomic():
        delivery = telling.ask_again(actor, delivery_id)
        send_one.enqueue(delivery_id=delivery.pk)
    return delivery


@every(seconds=60)
@background()
def send_overdue() -> None:
    """Take up what killed jobs left behind."""
    for delivery_id in telling.overdue():
        send_one.enqueue(delivery_id=delivery_id)


@every(seconds=24 * 3600)
@background()
def forget_old() -> None:
    """Deliveries that ended 30 days ago, and secrets that ended, are deleted."""
    telling.forget_old()


@check("webhooks")
def webhooks() -> Health:
    """Told to administrators: what was switched off, what is failing, and secrets that no longer fit."""
    moment = now()
    for salt, fingerprint in WebhookSecret.objects.values_list("salt", "fingerprint")[:200]:
        if rules.fingerprint(rules.secret_of(settings.SECRET_KEY, salt)) != fingerprint:
            return Health(
                "webhooks",
                FAIL,
                "ONECOUNCIL_SECRET_KEY was changed, and with it the webhooks' secrets",
                "Make a new secret for each endpoint at /staff/webhooks/ and give it to the receiver.",
            )
    off = WebhookEndpoint.objects.filter(disabled_at__gt=moment - timedelta(days=30), failing_since__isnull=False)
    if off.exists():
        return Health(
            "webhooks",
            FAIL,
            f"{off.count()} webhook endpoints were switched off because they failed",
            "Ask the receiver, then enable them at /staff/webhooks/.",
        )
    late = moment - timedelta(hours=1)
    failing = WebhookEndpoint.objects.filter(disabled_at__isnull=True, failing_since__lt=late).count()
    if failing:
        return Health(
            "webhooks",
            WARN,
            f"{failing} webhook endpoints have been failing for an hour or more",
            "Look at their deliveries at /staff/webhooks/.",
        )
    return Health("webhooks", OK, "Webhooks are delivered")
