# SPDX-License-Identifier: MIT
"""A case opens once for each submission, however often the house tells of it; and closes when it is withdrawn."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from onecouncil.casework import below, letters, rules, timeline
from onecouncil.casework.actions import moving
from onecouncil.casework.actions.closing import finish
from onecouncil.casework.actions.tasking import make_task
from onecouncil.casework.casetypes import CaseType
from onecouncil.casework.finding import keep_words
from onecouncil.casework.models import Case, CaseTypeRow, Task
from onecouncil.casework.reading import CaseTypeError
from onecouncil.casework.timeline import tell, write_down
from onecouncil.casework.typestore import keep_type, type_of
from onecouncil.core import files, ports
from onecouncil.core.actors import Actor
from onecouncil.core.addresses import tidy_postcode
from onecouncil.core.calendar import LONDON, add_working_days, end_of_day, now
from onecouncil.core.problems import Conflict

if TYPE_CHECKING:
    from onecouncil.services.api import SubmissionView


@dataclass(frozen=True)
class Opening:
    """What a case is made from. `message`: the template that tells the person, empty for none."""

    reference: str
    service: str
    title: str
    unit: str
    came: datetime
    person_id: str | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""
    place: tuple[str, float | None, float | None] = ("", None, None)
    definition: dict[str, Any] = field(default_factory=dict)
    messages: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    file_ids: tuple[str, ...] = ()
    slot_id: str = ""
    channel: str = "web"
    assisted_by: int | None = None
    message: str = "case-opened"


def open_for_submission(reference: str, actor: Actor) -> bool:
    """Open the case of a submission; False when it was open already."""
    return open_case(from_submission(below.submission(reference)), actor)


def from_submission(view: "SubmissionView") -> Opening:
    place = view.place
    # A place with a UPRN is somebody's address, taken from an address question: it is not put on maps.
    spot = (place.text, place.lat, place.lon) if place and not place.uprn else ("", None, None)
    return Opening(
        reference=view.reference,
        service=view.service,
        title=view.service_title,
        unit=view.unit,
        came=view.submitted_at or now(),
        person_id=view.person_id,
        name=view.name,
        email=view.email,
        phone=view.phone,
        postcode=view.postcode,
        place=spot,
        definition=view.case_definition,
        messages=view.messages,
        answers=view.answers,
        file_ids=view.file_ids,
        slot_id=view.slot_id,
        channel=view.channel,
        assisted_by=view.assisted_by,
    )


def open_case(opening: Opening, actor: Actor) -> bool:
    """Open a case once: clock, tasks, booked time, confirmation, `case.opened`. False when it was there already."""
    with transaction.atomic():
        type_row, fault = _type_row(opening)
        case, fresh = Case.objects.get_or_create(reference=opening.reference, defaults=_first_row(opening, type_row))
        if not fresh:
            return False
        case.case_type = type_row
        case_type = type_of(case)
        keep_words(case)
        _write_opened(case, opening, actor)
        if fault:
            text = f"The rules of this service could not be read: {fault}"
            write_down(case, timeline.NOTE, text, actor, public=False)
        files.attach(list(opening.file_ids), case.reference)
        _make_tasks(case, case_type, opening)
        slot = _confirm_slot(case, case_type, opening, actor)
        _on_submit(case, case_type, opening)
        if opening.message:
            promise = letters.promise(case_type.first_stage.promise, case)
            letters.write(case, opening.message, f"case-opened-{case.reference}", slot=slot, promise=promise)
        times = {"opened_at": case.opened_at.isoformat(), "due_at": case.due_at.isoformat()}
        tell(case, "opened", actor, channel=opening.channel, **times)
    return True


def withdraw_case(reference: str, actor: Actor) -> None:
    """Close the case of a withdrawn submission; nothing happens when it is closed or was never opened."""
    with transaction.atomic():
        rows = Case.objects.select_related("case_type").select_for_update(of=("self",))
        case = rows.filter(reference=reference, closed_at__isnull=True).first()
        if case is None:
            return
        rules.next_state(case.state, "withdraw")
        ports.slots().release(reference)
        finish(case, type_of(case), "withdrawn", actor)
        write_down(case, timeline.WITHDRAWN, "", actor)
        letters.write(case, "case-withdrawn", f"case-withdrawn-{reference}")


def _write_opened(case: Case, opening: Opening, actor: Actor) -> None:
    """The first line, at the time it came; it says who of us did it for the person, if somebody did."""
    helper = below.name_of(opening.assisted_by) if opening.assisted_by else ""
    text = f"{helper} did this with you" if helper else ""
    entry = write_down(case, timeline.OPENED, text, actor, data={"channel": opening.channel, "stage": case.stage})
    entry.at = opening.came
    entry.save(update_fields=["at"])


def _type_row(opening: Opening) -> tuple[CaseTypeRow, str]:
    """The rules of the service; plain ones, and the fault, when they cannot be read: a submission is never lost."""
    try:
        return keep_type(opening.definition, opening.messages, opening.service), ""
    except CaseTypeError as error:
        return keep_type({}, {}, opening.service), str(error)


def _first_row(opening: Opening, type_row: CaseTypeRow) -> dict[str, Any]:
    case_type = type_of(Case(case_type=type_row))
    came = opening.came.astimezone(LONDON).date()
    limits = rules.limits(case_type.clock, case_type.acknowledge, came, add_working_days)
    text, lat, lon = opening.place
    return {
        "case_type": type_row,
        "kind": case_type.kind,
        "service": opening.service,
        "unit": opening.unit,
        "title": opening.title[:160],
        "person_id": opening.person_id,
        "contact_name": opening.name[:120],
        "contact_email": opening.email,
        "contact_phone": opening.phone[:20],
        "track_postcode": tidy_postcode(opening.postcode) or opening.postcode[:10],
        "place_text": text[:200],
        "lat": lat,
        "lon": lon,
        "stage": case_type.first_stage.key,
        "stage_label": case_type.first_stage.label,
        "priority": case_type.priority,
        "opened_at": opening.came,
        "due_at": end_of_day(limits.due),
        "acknowledge_by": end_of_day(limits.acknowledge_by) if limits.acknowledge_by else None,
        "changed_at": now(),
    }


def _make_tasks(case: Case, case_type: CaseType, opening: Opening) -> None:
    came = opening.came.astimezone(LONDON).date()
    Task.objects.bulk_create(
        Task(
            case=case,
            key=task.key,
            label=task.label,
            unit=task.unit,
            public=task.public,
            due_at=end_of_day(add_working_days(came, task.days)),
        )
        for task in rules.wanted_tasks(case_type.tasks, opening.answers)
    )


def _confirm_slot(case: Case, case_type: CaseType, opening: Opening, actor: Actor) -> str:
    """Book the time that was held. When the hold ran out and the time is full, an officer agrees another one."""
    if not case_type.slot_resource and not opening.slot_id:
        return ""
    try:
        booked = ports.slots().book(case.reference)
        if booked is None and opening.slot_id:
            with transaction.atomic():
                ports.slots().hold(opening.slot_id, case.reference)
                booked = ports.slots().book(case.reference)
    except Conflict:
        booked = None
    if booked is None:
        make_task(case, "agree-time", "Agree another time with the resident: the one they chose is gone", 1)
        return ""
    write_down(case, timeline.SLOT, booked.label, actor, data={"day": booked.day.isoformat()})
    return booked.label


def _on_submit(case: Case, case_type: CaseType, opening: Opening) -> None:
    """Tell us once: the address of the account changes too, as a task that a job finishes (`actions/moving.py`)."""
    change = case_type.change_address
    if change is None:
        return
    if isinstance(opening.answers.get(change.address), dict) and opening.person_id:
        make_task(case, moving.OWN_ACCOUNT, "Your account with us", 2, public=True)
        moving.change_own_address.enqueue(reference=case.reference)
    else:
        make_task(case, "find-person", "Find this person's record and change the address there", 2)
