# SPDX-License-Identifier: MIT
"""The law of the room: pure functions over dataclasses. No framework, no clock, no database.

Days are dates in London; turning a date into the moment its clock ends is the caller's (`core.calendar.end_of_day`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onecouncil.casework.casetypes import CALENDAR, CaseType, Clock, DecisionType, PermitTerms, SecondStage, TaskType

OPEN, WAITING, CLOSED = "open", "waiting", "closed"
STATES = (OPEN, WAITING, CLOSED)

AddWorkingDays = Callable[[date, int], date]

# state → verb → the state after it. A verb that is not here is refused. A reply never reopens: an officer does.
MOVES: Mapping[str, Mapping[str, str]] = {
    OPEN: {"work": OPEN, "wait": WAITING, "reply": OPEN, "decide": OPEN, "close": CLOSED, "withdraw": CLOSED},
    WAITING: {"work": WAITING, "wait": WAITING, "reply": OPEN, "decide": OPEN, "close": CLOSED, "withdraw": CLOSED},
    CLOSED: {"reply": CLOSED, "reopen": OPEN, "escalate": OPEN},
}


class NotAllowed(ValueError):
    """This cannot be done with the case as it is; the message is for people."""


def next_state(state: str, verb: str) -> str:
    """The state after `verb`.

    Raises:
        NotAllowed: the verb has no meaning in that state.
    """
    after = MOVES[state].get(verb)
    if after is None:
        raise NotAllowed("This case is closed. Reopen it first" if state == CLOSED else "This case is not closed")
    return after


def run_out(clock: Clock, start: date, add_working_days: AddWorkingDays) -> date:
    """The last day of a clock. The day something arrives is day 0."""
    if clock.unit == CALENDAR:
        return start + timedelta(days=clock.days)
    return add_working_days(start, clock.days)


@dataclass(frozen=True)
class Limits:
    """The last day to acknowledge (None: no such duty) and the last day to finish."""

    acknowledge_by: date | None
    due: date


def limits(clock: Clock, acknowledge: Clock | None, came: date, add_working_days: AddWorkingDays) -> Limits:
    """The limits on the day something comes.

    A clock that counts from the acknowledgement is shown at its latest: as if we acknowledged on the last day allowed.
    LGSCO Complaint Handling Code (2024): stage 1 is acknowledged within 5 working days and answered within 10 working
    days of the acknowledgement; stage 2 is acknowledged within 5 and answered within 20.
    """
    by = run_out(acknowledge, came, add_working_days) if acknowledge else None
    start = by if clock.since_acknowledged and by else came
    return Limits(by, run_out(clock, start, add_working_days))


def due_once_acknowledged(clock: Clock, acknowledged: date, due: date, add_working_days: AddWorkingDays) -> date:
    """When the case is due after we acknowledged it: sooner than the latest date if we were quick, never later."""
    if not clock.since_acknowledged:
        return due
    return min(due, run_out(clock, acknowledged, add_working_days))


def clocks(case_type: CaseType, level: int) -> tuple[Clock, Clock | None]:
    """The clock and the acknowledgement clock of level 1 or 2."""
    if level == 2 and case_type.second_stage:
        return case_type.second_stage.clock, case_type.second_stage.acknowledge
    return case_type.clock, case_type.acknowledge


def check_reason(decision: DecisionType, reason: str) -> None:
    """A decision against somebody is given with its reason, as good administration asks.

    Raises:
        NotAllowed: the reason is missing.
    """
    if decision.needs_reason and not reason.strip():
        raise NotAllowed("Enter the reason for this decision. The resident will read it")


def check_second_pair_of_eyes(level: int, decider: int | None, earlier: Sequence[int | None]) -> None:
    """Stage 2 is not decided by whoever decided stage 1 (LGSCO Complaint Handling Code 2024).

    Raises:
        NotAllowed: the same person decides again.
    """
    if level == 2 and decider is not None and decider in earlier:
        raise NotAllowed("You decided stage 1. Somebody else must decide stage 2")


def may_ask_second_stage(terms: SecondStage | None, state: str, level: int, closed: date | None, today: date) -> bool:
    """A person may ask after the first decision, once, and within the council's limit if it has one.

    The Code asks that no reason is demanded, and that lateness is looked at fairly: the limit is the council's own.
    """
    if terms is None or state != CLOSED or level != 1 or closed is None:
        return False
    return terms.ask_within_days is None or today <= closed + timedelta(days=terms.ask_within_days)


def may_withdraw(case_type: CaseType, state: str, decided: bool) -> bool:
    """A person may take back what they asked until it is decided."""
    return case_type.withdrawable and state != CLOSED and not decided


RENEW_LATE_DAYS = 30


def may_renew(state: str, renew_from: date, ends: date, today: date, renewed: bool) -> bool:
    """From the day it may be renewed until a month after its end; a permit is renewed once."""
    if state not in ("active", "ended") or renewed:
        return False
    return renew_from <= today <= ends + timedelta(days=RENEW_LATE_DAYS)


def permit_dates(
    terms: PermitTerms, granted: date, old_end: date | None, asked: date | None = None
) -> tuple[date, date]:
    """First and last day: never before it is granted, nor before it is asked for.

    A renewal starts the day after the old permit ends, so that no day that was paid is lost.
    """
    starts = max(granted, asked or granted, old_end + timedelta(days=1) if old_end else granted)
    return starts, starts + timedelta(days=terms.days - 1)


def wanted_tasks(tasks: Sequence[TaskType], answers: Mapping[str, Any]) -> tuple[TaskType, ...]:
    """The tasks whose condition these answers meet."""
    return tuple(task for task in tasks if _wanted(task, answers))


def _wanted(task: TaskType, answers: Mapping[str, Any]) -> bool:
    if task.only_if is None:
        return True
    question, value = task.only_if
    answer = answers.get(question)
    return value in answer if isinstance(answer, (list, tuple)) else answer == value


def same_postcode(one: str, other: str) -> bool:
    """Whether two postcodes are the same, however they were typed; an empty one is never the same as anything."""
    left, right = ("".join(char for char in text.upper() if char.isalnum()) for text in (one, other))
    return bool(left) and left == right


def shown_phone(phone: str) -> str:
    """`+447700900123` → `07700 900 123`; a number from abroad stays as it is."""
    if not phone.startswith("+44"):
        return phone
    national = "0" + phone.removeprefix("+44")
    return f"{national[:5]} {national[5:8]} {national[8:]}"
