# SPDX-License-Identifier: MIT
"""A move, told once.

1. the move's own case changes the address of the account: a job, as an outside address service may be asked;
2. `person.address_changed` then reaches this room: open cases get a line, each live permit a task;
3. every system is a task with a result that the person reads. What fails stays a task for an officer.
"""

from django.db import transaction

from onecouncil.casework import below, rules, timeline
from onecouncil.casework.actions.tasking import done_by_itself, make_task
from onecouncil.casework.models import Case, Permit, Task
from onecouncil.casework.timeline import write_down
from onecouncil.casework.typestore import type_of
from onecouncil.core.actors import Actor, system
from onecouncil.core.background import background
from onecouncil.core.calendar import now
from onecouncil.core.problems import Problem, Unavailable

TELL_ONCE = system("casework.tell-us-once")
OWN_ACCOUNT = "own-account"


@background(retries=8)
def change_own_address(reference: str) -> None:
    """Change the address of the account from the case's answers, once.

    Raises:
        Unavailable: the address service is down; the job is tried again, and the task stays for an officer.
    """
    with transaction.atomic():
        case = Case.objects.select_related("case_type").select_for_update(of=("self",)).get(reference=reference)
        change = type_of(case).change_address
        waiting = Task.objects.filter(case=case, key=OWN_ACCOUNT, state=Task.TODO).exists()
        if change is None or not waiting or case.person_id is None:
            return
        answer = below.submission(reference).answers[change.address]
        try:
            with transaction.atomic():
                below.change_address(str(case.person_id), answer, TELL_ONCE)
        except Unavailable:
            raise
        except Problem as problem:
            text = f"We could not change the address by ourselves: {problem.detail}"
            write_down(case, timeline.NOTE, text, TELL_ONCE, public=False, key="own-address-failed")
            return
        done_by_itself(case, OWN_ACCOUNT, f"Changed to {below.one_line(answer)}", TELL_ONCE)


def note_new_address(person_id: str, event_id: str, actor: Actor) -> None:
    """Write the new address into the person's open cases; have each live permit looked at. Twice changes nothing."""
    address = below.address_of(person_id)
    key = f"address:{event_id}"
    with transaction.atomic():
        cases = list(_open_cases(person_id))
        move = next((case for case in cases if type_of(case).change_address), None)
        for case in cases:
            if case is not move and not case.entries.filter(key=key).exists():
                write_down(case, timeline.ADDRESS, f"The address is now {address}", actor, key=key)
        live = Permit.objects.select_related("case__case_type").filter(person_id=person_id, state=Permit.ACTIVE)
        for permit in list(live[:50]):
            _check_permit(permit, move or permit.case, event_id, address)


def _open_cases(person_id: str) -> list[Case]:
    rows = Case.objects.select_related("case_type").select_for_update(of=("self",))
    return list(rows.filter(person_id=person_id, closed_at__isnull=True).order_by("-pk")[:100])


def _check_permit(permit: Permit, case: Case, event_id: str, address: str) -> None:
    """A permit may hang on where its holder lives (a parking zone): an officer looks; no permit ends by itself."""
    key = f"permit-{permit.number}-{event_id}"[:60]
    if Task.objects.filter(case=case, key=key).exists():
        return
    make_task(case, key, f"Check {permit.label} {permit.number} for the new address", 5, public=True)
    if case.state == rules.CLOSED:
        _take_up_again(case)
    text = f"{permit.label} {permit.number}: the holder's address is now {address}"
    write_down(case, timeline.ADDRESS, text, TELL_ONCE, public=False, key=key)


def _take_up_again(case: Case) -> None:
    """A closed case with new work in it goes back on the worklist, due when its task is."""
    due = Task.objects.filter(case=case, state=Task.TODO).order_by("due_at").values_list("due_at", flat=True)[0]
    first = type_of(case).first_stage
    Case.objects.filter(pk=case.pk).update(
        state=rules.OPEN,
        closed_at=None,
        breached_at=None,
        due_at=due,
        stage=first.key,
        stage_label=first.label,
        changed_at=now(),
    )
    case.refresh_from_db()
    write_down(
        case,
        timeline.REOPENED,
        "You moved, so we are checking your permit",
        TELL_ONCE,
        data={"stage": first.key},
    )
    timeline.tell(case, "reopened", TELL_ONCE, due_at=case.due_at.isoformat())
