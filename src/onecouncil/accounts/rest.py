# SPDX-License-Identifier: MIT
"""The room's HTTP API: who I am, my details, messages and looks; staff and roles. Tokens are made in the browser."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from onecouncil.accounts import actions, reads
from onecouncil.core import audit, messaging
from onecouncil.core.actors import Actor
from onecouncil.core.permissions import require_signed_in
from onecouncil.core.problems import NotFound

router = Router(tags=["accounts"])
PAGE = 20


Key = Annotated[int, Field(ge=0, le=2**62)]
"""Where a list goes on: the id of its last item."""


class Older(Schema):
    before: Key | None = None


class Further(Schema):
    """`q`: the start of a name or e-mail address; without it, staff."""

    q: Annotated[str, Field(max_length=100)] = ""
    after: Key = 0


class AddressOut(Schema):
    uprn: str
    line: str
    postcode: str


class Me(Schema):
    """The asker. `scopes` only for a token."""

    person_id: str | None
    name: str
    email: str
    phone: str
    date_of_birth: date | None
    address: AddressOut
    roles: list[str]
    scopes: list[str] | None


class DetailsIn(Schema):
    """What to change; what is left out stays."""

    name: str | None = None
    phone: str | None = None
    date_of_birth: date | None = None


class AddressIn(Schema):
    """A property by UPRN, or a line and a postcode."""

    uprn: str = ""
    line: str = ""
    postcode: str = ""


class MessageOut(Schema):
    id: int
    channel: str
    subject: str
    body: str
    about: str
    created_at: datetime


class Messages(Schema):
    """`next` is the key to send as `before` for the page after; null on the last one."""

    items: list[MessageOut]
    next: int | None


class LookOut(Schema):
    id: int
    who: str
    purpose: str
    what: str
    time: datetime


class Looks(Schema):
    items: list[LookOut]
    next: int | None


class StaffOut(Schema):
    id: int
    name: str
    email: str
    roles: list[str]


class Staff(Schema):
    """`next` is the key to send as `after` for the page after; null on the last one."""

    items: list[StaffOut]
    next: int | None


@router.get("/me", response=Me, summary="Who I am")
def me(request: HttpRequest) -> dict[str, Any]:
    return _me(_asker(request))


@router.patch("/me", response=Me, summary="Change my details")
def change_me(request: HttpRequest, given: DetailsIn) -> dict[str, Any]:
    actor = _asker(request)
    person_id = actions.own_person(actor)
    known = reads.person(person_id)
    sent = given.dict(exclude_unset=True)
    held = {"name": known.name, "phone": known.phone, "date_of_birth": known.date_of_birth} if known else {}
    merged = {**held, **sent}
    details = actions.DetailsGiven(
        name=merged.get("name") or "", phone=merged.get("phone") or "", date_of_birth=merged.get("date_of_birth")
    )
    actions.change_details(actor, person_id, details)
    return _me(actor, person_id)


@router.put("/me/address", response=Me, summary="Change my address, once for all services")
def change_my_address(request: HttpRequest, given: AddressIn) -> dict[str, Any]:
    actor = _asker(request)
    person_id = actions.own_person(actor)
    actions.change_address(actor, person_id, actions.AddressGiven(**given.dict()))
    return _me(actor, person_id)


@router.get("/me/messages", response=Messages, summary="Messages to me, newest first")
def my_messages(request: HttpRequest, page: Query[Older]) -> dict[str, Any]:
    rows = messaging.messages_to(_own(request), before=page.before, size=PAGE + 1)
    return _page([asdict(row) for row in rows])


@router.get("/me/looks", response=Looks, summary="Who looked at my record and why, newest first")
def my_looks(request: HttpRequest, page: Query[Older]) -> dict[str, Any]:
    return _page([asdict(row) for row in audit.looks_at(_own(request), before=page.before, size=PAGE + 1)])


@router.get("/people", response=Staff, summary="Staff and their roles; with q, anybody who signs in")
def people(request: HttpRequest, page: Query[Further]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return _page([asdict(row) for row in reads.users(actor, page.q, after=page.after, size=PAGE + 1)])


@router.post("/people/{int:user_id}/roles/{role}", response=StaffOut, summary="Give a role")
def give_role(request: HttpRequest, user_id: int, role: str) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actions.give_role(actor, user_id, role)
    return asdict(reads.access_user(actor, user_id))


@router.delete("/people/{int:user_id}/roles/{role}", response={204: None}, summary="Take a role")
def take_role(request: HttpRequest, user_id: int, role: str) -> Status[None]:
    actions.take_role(request.actor, user_id, role)  # type: ignore[attr-defined]
    return Status(204, None)


def _asker(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_signed_in(actor)
    return actor


def _own(request: HttpRequest) -> str:
    person_id = _asker(request).person_id
    if person_id is None:
        raise NotFound("There is no resident's record here, or this token may not see it")
    return person_id


def _me(actor: Actor, person_id: str | None = None) -> dict[str, Any]:
    own = person_id or actor.person_id
    known = reads.person(own) if own else None
    return {
        "person_id": own,
        "name": known.name if known else actor.name,
        "email": known.email if known else "",
        "phone": known.phone if known else "",
        "date_of_birth": known.date_of_birth if known else None,
        "address": {
            "uprn": known.uprn if known else "",
            "line": known.address if known else "",
            "postcode": known.postcode if known else "",
        },
        "roles": sorted(actor.roles),
        "scopes": sorted(actor.token_scopes) if actor.token_scopes is not None else None,
    }


def _page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": rows[:PAGE], "next": rows[PAGE - 1]["id"] if len(rows) > PAGE else None}
