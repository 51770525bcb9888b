# SPDX-License-Identifier: MIT
"""Questions about endpoints, deliveries, events and the trail. Every list is a page by key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from onecouncil.core.actors import Actor
from onecouncil.core.models import AuditEntry, EventRow
from onecouncil.core.permissions import require
from onecouncil.integration.actions.managing import access_endpoint
from onecouncil.integration.models import WebhookDelivery, WebhookEndpoint

T = TypeVar("T")
PAGE = 50


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list. `next_before` is the key the next page starts below; None on the last page."""

    results: list[T]
    next_before: int | None


@dataclass(frozen=True)
class EndpointView:
    """`state`: active, failing or disabled."""

    id: str
    url: str
    types: list[str]
    description: str
    state: str
    reason: str
    created_at: datetime
    failing_since: datetime | None


@dataclass(frozen=True)
class DeliveryView:
    id: int
    event_id: str
    event_type: str
    state: str
    attempts: int
    response_code: int | None
    error: str
    created_at: datetime
    next_try_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class EventView:
    seq: int
    id: str
    type: str
    subject: str
    time: datetime
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True)
class TrailView:
    id: int
    event_id: str
    time: datetime
    actor: str
    verb: str
    subject: str


def endpoints(actor: Actor) -> list[EndpointView]:
    """All of them: there are at most `managing.MOST_ENDPOINTS`."""
    require(actor, "webhook.manage")
    return [endpoint_view(row) for row in WebhookEndpoint.objects.order_by("created_at", "pk")]


def endpoint(actor: Actor, endpoint_id: str) -> EndpointView:
    return endpoint_view(access_endpoint(actor, endpoint_id))


def has_unseen_secret(actor: Actor, endpoint_id: str) -> bool:
    found = access_endpoint(actor, endpoint_id)
    return found.secrets.filter(ends_at__isnull=True, shown_at__isnull=True).exists()


def deliveries(
    actor: Actor, endpoint_id: str, *, state: str = "", before: int | None = None, size: int = PAGE
) -> Listed[DeliveryView]:
    """An endpoint's deliveries, newest first."""
    rows = WebhookDelivery.objects.filter(endpoint=access_endpoint(actor, endpoint_id)).defer("body")
    if state:
        rows = rows.filter(state=state)
    found, key = _page(rows, before, size)
    return Listed([_delivery(row) for row in found], key)


def events(
    actor: Actor, *, subject: str = "", type: str = "", before: int | None = None, size: int = PAGE
) -> Listed[EventView]:
    """Events, newest first; `type` may end in a star (`case.*`)."""
    require(actor, "event.view")
    rows = EventRow.objects.all()
    if subject:
        rows = rows.filter(subject=subject)
    if type:
        rows = rows.filter(type__startswith=type[:-1]) if type.endswith("*") else rows.filter(type=type)
    found, key = _page(rows, before, size)
    return Listed([EventView(r.pk, str(r.event_id), r.type, r.subject, r.time, r.actor, r.data) for r in found], key)


def trail(
    actor: Actor, *, subject: str = "", who: str = "", before: int | None = None, size: int = PAGE
) -> Listed[TrailView]:
    """The audit trail, newest first."""
    require(actor, "audit.view")
    rows = AuditEntry.objects.all()
    if subject:
        rows = rows.filter(subject=subject)
    if who:
        rows = rows.filter(actor=who)
    found, key = _page(rows, before, size)
    return Listed([TrailView(r.pk, str(r.event_id), r.time, r.actor, r.verb, r.subject) for r in found], key)


def endpoint_view(row: WebhookEndpoint) -> EndpointView:
    state = "disabled" if row.disabled_at else "failing" if row.failing_since else "active"
    return EndpointView(
        id=str(row.pk),
        url=row.url,
        types=list(row.types),
        description=row.description,
        state=state,
        reason=row.disabled_reason,
        created_at=row.created_at,
        failing_since=row.failing_since,
    )


def _delivery(row: WebhookDelivery) -> DeliveryView:
    return DeliveryView(
        id=row.pk,
        event_id=str(row.event_id),
        event_type=row.event_type,
        state=row.state,
        attempts=row.attempts,
        response_code=row.response_code,
        error=row.last_error,
        created_at=row.created_at,
        next_try_at=row.next_try_at if row.state == WebhookDelivery.WAITING else None,
        sent_at=row.sent_at,
    )


def _page(rows: QuerySet[Any], before: int | None, size: int) -> tuple[list[Any], int | None]:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    more = len(found) > size
    found = found[:size]
    return found, found[-1].pk if more else None
