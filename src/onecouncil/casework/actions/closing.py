# SPDX-License-Identifier: MIT
"""Ending a case and taking it up again."""

from django.db import transaction

from onecouncil.casework import letters, rules, timeline
from onecouncil.casework.access import Grant, access_case, is_own
from onecouncil.casework.casetypes import CaseType
from onecouncil.casework.models import Case, Decision, Task
from onecouncil.casework.timeline import tell, write_down
from onecouncil.casework.typestore import type_of
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import LONDON, add_working_days, end_of_day, now, today
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid, NotFound

LONGEST = 5000


def finish(case: Case, case_type: CaseType, outcome: str, actor: Actor) -> None:
    """Close a locked case: last stage, nothing left to do, `case.closed`."""
    moment = now()
    case.state, case.outcome, case.closed_at, case.changed_at = rules.CLOSED, outcome, moment, moment
    case.stage, case.stage_label = case_type.final_stage.key, case_type.final_stage.label
    case.replied_at = None
    case.save(update_fields=["state", "outcome", "closed_at", "changed_at", "stage", "stage_label", "replied_at"])
    if outcome == "withdrawn":
        Task.objects.filter(case=case, state=Task.TODO).update(state=Task.DROPPED, done_at=moment)
    tell(case, "closed", actor, outcome=outcome, on_time=moment <= case.due_at)


def close_case(actor: Actor, reference: str, reason: str) -> None:
    """Close without a decision, for example a second report of the same thing. The person reads the reason.

    Raises:
        Invalid: there is no reason.
        Conflict: it is closed already.
    """
    require(actor, "case.work")
    text = clean(reason, "reason", "Enter why you close this case. The resident will read it")
    with transaction.atomic():
        case = access_case(actor, reference, lock=True)
        allow(case, "close")
        finish(case, type_of(case), "closed", actor)
        entry = write_down(case, timeline.CLOSED, text, actor)
        letters.write(case, "case-closed", f"case-closed-{entry.pk}", reason=text)


def reopen(actor: Actor, reference: str, reason: str) -> None:
    """Take a closed case up again, with a new clock.

    Raises:
        Invalid: there is no reason.
        Conflict: it is not closed.
    """
    require(actor, "case.work")
    text = clean(reason, "reason", "Enter why you reopen this case. The resident will read it")
    with transaction.atomic():
        case = access_case(actor, reference, lock=True)
        allow(case, "reopen")
        _start_again(case, type_of(case))
        entry = write_down(case, timeline.REOPENED, text, actor, data={"stage": case.stage})
        letters.write(case, "case-reopened", f"case-reopened-{entry.pk}", reason=text)
        tell(case, "reopened", actor, due_at=case.due_at.isoformat())


def ask_second_stage(actor: Actor, reference: str, text: str = "", grant: Grant | None = None) -> None:
    """The person asks for stage 2. No reason is demanded: LGSCO Complaint Handling Code (2024).

    Raises:
        NotFound: it is not their case.
        Conflict: there is no second stage to ask for now.
    """
    with transaction.atomic():
        case = access_case(actor, reference, grant=grant, lock=True)
        if not is_own(actor, case, grant):
            raise NotFound()
        case_type = type_of(case)
        if not may_ask_second_stage(case, case_type):
            raise Conflict("You cannot ask us to look again now")
        case.level, case.assigned_user_id, case.assigned_name = 2, None, ""
        case.save(update_fields=["level", "assigned_user_id", "assigned_name"])
        _start_again(case, case_type)
        entry = write_down(
            case, timeline.ESCALATED, text.replace("\x00", "").strip()[:LONGEST], actor, data={"stage": case.stage}
        )
        letters.write(case, "case-second-stage", f"case-second-stage-{entry.pk}", stage=_second_label(case_type))
        tell(case, "escalated", actor, level=2, due_at=case.due_at.isoformat())


def may_ask_second_stage(case: Case, case_type: CaseType) -> bool:
    """Whether the person may ask for another look now; not after they withdrew, or got what they asked for."""
    decision = case_type.decision(case.outcome)
    if case.outcome == "withdrawn" or (decision and decision.grants):
        return False
    closed = case.closed_at.astimezone(LONDON).date() if case.closed_at else None
    return rules.may_ask_second_stage(case_type.second_stage, case.state, case.level, closed, today())


def decided(case: Case) -> bool:
    """Whether the case was decided since it came to this level."""
    return Decision.objects.filter(case=case, level=case.level).exists()


def allow(case: Case, verb: str) -> None:
    """Pass when the case's state knows the verb.

    Raises:
        Conflict: it does not, in words for people.
    """
    try:
        rules.next_state(case.state, verb)
    except rules.NotAllowed as error:
        raise Conflict(str(error)) from error


def clean(text: str, field: str, missing: str) -> str:
    """A text somebody wrote, without white space around it.

    Raises:
        Invalid: empty or too long.
    """
    tidy = text.replace("\x00", "").strip()
    if not tidy:
        raise Invalid({field: missing})
    if len(tidy) > LONGEST:
        raise Invalid({field: f"This must be {LONGEST:,} characters or less. You have written {len(tidy):,}"})
    return tidy


def _second_label(case_type: CaseType) -> str:
    return case_type.second_stage.label if case_type.second_stage else ""


def _start_again(case: Case, case_type: CaseType) -> None:
    """A new clock from today, as if it came today, at the first stage."""
    clock, acknowledge = rules.clocks(case_type, case.level)
    limits = rules.limits(clock, acknowledge, today(), add_working_days)
    case.state, case.outcome, case.closed_at, case.breached_at = rules.OPEN, "", None, None
    case.stage, case.stage_label = case_type.first_stage.key, case_type.first_stage.label
    case.due_at = end_of_day(limits.due)
    case.acknowledge_by = end_of_day(limits.acknowledge_by) if limits.acknowledge_by else None
    case.acknowledged_at, case.changed_at = None, now()
    case.save(
        update_fields=[
            "state", "outcome", "closed_at", "breached_at", "stage", "stage_label", "due_at", "acknowledge_by",
            "acknowledged_at", "changed_at",
        ]
    )  # fmt: skip
