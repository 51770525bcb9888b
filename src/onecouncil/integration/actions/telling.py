# SPDX-License-Identifier: MIT
"""Telling endpoints of events.

The life of a telling:
1. `write_down` runs in the subscriber's transaction: one WebhookDelivery for each active endpoint that wants the event;
2. `send_one` (a background job) takes it, calls the endpoint outside any transaction, and records the answer;
3. a failed try waits for the next time of the Standard Webhooks schedule; after the last it is given up;
4. `send_overdue` (every minute) takes what a killed job left behind;
5. an endpoint that answered nothing well for days is switched off, and the health check says so.
A receiver may get a telling twice (killed after the call, before the mark): it has one `webhook-id`, to be known by.
"""

import json
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from onecouncil.accounts import api as accounts
from onecouncil.core import actors, messaging
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.events import Event, publish
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, NotFound, Unavailable
from onecouncil.integration import rules, wire
from onecouncil.integration.actions.managing import access_endpoint, switch_off
from onecouncil.integration.models import WebhookDelivery, WebhookEndpoint

LEASE = timedelta(seconds=30)
"""A try that is neither answered nor recorded after so long was killed: no call may last as long."""
GRACE = timedelta(seconds=5)

GONE = 410
_US = actors.system("integration.webhooks")


def write_down(event: Event) -> list[int]:
    """One delivery for each active endpoint that wants this event; inside the caller's transaction."""
    active = WebhookEndpoint.objects.filter(disabled_at__isnull=True).only("pk", "types")
    wanting = [endpoint for endpoint in active if rules.wants(endpoint.types, event.type)]
    if not wanting:
        return []
    body = json.dumps(event.as_cloud_event(settings.SITE_URL), separators=(",", ":"), default=str)
    moment = now()
    made = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            endpoint=endpoint,
            event_id=event.id,
            event_type=event.type,
            body=body,
            next_try_at=moment,
            created_at=moment,
        )
        for endpoint in wanting
    )
    return [delivery.pk for delivery in made]


def send(delivery_id: int) -> timedelta | None:
    """Try one delivery now. Returns how long to wait for the next try; None when there is none to wait for."""
    delivery = _take(delivery_id)
    if delivery is None:
        return None
    receiver = wire.client(f"webhook {delivery.endpoint_id}")
    if receiver.is_open:
        return _put_off(delivery, LEASE)
    body = delivery.body.encode()
    signed = rules.headers(_secrets(delivery.endpoint), str(delivery.event_id), int(time.time()), body)
    try:
        code = receiver.post(
            delivery.endpoint.url,
            body,
            {**signed, "content-type": "application/json", "user-agent": "OneCouncil-Webhooks/1"},
        )
    except Unavailable as error:
        return _failed(delivery, None, error.detail)
    if 200 <= code < 300:
        _sent(delivery, code)
        return None
    return _failed(delivery, code, f"It answered {code}")


def overdue(limit: int = 200) -> list[int]:
    """Deliveries whose time has come and gone: the job that should have sent them was lost."""
    late = WebhookDelivery.objects.filter(state=WebhookDelivery.WAITING, next_try_at__lte=now() - GRACE)
    return list(late.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])


def waiting() -> int:
    """How many deliveries are still to be sent."""
    return WebhookDelivery.objects.filter(state=WebhookDelivery.WAITING).count()


def access_delivery(actor: Actor, delivery_id: int) -> WebhookDelivery:
    """One delivery.

    Raises:
        NotFound: there is none.
    """
    require(actor, "webhook.manage")
    found = WebhookDelivery.objects.select_related("endpoint").filter(pk=delivery_id).first()
    if found is None:
        raise NotFound()
    return found


def ask_again(actor: Actor, delivery_id: int) -> WebhookDelivery:
    """Give a delivery a fresh round of tries, with the id it always had.

    Raises:
        Conflict: its endpoint is disabled, or it is on its way already.
    """
    delivery = access_delivery(actor, delivery_id)
    if delivery.endpoint.disabled_at:
        raise Conflict("The endpoint is disabled. Enable it first")
    with transaction.atomic():
        done = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=WebhookDelivery.WAITING)
        if not done.update(state=WebhookDelivery.WAITING, attempts=0, next_try_at=now(), last_error=""):
            raise Conflict("This delivery is still being tried")
        data = {"endpoint": str(delivery.endpoint_id), "delivery": delivery.pk}
        publish("webhook.resent", subject=str(delivery.endpoint_id), data=data, actor=actor)
    return delivery


def write_test(actor: Actor, endpoint_id: str) -> WebhookDelivery:
    """A message that tells of nothing, to see whether the endpoint works.

    Raises:
        Conflict: the endpoint is disabled.
    """
    endpoint = access_endpoint(actor, endpoint_id)
    if endpoint.disabled_at:
        raise Conflict("The endpoint is disabled. Enable it first")
    moment = now()
    event = Event(0, str(uuid.uuid4()), "webhook.test", str(endpoint.pk), moment, actor.label, {})
    return WebhookDelivery.objects.create(
        endpoint=endpoint,
        event_id=event.id,
        event_type=event.type,
        body=json.dumps(event.as_cloud_event(settings.SITE_URL), separators=(",", ":")),
        next_try_at=moment,
        created_at=moment,
    )


def forget_old(days: int = 30) -> None:
    """Delete what was sent or given up some time ago, and secrets that no longer sign."""
    from onecouncil.integration.models import WebhookSecret

    ended = WebhookDelivery.objects.exclude(state=WebhookDelivery.WAITING)
    ended.filter(created_at__lt=now() - timedelta(days=days)).delete()
    WebhookSecret.objects.filter(ends_at__lt=now()).delete()


def _take(delivery_id: int) -> WebhookDelivery | None:
    """Lease a delivery that is due, so that no second worker sends it meanwhile."""
    moment = now()
    due = WebhookDelivery.objects.filter(pk=delivery_id, state=WebhookDelivery.WAITING, next_try_at__lte=moment)
    if not due.update(next_try_at=moment + LEASE):
        return None
    return WebhookDelivery.objects.select_related("endpoint").filter(pk=delivery_id).first()


def _secrets(endpoint: WebhookEndpoint) -> list[str]:
    """Those that sign now, the current one first."""
    signing = endpoint.secrets.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now())).order_by("-created_at")
    return [rules.secret_of(settings.SECRET_KEY, salt) for salt in signing.values_list("salt", flat=True)]


def _sent(delivery: WebhookDelivery, code: int) -> None:
    with transaction.atomic():
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            state=WebhookDelivery.SENT,
            attempts=delivery.attempts + 1,
            response_code=code,
            last_error="",
            sent_at=now(),
        )
        if delivery.endpoint.failing_since:
            WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(failing_since=None)


def _failed(delivery: WebhookDelivery, code: int | None, words: str) -> timedelta | None:
    attempts, moment, endpoint = delivery.attempts + 1, now(), delivery.endpoint
    wait = None if code == GONE else rules.wait_after(attempts)
    with transaction.atomic():
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            state=WebhookDelivery.WAITING if wait else WebhookDelivery.FAILED,
            attempts=attempts,
            next_try_at=moment + (wait or LEASE),
            response_code=code,
            last_error=words[:200],
        )
        WebhookEndpoint.objects.filter(pk=endpoint.pk, failing_since__isnull=True).update(failing_since=moment)
        if code == GONE:
            _give_up_on(endpoint, "It answered that it is gone (410)")
        elif endpoint.failing_since and moment - endpoint.failing_since > rules.DISABLE_AFTER:
            _give_up_on(endpoint, f"It failed for {rules.DISABLE_AFTER.days} days")
    return wait


def _give_up_on(endpoint: WebhookEndpoint, reason: str) -> None:
    """Switch it off and write to the administrators; inside the caller's transaction."""
    switch_off(endpoint, reason, _US)
    for user in accounts.staff_with_role("administrator"):
        messaging.send(
            to=messaging.Recipient(email=user.email, name=user.name),
            template="integration-endpoint-disabled",
            context={"url": endpoint.url, "reason": reason, "endpoint": str(endpoint.pk)},
            key=f"webhook-off:{endpoint.pk}:{now():%Y%m%d}:{user.id}",
            about=str(endpoint.pk),
        )


def _put_off(delivery: WebhookDelivery, wait: timedelta) -> timedelta:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(next_try_at=now() + wait)
    return wait
