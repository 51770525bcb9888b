# SPDX-License-Identifier: MIT
"""One case as a page: for its officer, and for its person (who sees less)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onecouncil.casework import below, letters, rules, timeline
from onecouncil.casework.access import Grant, access_case, is_own
from onecouncil.casework.actions.closing import decided, may_ask_second_stage
from onecouncil.casework.casetypes import CaseType
from onecouncil.casework.models import Case
from onecouncil.casework.reads import (
    CaseRow,
    EntryView,
    PermitView,
    TaskView,
    case_row,
    entry_view,
    permit_of_case,
    tasks_of,
)
from onecouncil.casework.typestore import type_of
from onecouncil.core import audit, files
from onecouncil.core.actors import ANONYMOUS, Actor
from onecouncil.core.files import FileView
from onecouncil.core.messaging import MessageView, messages_about
from onecouncil.core.permissions import require
from onecouncil.core.problems import NotFound

if TYPE_CHECKING:
    from onecouncil.services.api import SummarySection

DONE, CURRENT, TODO = "done", "current", "todo"


@dataclass(frozen=True)
class StageView:
    """One step of the progress list. `promise` only where it still matters: at the current step."""

    key: str
    label: str
    status: str
    promise: str
    reached_at: datetime | None


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class CasePage:
    """What both sides see of a case."""

    row: CaseRow
    level: int
    level_label: str
    second_label: str
    summary: "tuple[SummarySection, ...]"
    stages: tuple[StageView, ...]
    entries: tuple[EntryView, ...]
    tasks: tuple[TaskView, ...]
    files: tuple[FileView, ...]
    permit: PermitView | None
    may_withdraw: bool
    may_ask_second_stage: bool


@dataclass(frozen=True)
class DeskPage(CasePage):
    """What only an officer sees besides."""

    contact_email: str
    contact_phone: str
    postcode: str
    place_text: str
    assigned_user_id: int | None
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    breached_at: datetime | None
    stage_choices: tuple[Choice, ...]
    decisions: tuple[Choice, ...]
    messages: tuple[MessageView, ...]


def resident_page(actor: Actor, reference: str, grant: Grant | None = None) -> CasePage:
    """A case as its person sees it.

    Raises:
        NotFound: it is not theirs; being an officer does not make it theirs.
    """
    case = access_case(actor, reference, grant=grant)
    if not is_own(actor, case, grant):
        raise NotFound()
    return CasePage(**_common(case, public_only=True))


def desk_page(actor: Actor, reference: str) -> DeskPage:
    """A case as its officer sees it. Looking at a person's case is logged, and that person can read the log."""
    require(actor, "case.view")
    case = access_case(actor, reference)
    if case.person_id:
        audit.look(actor, str(case.person_id), purpose="casework", what=f"case {reference}")
    case_type = type_of(case)
    return DeskPage(
        **_common(case, public_only=False),
        contact_email=case.contact_email,
        contact_phone=case.contact_phone,
        postcode=case.track_postcode,
        place_text=case.place_text,
        assigned_user_id=case.assigned_user_id,
        acknowledge_by=case.acknowledge_by,
        acknowledged_at=case.acknowledged_at,
        breached_at=case.breached_at,
        stage_choices=tuple(Choice(stage.key, stage.label) for stage in case_type.stages if not stage.final),
        decisions=tuple(
            Choice(one.key, one.label, "Needs a reason" if one.needs_reason else "") for one in case_type.decisions
        ),
        messages=tuple(messages_about(reference)),
    )


def access_file(actor: Actor, reference: str, file_id: str, grant: Grant | None = None) -> tuple[FileView, bytes]:
    """One file of a case.

    Raises:
        NotFound: no such case, not theirs, or the file is not one of this case.
    """
    case = access_case(actor, reference, grant=grant)
    view = next((one for one in files.files_about(case.reference) if one.id == file_id), None)
    if view is None:
        raise NotFound()
    if case.person_id and not is_own(actor, case, grant):
        audit.look(actor, str(case.person_id), purpose="casework", what=f"file of case {reference}")
    return view, files.read(file_id)


def progress(case: Case, case_type: CaseType, entries: tuple[EntryView, ...]) -> tuple[StageView, ...]:
    """The stages with the day each was reached since the case was last taken up."""
    reached: dict[str, datetime] = {}
    for entry in entries:
        if entry.kind in (timeline.OPENED, timeline.REOPENED, timeline.ESCALATED):
            reached = {}
        if entry.data.get("stage"):
            reached[entry.data["stage"]] = entry.at
    keys = [stage.key for stage in case_type.stages]
    at = keys.index(case.stage) if case.stage in keys else 0
    views = []
    for place, stage in enumerate(case_type.stages):
        status = TODO if place > at else CURRENT if place == at and not case.closed_at else DONE
        when = case.closed_at if stage.final else reached.get(stage.key)
        promise = letters.promise(stage.promise, case) if status == CURRENT else ""
        if status == DONE and when is None and not stage.final:
            continue  # a step this case never took
        views.append(StageView(stage.key, stage.label, status, promise, when if status != TODO else None))
    return tuple(views)


def _common(case: Case, *, public_only: bool) -> dict[str, Any]:
    case_type = type_of(case)
    rows = case.entries.filter(public=True) if public_only else case.entries.all()
    entries = tuple(entry_view(row, case.reference) for row in rows.order_by("pk")[:500])
    second = case_type.second_stage
    return {
        "row": case_row(case),
        "level": case.level,
        "level_label": second.label if second and case.level == 2 else "",
        "second_label": second.label if second else "",
        "summary": _summary(case.reference),
        "stages": progress(case, case_type, entries),
        "entries": entries,
        "tasks": tuple(task for task in tasks_of(case) if task.public or not public_only),
        "files": tuple(files.files_about(case.reference)),
        "permit": permit_of_case(case),
        "may_withdraw": rules.may_withdraw(case_type, case.state, decided(case)),
        "may_ask_second_stage": may_ask_second_stage(case, case_type),
    }


def _summary(reference: str) -> "tuple[SummarySection, ...]":
    """What was asked; nothing for a case the house opened by itself, or once it was erased."""
    try:
        return below.submission(reference).summary
    except NotFound:
        return ()


def tracked_page(reference: str) -> CasePage:
    """A case for who has just shown its reference and postcode."""
    return resident_page(ANONYMOUS, reference, Grant(reference))
