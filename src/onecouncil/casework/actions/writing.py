# SPDX-License-Identifier: MIT
"""Both sides write: an officer to the resident, the resident to the council. All of it stays with the case."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from onecouncil.casework import letters, rules, timeline
from onecouncil.casework.access import Grant, access_case, is_own
from onecouncil.casework.actions.closing import clean
from onecouncil.casework.models import Case
from onecouncil.casework.timeline import tell, write_down
from onecouncil.casework.typestore import type_of
from onecouncil.core import files, limits
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import LONDON, add_working_days, end_of_day, now, today
from onecouncil.core.permissions import require
from onecouncil.core.problems import Invalid, NotFound

MOST_FILES = 5


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


def write_to_resident(actor: Actor, reference: str, text: str, *, wait: bool = False) -> None:
    """Write to the person of the case. `wait`: the case waits for their answer.

    Raises:
        Invalid: nothing was written, or too much.
    """
    require(actor, "case.message")
    words = clean(text, "message", "Enter your message")
    with transaction.atomic():
        case = access_case(actor, reference, lock=True)
        entry = write_down(case, timeline.MESSAGE_OUT, words, actor)
        if wait and case.state != rules.CLOSED:
            case.state = rules.next_state(case.state, "wait")
        case.replied_at, case.changed_at = None, now()
        case.save(update_fields=["state", "replied_at", "changed_at"])
        acknowledge(case)
        letters.write(case, "case-message", f"case-message-{entry.pk}", text=words, wait=wait)
        tell(case, "message_sent", actor, entry=entry.pk)


def acknowledge(case: Case) -> None:
    """The first thing an officer writes acknowledges the matter; some clocks count from then (see rules.limits)."""
    if case.acknowledged_at or case.acknowledge_by is None:
        return
    clock, _ = rules.clocks(type_of(case), case.level)
    due = rules.due_once_acknowledged(clock, today(), case.due_at.astimezone(LONDON).date(), add_working_days)
    case.acknowledged_at, case.due_at = now(), end_of_day(due)
    case.save(update_fields=["acknowledged_at", "due_at"])


def reply(actor: Actor, reference: str, text: str, uploads: Sequence[Upload] = (), grant: Grant | None = None) -> None:
    """The person writes to us. The worklist then shows "resident replied" until an officer answers.

    Raises:
        NotFound: it is not their case.
        Invalid: nothing was written, or a file is not of a kind we take.
        TooMany: more than 20 replies in an hour.
    """
    case = access_case(actor, reference, grant=grant)
    if not is_own(actor, case, grant):
        raise NotFound()
    words = clean(text, "message", "Enter your message")
    if len(uploads) > MOST_FILES:
        raise Invalid({"files": f"You can send up to {MOST_FILES} files at a time"})
    limits.hit("case-reply", reference, limit=20, seconds=3600)
    with transaction.atomic():
        case = access_case(actor, reference, grant=grant, lock=True)
        kept = [files.keep(one.name, one.content, about=reference, field="files") for one in uploads]
        data = {"files": [{"id": view.id, "name": view.name} for view in kept]}
        entry = write_down(case, timeline.MESSAGE_IN, words, actor, data=data)
        case.state, case.replied_at, case.changed_at = rules.next_state(case.state, "reply"), now(), now()
        case.save(update_fields=["state", "replied_at", "changed_at"])
        tell(case, "message_received", actor, entry=entry.pk, files=len(kept))
