# SPDX-License-Identifier: MIT
"""Adding, changing and switching off endpoints. Each verb: may I, do it, tell the house (and so the trail)."""

import secrets
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid, NotFound
from onecouncil.integration import rules
from onecouncil.integration.models import WebhookDelivery, WebhookEndpoint, WebhookSecret

MOST_ENDPOINTS = 50


def access_endpoint(actor: Actor, endpoint_id: str) -> WebhookEndpoint:
    """One endpoint.

    Raises:
        Forbidden, SignInNeeded: not theirs to manage.
        NotFound: there is none.
    """
    require(actor, "webhook.manage")
    try:
        found = WebhookEndpoint.objects.filter(pk=uuid.UUID(str(endpoint_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound()
    return found


def add_endpoint(actor: Actor, url: str, types: Sequence[str], description: str = "") -> WebhookEndpoint:
    """A new endpoint with its first secret, which can be shown once (`show_secret`).

    Raises:
        Invalid: the address or the kinds of events are no good, or there are too many endpoints.
    """
    require(actor, "webhook.manage")
    url, patterns = url.strip(), _tidy(types)
    _check(url, patterns, description)
    with transaction.atomic():
        if WebhookEndpoint.objects.count() >= MOST_ENDPOINTS:
            raise Invalid({"url": f"There are {MOST_ENDPOINTS} endpoints already. Remove one first"})
        moment = now()
        endpoint = WebhookEndpoint.objects.create(
            url=url, types=patterns, description=description.strip(), created_by=actor.label, created_at=moment
        )
        _new_secret(endpoint)
        _publish("webhook.added", endpoint, actor)
    return endpoint


def change_endpoint(
    actor: Actor, endpoint_id: str, url: str, types: Sequence[str], description: str
) -> WebhookEndpoint:
    """Another address or other kinds of events; what is already on its way goes to the new address."""
    endpoint = access_endpoint(actor, endpoint_id)
    url, patterns = url.strip(), _tidy(types)
    _check(url, patterns, description)
    with transaction.atomic():
        endpoint.url, endpoint.types, endpoint.description = url, patterns, description.strip()
        endpoint.save(update_fields=["url", "types", "description"])
        _publish("webhook.changed", endpoint, actor)
    return endpoint


def show_secret(actor: Actor, endpoint_id: str) -> str:
    """The current secret, once.

    Raises:
        Conflict: it was shown before.
    """
    endpoint = access_endpoint(actor, endpoint_id)
    with transaction.atomic():
        unseen = endpoint.secrets.filter(ends_at__isnull=True, shown_at__isnull=True)
        if not unseen.update(shown_at=now()):
            raise Conflict("This secret was shown before and cannot be shown again. Make a new one instead")
        salt = endpoint.secrets.get(ends_at__isnull=True).salt
    return rules.secret_of(settings.SECRET_KEY, salt)


def rotate_secret(actor: Actor, endpoint_id: str) -> WebhookEndpoint:
    """A new secret; the old one goes on signing beside it for a day. An older one still around ends now."""
    endpoint = access_endpoint(actor, endpoint_id)
    with transaction.atomic():
        endpoint.secrets.filter(ends_at__isnull=False).delete()
        endpoint.secrets.filter(ends_at__isnull=True).update(ends_at=now() + rules.OVERLAP)
        _new_secret(endpoint)
        _publish("webhook.rotated", endpoint, actor)
    return endpoint


def disable_endpoint(actor: Actor, endpoint_id: str) -> None:
    """Send it nothing more. What was waiting is given up; it can be resent later."""
    endpoint = access_endpoint(actor, endpoint_id)
    with transaction.atomic():
        switch_off(endpoint, "Disabled by an administrator", actor)


def enable_endpoint(actor: Actor, endpoint_id: str) -> None:
    endpoint = access_endpoint(actor, endpoint_id)
    with transaction.atomic():
        changed = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=False).update(
            disabled_at=None, disabled_reason="", failing_since=None
        )
        if changed:
            _publish("webhook.enabled", endpoint, actor)


def remove_endpoint(actor: Actor, endpoint_id: str) -> None:
    """Forget the endpoint, its secrets and its deliveries; the trail keeps that it was there."""
    endpoint = access_endpoint(actor, endpoint_id)
    with transaction.atomic():
        _publish("webhook.removed", endpoint, actor)
        endpoint.delete()


def switch_off(endpoint: WebhookEndpoint, reason: str, actor: Actor) -> None:
    """Disable inside the caller's transaction; a second time changes nothing."""
    active = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=True)
    if not active.update(disabled_at=now(), disabled_reason=reason):
        return
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=WebhookDelivery.WAITING)
    waiting.update(state=WebhookDelivery.FAILED, last_error="The endpoint was disabled")
    _publish("webhook.disabled", endpoint, actor)


def _new_secret(endpoint: WebhookEndpoint) -> None:
    salt = secrets.token_urlsafe(32)
    secret = rules.secret_of(settings.SECRET_KEY, salt)
    WebhookSecret.objects.create(endpoint=endpoint, salt=salt, fingerprint=rules.fingerprint(secret), created_at=now())


def _publish(event_type: str, endpoint: WebhookEndpoint, actor: Actor) -> None:
    publish(event_type, subject=str(endpoint.pk), data={"endpoint": str(endpoint.pk)}, actor=actor)


def _tidy(types: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in types if one.strip()))


def _check(url: str, patterns: Sequence[str], description: str) -> None:
    faults = {"url": rules.check_url(url, demo=settings.DEMO), "types": rules.check_patterns(patterns)}
    if len(description.strip()) > 120:
        faults["description"] = "The description must be 120 characters or fewer"
    faults = {field: fault for field, fault in faults.items() if fault}
    if faults:
        raise Invalid(faults)
