# SPDX-License-Identifier: MIT
"""More of services over HTTP: files of a draft, handing a draft in, withdrawing, and the editor's words."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema, Status, UploadedFile
from pydantic import Field

from onecouncil.core.permissions import require, require_signed_in
from onecouncil.core.problems import NotFound
from onecouncil.services import reads
from onecouncil.services.actions import drafting, programs, publishing, submitting
from onecouncil.services.engine import Page
from onecouncil.services.journeys import journey_of
from onecouncil.services.models import Draft, Submission
from onecouncil.services.views.asking import actor_of, own_tokens

router = Router(tags=["Services"])

Slug = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]


class FilesOut(Schema):
    """`file_ids`: all files of this question now, this one last."""

    question: str
    file_ids: list[str]


class HandInIn(Schema):
    declaration: bool = False


class HandedInOut(Schema):
    """`pay_url`: set while the submission waits to be paid."""

    reference: str
    state: str
    fee_pence: int
    pay_url: str | None


class WithdrawalIn(Schema):
    reason: Annotated[str, Field(max_length=500)] = ""


class WordsIn(Schema):
    """The words of a service's page; those left out stay. `words`: what residents call it."""

    title: str | None = None
    summary: str | None = None
    audience: str | None = None
    cost: str | None = None
    time: str | None = None
    then: str | None = None
    words: list[str] | None = None
    body: str | None = None
    note: Annotated[str, Field(max_length=200)] = ""


class VersionOut(Schema):
    slug: str
    version: int
    published: bool


@router.post("/drafts/{token}/files", response={201: FilesOut}, summary="Add a file to a draft")
def post_file(
    request: HttpRequest, token: str, question: Annotated[str, Form()], file: Annotated[UploadedFile, File()]
) -> Status[dict[str, Any]]:
    """One file for a question of type `file`, checked as on its page. A wrong one changes nothing."""
    draft = drafting.access_draft(actor_of(request), token, own_tokens(request))
    page = _page_of(draft, question)
    asked = next(one for one in page.questions if one.key == question)
    given = [(file.name or "file", file.read())]
    ids = drafting.receive_files(draft, page.key, asked, draft.answers.get(question), given)
    programs.keep_draft(draft, {question: ids})
    return Status(201, {"question": question, "file_ids": ids})


@router.post("/drafts/{token}/submission", response={201: HandedInOut}, summary="Hand a draft in")
def post_hand_in(request: HttpRequest, token: str, data: HandInIn) -> Status[dict[str, Any]]:
    """Every answer is checked again. Asked again, the same submission is the answer."""
    actor = actor_of(request)
    draft = drafting.access_draft(actor, token, own_tokens(request))
    if not Submission.objects.filter(draft=draft).exists():
        programs.complete(draft, declared=data.declaration)
    row = submitting.submit(draft, actor)
    view = reads.submission_view(row)
    pay_url = f"/apply/{draft.token}/done" if view.state == "awaiting_payment" else None
    return Status(
        201, {"reference": view.reference, "state": view.state, "fee_pence": view.fee_pence, "pay_url": pay_url}
    )


@router.post("/me/submissions/{reference}/withdrawal", response={204: None}, summary="Take back what I handed in")
def post_withdrawal(request: HttpRequest, reference: str, data: WithdrawalIn) -> HttpResponse:
    actor = actor_of(request)
    require_signed_in(actor)
    if actor.person_id is None or reads.submission(reference).person_id != actor.person_id:
        raise NotFound()
    submitting.withdraw(reference, actor, data.reason)
    return HttpResponse(status=204)


@router.put("/services/{slug}/words", response=VersionOut, summary="Change a service's words, as a draft")
def put_words(request: HttpRequest, slug: Slug, data: WordsIn) -> dict[str, Any]:
    """Residents see them after `POST /services/{slug}/publication`."""
    actor = actor_of(request)
    require(actor, "content.edit")
    service = publishing.access_service(actor, slug)
    base = publishing.draft_of(service) or service.published
    if base is None:
        raise NotFound()
    fields = data.dict(exclude={"note"})
    given = {key: base.content[key] if value is None else value for key, value in fields.items()}
    version = publishing.save_words(actor, slug, given, note=data.note)
    return {"slug": slug, "version": version.number, "published": False}


@router.post("/services/{slug}/publication", response=VersionOut, summary="Publish a service's draft words")
def post_publication(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    actor = actor_of(request)
    require(actor, "content.publish")
    version = publishing.publish(actor, slug)
    return {"slug": slug, "version": version.number, "published": True}


def _page_of(draft: Draft, question: str) -> Page:
    """The page that asks for this file. Raises NotFound: none does."""
    for page in journey_of(draft.version).pages:
        if isinstance(page, Page) and any(one.key == question and one.type == "file" for one in page.questions):
            return page
    raise NotFound()
