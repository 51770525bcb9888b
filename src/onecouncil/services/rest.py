# SPDX-License-Identifier: MIT
"""Services over HTTP, under /api/v1: read them, fill a draft, hand a journey in."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field

from onecouncil.core import ports
from onecouncil.core.borough import borough
from onecouncil.core.permissions import require_signed_in
from onecouncil.core.problems import Invalid, NotFound
from onecouncil.services import reads
from onecouncil.services.actions import drafting, programs
from onecouncil.services.actions.drafting import Beginning
from onecouncil.services.journeys import engine_part
from onecouncil.services.models import Draft
from onecouncil.services.reads import ServiceView, SubmissionView
from onecouncil.services.rest_more import router as more
from onecouncil.services.sitting import sit_down
from onecouncil.services.views.asking import actor_of, own_tokens

router = Router(tags=["Services"])
router.add_router("", more)

Slug = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
Size = Annotated[int, Query(ge=1, le=200)]


class ServiceOut(Schema):
    slug: str
    title: str
    summary: str
    category: str
    lgsl: int | None
    url: str
    has_journey: bool
    version: int


class WholeServiceOut(ServiceOut):
    audience: str
    cost: str
    time: str
    then: str
    body: str
    related: list[str]


class ServicesOut(Schema):
    """`next`: give it as `after` for the next page; null on the last."""

    items: list[ServiceOut]
    next: str | None


class SubmissionIn(Schema):
    """`answers`: question key → value, as the journey says. `person_id`: for whom, by an adviser."""

    answers: dict[str, Any]
    declaration: bool = False
    about: Annotated[str, Field(max_length=80)] = ""
    person_id: Annotated[str, Field(max_length=40)] | None = None


class SubmissionOut(Schema):
    """`state` awaiting_payment: pay at `pay_url`; it is received when it is paid."""

    reference: str
    service: str
    service_title: str
    state: str
    fee_pence: int
    pay_url: str | None
    created_at: datetime
    submitted_at: datetime | None


class SubmissionsOut(Schema):
    items: list[SubmissionOut]
    next: str | None


class DraftIn(Schema):
    service: Slug
    answers: dict[str, Any] = {}
    about: Annotated[str, Field(max_length=80)] = ""


class AnswersIn(Schema):
    answers: dict[str, Any]


class DraftOut(Schema):
    """`next_page`: the page to answer next; "check" when all is answered."""

    token: str
    service: str
    answers: dict[str, Any]
    next_page: str
    url: str
    expires_at: datetime


@router.get("/services", response=ServicesOut, summary="All services, by slug")
def list_services(request: HttpRequest, category: str = "", after: str = "", size: Size = 100) -> dict[str, Any]:
    found = reads.services_list(category=category[:60], after=after[:80], size=size + 1)
    more = found[size - 1].slug if len(found) > size else None
    return {"items": [_service(one) for one in found[:size]], "next": more}


@router.get("/services/{slug}", response=WholeServiceOut, summary="One service")
def get_service(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    found, fill = reads.service(slug), borough().fill
    words = {key: fill(found.content[key]) for key in ("audience", "cost", "time", "then", "body")}
    return {**_service(found), **words, "related": found.content["related"]}


@router.get("/services/{slug}/journey", response=dict[str, Any], summary="A service's questions and fee")
def get_journey(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """The journey as in the service's file: pages, questions, conditions, fee."""
    found = reads.service(slug)
    if not found.has_journey:
        raise NotFound()
    sign_in = found.content["journey"].get("sign_in", "optional")
    return {"slug": found.slug, "version": found.version, "sign_in": sign_in, **engine_part(found.content, borough())}


@router.post("/services/{slug}/submissions", response={201: SubmissionOut}, summary="Hand in a journey")
def post_submission(
    request: HttpRequest,
    slug: Slug,
    data: SubmissionIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[dict[str, Any]]:
    """All answers at once, checked as the pages check them; each wrong field is told. Send an Idempotency-Key so that
    trying again hands in once."""
    row = programs.hand_in(
        actor_of(request),
        slug,
        data.answers,
        declared=data.declaration,
        about=data.about,
        for_person=data.person_id,
        key=idempotency_key,
    )
    return Status(201, _submission(reads.submission_view(row)))


@router.get("/me/submissions", response=SubmissionsOut, summary="What I handed in")
def my_submissions(request: HttpRequest, before: str = "", size: Size = 20) -> dict[str, Any]:
    actor = actor_of(request)
    require_signed_in(actor)
    if not actor.person_id:
        return {"items": [], "next": None}
    found = reads.submissions_of_person(actor.person_id, before=before[:20], size=size + 1)
    more = found[size - 1].reference if len(found) > size else None
    return {"items": [_submission(one, with_pay=False) for one in found[:size]], "next": more}


# --- drafts -----------------------------------------------------------------------------------------------------------


@router.post("/drafts", response={201: DraftOut}, summary="Begin a draft")
def post_draft(request: HttpRequest, data: DraftIn) -> Status[dict[str, Any]]:
    """Its token opens it: keep it as you would a password. A token's draft belongs to the token's owner."""
    actor = actor_of(request)
    beginning = Beginning(drafting.published_version(data.service), data.about, channel=Draft.API)
    draft = drafting.begin(actor, beginning, {})
    try:
        return Status(201, _draft(programs.keep_draft(draft, data.answers)))
    except Invalid:
        draft.delete()
        raise


@router.get("/drafts/{token}", response=DraftOut, summary="A draft")
def get_draft(request: HttpRequest, token: str) -> dict[str, Any]:
    return _draft(drafting.access_draft(actor_of(request), token, own_tokens(request)))


@router.patch("/drafts/{token}", response=DraftOut, summary="Answer more of a draft")
def patch_draft(request: HttpRequest, token: str, data: AnswersIn) -> dict[str, Any]:
    draft = drafting.access_draft(actor_of(request), token, own_tokens(request))
    return _draft(programs.keep_draft(draft, data.answers))


@router.delete("/drafts/{token}", response={204: None}, summary="Delete a draft and its files")
def delete_draft(request: HttpRequest, token: str) -> HttpResponse:
    drafting.discard(drafting.access_draft(actor_of(request), token, own_tokens(request)))
    return HttpResponse(status=204)


def _service(found: ServiceView) -> dict[str, Any]:
    fill = borough().fill
    return {
        "slug": found.slug,
        "title": fill(found.title),
        "summary": fill(found.content["summary"]),
        "category": found.category,
        "lgsl": found.lgsl,
        "url": found.url,
        "has_journey": found.has_journey,
        "version": found.version,
    }


def _submission(view: SubmissionView, *, with_pay: bool = True) -> dict[str, Any]:
    bill = ports.payments().bill_about(view.reference) if with_pay and view.state == "awaiting_payment" else None
    return {
        "reference": view.reference,
        "service": view.service,
        "service_title": view.service_title,
        "state": view.state,
        "fee_pence": view.fee_pence,
        "pay_url": bill.pay_path if bill else None,
        "created_at": view.created_at,
        "submitted_at": view.submitted_at,
    }


def _draft(draft: Draft) -> dict[str, Any]:
    sitting = sit_down(draft.version, draft=draft)
    where = sitting.where_to_go_on()
    return {
        "token": draft.token,
        "service": draft.version.content["slug"],
        "answers": draft.answers,
        "next_page": where,
        "url": f"/apply/{draft.token}/{where}",
        "expires_at": draft.expires_at,
    }
