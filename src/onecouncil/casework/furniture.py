# SPDX-License-Identifier: MIT
"""What the room hangs up for others: its staff link, its account panel, the check of its part of a service's file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onecouncil.casework import letters, reads
from onecouncil.casework.reading import CaseTypeError, read_case_type
from onecouncil.core import furniture, health
from onecouncil.core.actors import Actor
from onecouncil.core.health import OK, WARN, Health

if TYPE_CHECKING:
    from onecouncil.services.api import Fault


def hang_up() -> None:
    """Called once, when the room starts."""
    from onecouncil.services.api import check_part

    furniture.staff_link("Cases", "casework:cases", "case.view", order=10)
    furniture.account_panel("cases", "casework/account_panel.html", account_cases, order=10)
    check_part("case", case_faults)


def account_cases(actor: Actor) -> dict[str, Any]:
    """The newest cases and permits of who is signed in."""
    if not actor.person_id:
        return {"cases": [], "permits": []}
    mine = actor.person_id
    return {"cases": reads.cases_of_person(mine, size=5), "permits": reads.permits_of_person(mine, size=5)}


def case_faults(part: Any, whole: Mapping[str, Any]) -> "list[Fault]":
    """What is wrong with the `case:` part of a service's file, before it is published."""
    messages = whole.get("messages") or {}
    try:
        case_type = read_case_type(part, service=str(whole.get("slug", "service")), messages=messages)
    except CaseTypeError as error:
        return [_fault(problem) for problem in error.problems]
    known = dict(case_type.letters)
    return [
        _fault(f"case.decisions.{one.key}.message: no message {one.message!r} in `messages:` or in the house")
        for one in case_type.decisions
        if one.message and not one.letter and one.message not in known and not letters.has_template(one.message)
    ]


def _fault(problem: str) -> "Fault":
    from onecouncil.services.api import Fault

    where, _, what = problem.partition(": ")
    return Fault(where, what)


@health.check("late cases")
def late_cases() -> Health:
    """Whether the clock job runs: a case late for long that was not told of means it does not."""
    from datetime import timedelta

    from onecouncil.casework.models import Case
    from onecouncil.core.calendar import now

    late = Case.objects.filter(closed_at__isnull=True, breached_at__isnull=True)
    old = late.filter(due_at__lt=now() - timedelta(minutes=10))
    if old.exists():
        return Health("late cases", WARN, "Some cases are late and nobody was told", "Check that the worker runs.")
    return Health("late cases", OK, "Every late case was told of")
