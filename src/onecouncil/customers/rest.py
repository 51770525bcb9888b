# SPDX-License-Identifier: MIT
"""Customers over HTTP, under /api/v1: find, state the purpose, read; write down and correct.

A record is readable for 30 minutes after its purpose was stated by `POST /customers/{id}/looks`, which the person sees.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from onecouncil.accounts import api as accounts
from onecouncil.core import limits
from onecouncil.core.permissions import require
from onecouncil.customers import opening, reads
from onecouncil.customers.asking import asker

router = Router(tags=["Customers"])


class PersonOut(Schema):
    id: str
    name: str
    email: str
    phone: str
    address: str
    postcode: str
    uprn: str


class FoundOut(Schema):
    """A page by key: give `next_after` as `after` for the next one."""

    results: list[PersonOut]
    next_after: str


class LookIn(Schema):
    purpose: Literal["enquiry", "casework", "payment", "safeguarding", "quality"]


class LookOut(Schema):
    open_until: datetime


class CaseOut(Schema):
    reference: str
    title: str
    state: str
    stage_label: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


class UnpaidOut(Schema):
    reference: str
    about: str
    description: str
    total_pence: int


class PermitOut(Schema):
    number: str
    label: str
    starts: date
    ends: date
    state: str


class CustomerOut(Schema):
    """One person as staff see them."""

    person: PersonOut
    date_of_birth: date | None
    has_account: bool
    open_cases: list[CaseOut]
    closed_cases: list[CaseOut]
    unpaid: list[UnpaidOut]
    owed_pence: int
    permits: list[PermitOut]


class LineOut(Schema):
    """One thing that happened. `source`: submissions, entries (of cases), payments or messages."""

    source: str
    at: datetime
    title: str
    text: str
    reference: str
    by: str
    note: bool


class TimelineOut(Schema):
    """A page by key: give `next_after` as `after` for the next one."""

    results: list[LineOut]
    next_after: str


class DetailsIn(Schema):
    name: str
    phone: str = ""
    date_of_birth: date | None = None


class CustomerIn(DetailsIn):
    """Somebody who is not known yet. Give the address by `uprn`, or as `line` and `postcode`."""

    email: str = ""
    uprn: str = ""
    line: str = ""
    postcode: str = ""


class MadeOut(Schema):
    id: str


@router.get("/customers", response=FoundOut, summary="Find a customer")
def find(
    request: HttpRequest, q: str = "", after: str = "", size: Annotated[int, Field(ge=1, le=100)] = reads.PAGE
) -> dict[str, object]:
    """By name, e-mail, phone, postcode, address, or the reference of a request."""
    actor = asker(request)
    require(actor, "customer.search")
    limits.hit("customer-search", f"user:{actor.user_id}", limit=120, seconds=300)
    found = reads.search(actor, q.strip()[:120], after=after, size=size)
    return {"results": list(found.people), "next_after": found.next_key}


@router.post("/customers", response={201: MadeOut}, summary="Write down somebody who is not known")
def create(request: HttpRequest, body: CustomerIn) -> Status[object]:
    details = accounts.DetailsGiven(body.name, body.phone, body.date_of_birth)
    given = accounts.AddressGiven(body.uprn, body.line, body.postcode)
    address = given if body.uprn or body.line or body.postcode else None
    return Status(201, {"id": accounts.create_person(asker(request), details, body.email, address)})


@router.post("/customers/{person_id}/looks", response={201: LookOut}, summary="Say why you need a record; opens it")
def look(request: HttpRequest, person_id: UUID, body: LookIn) -> Status[object]:
    return Status(201, {"open_until": opening.open_record(asker(request), str(person_id), body.purpose)})


@router.get("/customers/{person_id}", response=CustomerOut, summary="One customer")
def one(request: HttpRequest, person_id: UUID) -> dict[str, object]:
    actor = asker(request)
    opening.require_look(actor, str(person_id))
    held = reads.customer(actor, str(person_id))
    return {
        "person": held.person,
        "date_of_birth": held.person.date_of_birth,
        "has_account": held.person.user_id is not None,
        "open_cases": list(held.open_cases),
        "closed_cases": list(held.closed_cases),
        "unpaid": list(held.unpaid),
        "owed_pence": held.owed_pence,
        "permits": list(held.permits),
    }


@router.put("/customers/{person_id}", response={204: None}, summary="Correct a customer's details")
def correct(request: HttpRequest, person_id: UUID, body: DetailsIn) -> Status[object]:
    actor = asker(request)
    require(actor, "customer.edit")
    opening.require_look(actor, str(person_id))
    accounts.change_details(actor, str(person_id), accounts.DetailsGiven(body.name, body.phone, body.date_of_birth))
    return Status(204, None)


@router.get("/customers/{person_id}/timeline", response=TimelineOut, summary="All that happened, newest first")
def history(
    request: HttpRequest, person_id: UUID, after: str = "", size: Annotated[int, Field(ge=1, le=100)] = reads.PAGE
) -> dict[str, object]:
    actor = asker(request)
    opening.require_look(actor, str(person_id))
    reads.access_customer(actor, str(person_id))
    page = reads.timeline(actor, str(person_id), after=after, size=size)
    return {"results": list(page.lines), "next_after": page.next_place}
