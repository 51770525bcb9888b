# SPDX-License-Identifier: MIT
"""The HTTP API of the integration room: webhooks, and the events they tell of."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from onecouncil.core.actors import Actor
from onecouncil.integration import reads, tasks
from onecouncil.integration.actions import managing

router = Router(tags=["Webhooks and events"])

Before = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="`next_before` of the page before")]
Size = Annotated[int, Query(ge=1, le=100, description="how many to a page")]


class EndpointIn(Schema):
    """`types`: kinds of events, such as `case.opened`, `payment.*` or `*`."""

    url: str = Field(max_length=500)
    types: list[Annotated[str, Field(max_length=80)]] = Field(max_length=20)
    description: str = Field(default="", max_length=120)


class EndpointOut(Schema):
    id: str
    url: str
    types: list[str]
    description: str
    state: str
    reason: str
    created_at: datetime
    failing_since: datetime | None


class EndpointWithSecretOut(EndpointOut):
    """`secret` is told here and never again."""

    secret: str


class EndpointList(Schema):
    """All of them: there are never more than 50."""

    results: list[EndpointOut]
    next_before: int | None = None


class DeliveryOut(Schema):
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


class DeliveryPage(Schema):
    """A page by key: give `next_before` as `before` for the next one."""

    results: list[DeliveryOut]
    next_before: int | None


class EventOut(Schema):
    seq: int
    id: str
    type: str
    subject: str
    time: datetime
    actor: str
    data: dict[str, Any]


class EventPage(Schema):
    """A page by key: give `next_before` as `before` for the next one."""

    results: list[EventOut]
    next_before: int | None


@router.get("/webhooks", response=EndpointList, summary="Webhook endpoints")
def list_endpoints(request: HttpRequest) -> dict[str, Any]:
    return {"results": reads.endpoints(_actor(request)), "next_before": None}


@router.post("/webhooks", response={201: EndpointWithSecretOut}, summary="Add a webhook endpoint")
def add_endpoint(request: HttpRequest, body: EndpointIn) -> Status[dict[str, Any]]:
    actor = _actor(request)
    made = managing.add_endpoint(actor, body.url, body.types, body.description)
    return Status(201, _with_secret(actor, str(made.pk)))


@router.get("/webhooks/{uuid:endpoint_id}", response=EndpointOut, summary="One webhook endpoint")
def one_endpoint(request: HttpRequest, endpoint_id: UUID) -> reads.EndpointView:
    return reads.endpoint(_actor(request), str(endpoint_id))


@router.put("/webhooks/{uuid:endpoint_id}", response=EndpointOut, summary="Change a webhook endpoint")
def change_endpoint(request: HttpRequest, endpoint_id: UUID, body: EndpointIn) -> reads.EndpointView:
    actor = _actor(request)
    managing.change_endpoint(actor, str(endpoint_id), body.url, body.types, body.description)
    return reads.endpoint(actor, str(endpoint_id))


@router.delete("/webhooks/{uuid:endpoint_id}", response={204: None}, summary="Remove a webhook endpoint")
def remove_endpoint(request: HttpRequest, endpoint_id: UUID) -> Status[None]:
    managing.remove_endpoint(_actor(request), str(endpoint_id))
    return Status(204, None)


@router.post("/webhooks/{uuid:endpoint_id}/rotate", response=EndpointWithSecretOut, summary="Make a new signing secret")
def rotate_secret(request: HttpRequest, endpoint_id: UUID) -> dict[str, Any]:
    actor = _actor(request)
    managing.rotate_secret(actor, str(endpoint_id))
    return _with_secret(actor, str(endpoint_id))


@router.post("/webhooks/{uuid:endpoint_id}/disable", response=EndpointOut, summary="Send an endpoint nothing more")
def disable_endpoint(request: HttpRequest, endpoint_id: UUID) -> reads.EndpointView:
    managing.disable_endpoint(_actor(request), str(endpoint_id))
    return reads.endpoint(_actor(request), str(endpoint_id))


@router.post("/webhooks/{uuid:endpoint_id}/enable", response=EndpointOut, summary="Send to an endpoint again")
def enable_endpoint(request: HttpRequest, endpoint_id: UUID) -> reads.EndpointView:
    managing.enable_endpoint(_actor(request), str(endpoint_id))
    return reads.endpoint(_actor(request), str(endpoint_id))


@router.get("/webhooks/{uuid:endpoint_id}/deliveries", response=DeliveryPage, summary="What became of each event")
def list_deliveries(
    request: HttpRequest, endpoint_id: UUID, state: str = "", before: Before = None, size: Size = 50
) -> reads.Listed[reads.DeliveryView]:
    return reads.deliveries(_actor(request), str(endpoint_id), state=_plain(state), before=before, size=size)


@router.post("/webhook-deliveries/{int:delivery_id}/resend", response={202: None}, summary="Send a delivery again")
def resend(request: HttpRequest, delivery_id: int) -> Status[None]:
    tasks.resend(_actor(request), delivery_id)
    return Status(202, None)


@router.get("/events", response=EventPage, summary="Events, newest first")
def list_events(
    request: HttpRequest, subject: str = "", type: str = "", before: Before = None, size: Size = 50
) -> reads.Listed[reads.EventView]:
    return reads.events(_actor(request), subject=_plain(subject), type=_plain(type), before=before, size=size)


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def _with_secret(actor: Actor, endpoint_id: str) -> dict[str, Any]:
    view = reads.endpoint(actor, endpoint_id)
    return {**view.__dict__, "secret": managing.show_secret(actor, endpoint_id)}


def _plain(text: str) -> str:
    """PostgreSQL keeps no NUL in text, so none can be asked for."""
    return text[:120].replace("\x00", "")
