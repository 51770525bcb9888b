# SPDX-License-Identifier: MIT
"""An officer's daily verbs: take, hand back, note, move on, finish a task."""

from django.db import transaction

from onecouncil.casework import below, letters, timeline
from onecouncil.casework.access import access_case
from onecouncil.casework.actions.closing import allow, clean
from onecouncil.casework.casetypes import Stage
from onecouncil.casework.models import Case, Task
from onecouncil.casework.timeline import tell, write_down
from onecouncil.casework.typestore import type_of
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid, NotFound


def take(actor: Actor, reference: str) -> None:
    """The case is mine now. Taking it again changes nothing."""
    require(actor, "case.work")
    _assign(actor, reference, actor.user_id, actor.name)


def hand_back(actor: Actor, reference: str) -> None:
    """The case is nobody's, so that the whole unit sees it again."""
    require(actor, "case.work")
    _assign(actor, reference, None, "")


def give(actor: Actor, reference: str, officer: str) -> str:
    """Give the case to a colleague; returns their name.

    Raises:
        Invalid: not somebody who works cases.
    """
    require(actor, "case.manage")
    name = below.caseworkers().get(int(officer)) if officer.isdecimal() and len(officer) < 19 else None
    if name is None:
        raise Invalid({"officer": "Select who should have this case"})
    _assign(actor, reference, int(officer), name)
    return name


def note(actor: Actor, reference: str, text: str) -> None:
    """Write something down for colleagues. The resident does not see it, but may ask for a copy: UK GDPR Article 15."""
    require(actor, "case.message")
    words = clean(text, "note", "Enter a note")
    with transaction.atomic():
        case = access_case(actor, reference)
        write_down(case, timeline.NOTE, words, actor, public=False)
        tell(case, "noted", actor)


def change_stage(actor: Actor, reference: str, stage: str) -> None:
    """Move the case to another stage and tell the person what happens next, before they ask.

    Raises:
        Invalid: not a stage of this kind of case, or the last one (a decision leads there).
        Conflict: the case is closed.
    """
    require(actor, "case.work")
    with transaction.atomic():
        case = access_case(actor, reference, lock=True)
        wanted = type_of(case).stage(stage)
        if wanted is None or wanted.final:
            raise Invalid({"stage": "Select a stage"})
        allow(case, "work")
        if case.stage == wanted.key:
            return
        move(case, wanted, actor)
        promise = letters.promise(wanted.promise, case)
        entry = write_down(case, timeline.STAGE, wanted.label, actor, data={"stage": wanted.key})
        letters.write(case, "case-stage", f"case-stage-{entry.pk}", stage=wanted.label, promise=promise)


def move(case: Case, stage: Stage, actor: Actor) -> None:
    """Put a locked case at a stage, and say so."""
    case.stage, case.stage_label, case.changed_at = stage.key, stage.label, now()
    case.save(update_fields=["stage", "stage_label", "changed_at"])
    tell(case, "stage_changed", actor)


def finish_task(actor: Actor, reference: str, task_id: int, result: str, *, dropped: bool = False) -> None:
    """Tick a task off. A task the resident sees needs a result they can read.

    Raises:
        NotFound: no such task in this case.
        Invalid: the result is missing or too long.
        Conflict: it was finished already.
    """
    require(actor, "case.work")
    tidy = result.replace("\x00", "").strip()
    with transaction.atomic():
        case = access_case(actor, reference, lock=True)
        task = Task.objects.filter(case=case, pk=task_id).first()
        if task is None:
            raise NotFound()
        if task.public and not tidy:
            raise Invalid({"result": "Enter what came of it. The resident will read it"})
        if len(tidy) > 300:
            raise Invalid({"result": "The result must be 300 characters or less"})
        state = Task.DROPPED if dropped else Task.DONE
        mine = Task.objects.filter(pk=task_id, state=Task.TODO).update(
            state=state, result=tidy, done_at=now(), done_by_name=actor.name
        )
        if not mine:
            raise Conflict("Somebody has already finished this task")
        text = f"{task.label}: {tidy}" if tidy else task.label
        write_down(case, timeline.TASK, text, actor, public=task.public, data={"task": task.key, "state": state})
        tell(case, "task_finished", actor, task=task.key)


def _assign(actor: Actor, reference: str, user_id: int | None, name: str) -> None:
    with transaction.atomic():
        case = access_case(actor, reference, lock=True)
        allow(case, "work")
        if case.assigned_user_id == user_id:
            return
        case.assigned_user_id, case.assigned_name, case.changed_at = user_id, name[:120], now()
        case.save(update_fields=["assigned_user_id", "assigned_name", "changed_at"])
        text = f"{name} took the case" if user_id else "The case went back to the unit"
        write_down(case, timeline.ASSIGNED, text, actor, public=False)
        tell(case, "assigned", actor, user_id=user_id)
