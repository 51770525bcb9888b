# SPDX-License-Identifier: MIT
"""Cases over HTTP, under /api/v1: for officers, for the person of a case, and by reference and postcode."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from onecouncil.casework import reads
from onecouncil.casework.actions import closing, deciding, working, writing
from onecouncil.casework.actions.writing import Upload
from onecouncil.casework.asking import actor_of, limit_tracking, send_file
from onecouncil.casework.casepage import CasePage, access_file, desk_page, resident_page, tracked_page
from onecouncil.casework.tracking import find_tracked
from onecouncil.core.files import MAX_BYTES
from onecouncil.core.permissions import require, require_signed_in
from onecouncil.core.problems import Invalid

router = Router(tags=["Cases"])

Words = Annotated[str, Field(max_length=10_000)]
TaskId = Annotated[int, Path(ge=1, le=2**62)]
Size = Annotated[int, Query(ge=1, le=100, description="how many to a page")]


class CaseOut(Schema):
    """One case in a list."""

    reference: str
    service: str
    kind: str
    title: str
    unit: str
    state: str
    stage: str
    outcome: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    overdue: bool


class DeskCaseOut(CaseOut):
    """What officers see besides."""

    person_id: str | None
    contact_name: str
    assigned_to: str
    resident_replied: bool


class EntryOut(Schema):
    id: int
    kind: str
    title: str
    text: str
    at: datetime
    files: list[dict[str, str]]


class StageOut(Schema):
    key: str
    label: str
    status: Literal["done", "current", "todo"]
    promise: str
    reached_at: datetime | None


class TaskOut(Schema):
    id: int
    label: str
    unit: str
    state: str
    due_at: datetime
    result: str


class PermitOut(Schema):
    number: str
    label: str
    starts: str
    ends: str
    state: str
    details: dict[str, str]
    renew_path: str


class WholeCaseOut(CaseOut):
    """One case with all that its reader may see."""

    level: int
    stages: list[StageOut]
    entries: list[EntryOut]
    tasks: list[TaskOut]
    permit: PermitOut | None
    may_withdraw: bool
    may_ask_second_stage: bool


class DeskWholeCaseOut(WholeCaseOut):
    person_id: str | None
    contact_name: str
    contact_email: str
    contact_phone: str
    assigned_to: str
    resident_replied: bool
    decisions: list[dict[str, str]]


class CaseList(Schema):
    """`next` is the `after` of the next page; empty on the last one."""

    results: list[CaseOut]
    next: str


class DeskCaseList(Schema):
    results: list[DeskCaseOut]
    next: str


class StatusOut(Schema):
    """What a reference and its postcode show without an account."""

    reference: str
    title: str
    state: str
    stage: str
    due_at: datetime
    closed_at: datetime | None
    stages: list[StageOut]


class MessageIn(Schema):
    """`wait`: the case waits for the resident's answer."""

    message: Words
    wait: bool = False


class ReplyIn(Schema):
    message: Words


class NoteIn(Schema):
    note: Words


class ReasonIn(Schema):
    reason: Words


class SecondStageIn(Schema):
    """Nobody has to say why."""

    about: Words = ""


class StageIn(Schema):
    stage: str = Field(max_length=40)


class DecisionIn(Schema):
    decision: str = Field(max_length=40)
    reason: Words = ""


class AssignmentIn(Schema):
    """`officer`: "me", "nobody" or a user id."""

    officer: str = Field(max_length=20)


class TaskIn(Schema):
    result: str = Field("", max_length=300)
    dropped: bool = False


class TrackIn(Schema):
    reference: str = Field(max_length=40)
    postcode: str = Field(max_length=12)


class DeskFilters(Schema):
    view: Literal["open", "replied", "waiting", "overdue", "closed"] = "open"
    mine: bool = False
    unit: str = Field("", max_length=60)
    kind: str = Field("", max_length=60)
    q: str = Field("", max_length=100)
    after: str = Field("", max_length=60)


@router.get("/cases", response=DeskCaseList, summary="The worklist, by due date")
def list_cases(request: HttpRequest, filters: Query[DeskFilters], size: Size = 25) -> dict[str, Any]:
    wanted = reads.Filters(filters.view, filters.mine, filters.unit, filters.kind, filters.q, filters.after)
    found = reads.worklist(actor_of(request), wanted, size)
    return {"results": [_desk_row(row) for row in found.rows], "next": found.next_key}


@router.get("/cases/{reference}", response=DeskWholeCaseOut, summary="One case, for officers; the look is logged")
def one_case(request: HttpRequest, reference: str) -> dict[str, Any]:
    page = desk_page(actor_of(request), reference)
    choices = [{"key": one.key, "label": one.label} for one in page.decisions]
    contact = {"contact_email": page.contact_email, "contact_phone": page.contact_phone}
    return {**_whole(page), **_desk_row(page.row), **contact, "decisions": choices}


@router.get("/cases/{reference}/files/{file_id}", summary="One file of a case, as a download")
def case_file(request: HttpRequest, reference: str, file_id: str) -> HttpResponse:
    require(actor_of(request), "case.view")
    return send_file(*access_file(actor_of(request), reference, file_id))


@router.post("/cases/{reference}/messages", response={201: None}, summary="Write to the resident")
def post_message(request: HttpRequest, reference: str, body: MessageIn) -> Status[None]:
    writing.write_to_resident(actor_of(request), reference, body.message, wait=body.wait)
    return Status(201, None)


@router.post("/cases/{reference}/notes", response={201: None}, summary="Keep a note for colleagues")
def post_note(request: HttpRequest, reference: str, body: NoteIn) -> Status[None]:
    working.note(actor_of(request), reference, body.note)
    return Status(201, None)


@router.post("/cases/{reference}/decisions", response={201: None}, summary="Decide")
def post_decision(request: HttpRequest, reference: str, body: DecisionIn) -> Status[None]:
    deciding.decide(actor_of(request), reference, body.decision, body.reason)
    return Status(201, None)


@router.post("/cases/{reference}/stage", response={204: None}, summary="Move to another stage")
def post_stage(request: HttpRequest, reference: str, body: StageIn) -> Status[None]:
    working.change_stage(actor_of(request), reference, body.stage)
    return Status(204, None)


@router.post("/cases/{reference}/assignment", response={204: None}, summary="Take, give or hand back")
def post_assignment(request: HttpRequest, reference: str, body: AssignmentIn) -> Status[None]:
    if body.officer == "me":
        working.take(actor_of(request), reference)
    elif body.officer == "nobody":
        working.hand_back(actor_of(request), reference)
    else:
        working.give(actor_of(request), reference, body.officer)
    return Status(204, None)


@router.post("/cases/{reference}/close", response={204: None}, summary="Close without a decision")
def post_close(request: HttpRequest, reference: str, body: ReasonIn) -> Status[None]:
    closing.close_case(actor_of(request), reference, body.reason)
    return Status(204, None)


@router.post("/cases/{reference}/reopen", response={204: None}, summary="Take a closed case up again")
def post_reopen(request: HttpRequest, reference: str, body: ReasonIn) -> Status[None]:
    closing.reopen(actor_of(request), reference, body.reason)
    return Status(204, None)


@router.post("/cases/{reference}/tasks/{task_id}/done", response={204: None}, summary="Finish a task")
def post_task_done(request: HttpRequest, reference: str, task_id: TaskId, body: TaskIn) -> Status[None]:
    working.finish_task(actor_of(request), reference, task_id, body.result, dropped=body.dropped)
    return Status(204, None)


@router.get("/me/cases", response=CaseList, summary="One's own cases, newest first")
def my_cases(
    request: HttpRequest, after: Annotated[int | None, Query(ge=1, le=2**62)] = None, size: Size = 20
) -> dict[str, Any]:
    actor = actor_of(request)
    require_signed_in(actor)
    rows = reads.cases_of_person(actor.person_id, before=after, size=size + 1) if actor.person_id else []
    return {"results": [_row(row) for row in rows[:size]], "next": str(rows[size - 1].id) if len(rows) > size else ""}


@router.get("/me/cases/{reference}", response=WholeCaseOut, summary="One of one's own cases")
def my_case(request: HttpRequest, reference: str) -> dict[str, Any]:
    require_signed_in(actor_of(request))
    return _whole(resident_page(actor_of(request), reference))


@router.get("/me/cases/{reference}/files/{file_id}", summary="One file of one's own case, as a download")
def my_file(request: HttpRequest, reference: str, file_id: str) -> HttpResponse:
    require_signed_in(actor_of(request))
    resident_page(actor_of(request), reference)
    return send_file(*access_file(actor_of(request), reference, file_id))


@router.post("/me/cases/{reference}/messages", response={201: None}, summary="Write to the council")
def my_message(request: HttpRequest, reference: str, body: ReplyIn) -> Status[None]:
    require_signed_in(actor_of(request))
    writing.reply(actor_of(request), reference, body.message)
    return Status(201, None)


@router.post("/me/cases/{reference}/documents", response={201: None}, summary="Write to the council, with files")
def my_documents(
    request: HttpRequest, reference: str, message: Form[Words], files: File[list[UploadedFile]]
) -> Status[None]:
    require_signed_in(actor_of(request))
    if any((one.size or 0) > MAX_BYTES for one in files):
        raise Invalid({"files": f"Each file must be smaller than {MAX_BYTES // 1024 // 1024} MB"})
    uploads = [Upload(one.name or "file", one.read()) for one in files]
    writing.reply(actor_of(request), reference, message, uploads)
    return Status(201, None)


@router.post("/me/cases/{reference}/second-stage", response={204: None}, summary="Ask for stage 2 of a complaint")
def my_second_stage(request: HttpRequest, reference: str, body: SecondStageIn) -> Status[None]:
    require_signed_in(actor_of(request))
    closing.ask_second_stage(actor_of(request), reference, body.about)
    return Status(204, None)


@router.post("/track", response=StatusOut, summary="How a request is going, by reference and postcode")
def track(request: HttpRequest, body: TrackIn) -> dict[str, Any]:
    limit_tracking(request, body.reference)
    page = tracked_page(find_tracked(body.reference, body.postcode))
    row = _row(page.row)
    wanted = ("reference", "title", "state", "stage", "due_at", "closed_at")
    return {**{key: row[key] for key in wanted}, "stages": [vars(stage) for stage in page.stages]}


def _row(row: reads.CaseRow) -> dict[str, Any]:
    return {**vars(row), "stage": row.stage_label}


def _desk_row(row: reads.CaseRow) -> dict[str, Any]:
    return {**_row(row), "assigned_to": row.assigned_name, "resident_replied": row.replied}


def _whole(page: CasePage) -> dict[str, Any]:
    permit = page.permit
    return {
        **_row(page.row),
        "level": page.level,
        "stages": [vars(stage) for stage in page.stages],
        "entries": [_entry(entry) for entry in page.entries],
        "tasks": [vars(task) for task in page.tasks],
        "permit": {**vars(permit), "details": dict(permit.details), **_dates(permit)} if permit else None,
        "may_withdraw": page.may_withdraw,
        "may_ask_second_stage": page.may_ask_second_stage,
    }


def _entry(entry: reads.EntryView) -> dict[str, Any]:
    return {**vars(entry), "files": [{"id": id_, "name": name} for id_, name in entry.files]}


def _dates(permit: reads.PermitView) -> dict[str, str]:
    return {"starts": permit.starts.isoformat(), "ends": permit.ends.isoformat()}
