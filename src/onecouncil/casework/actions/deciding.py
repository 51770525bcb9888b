# SPDX-License-Identifier: MIT
"""Deciding: the reason, the second pair of eyes, what it grants, the letter, the end."""

from django.db import transaction

from onecouncil.casework import letters, rules, timeline
from onecouncil.casework.access import access_case
from onecouncil.casework.actions.closing import LONGEST, allow, finish
from onecouncil.casework.actions.permits import grant_permit
from onecouncil.casework.actions.working import move
from onecouncil.casework.actions.writing import acknowledge
from onecouncil.casework.casetypes import CaseType, DecisionType
from onecouncil.casework.models import Case, Decision
from onecouncil.casework.timeline import tell, write_down
from onecouncil.casework.typestore import type_of
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid


def decide(actor: Actor, reference: str, key: str, reason: str = "") -> None:
    """Make one decision, and everything that follows from it, together or not at all.

    Raises:
        Invalid: not a decision of this kind of case, or its reason is missing.
        Conflict: the case is closed, or somebody else must decide.
    """
    require(actor, "case.decide")
    with transaction.atomic():
        case = access_case(actor, reference, lock=True)
        case_type = type_of(case)
        reason = reason.replace("\x00", "").strip()
        decision = _check(case, case_type, key, reason, actor)
        number = _keep(case, decision, reason, actor)
        acknowledge(case)
        write_down(case, timeline.DECISION, reason, actor, data={"decision": decision.label, "stage": decision.stage})
        if decision.grants == "permit":
            grant_permit(case, case_type, actor)
        stage = case_type.stage(decision.stage)
        if stage and not decision.closes:
            move(case, stage, actor)
        tell(case, "decided", actor, decision=decision.key, number=number)
        if decision.closes:
            finish(case, case_type, decision.key, actor)
        letters.write_decision(case, case_type, decision, reason, f"case-decision-{reference}-{number}")


def _check(case: Case, case_type: CaseType, key: str, reason: str, actor: Actor) -> DecisionType:
    decision = case_type.decision(key)
    if decision is None:
        raise Invalid({"decision": "Select a decision"})
    if len(reason) > LONGEST:
        raise Invalid({"reason": f"The reason must be {LONGEST:,} characters or less"})
    try:
        rules.check_reason(decision, reason)
    except rules.NotAllowed as error:
        raise Invalid({"reason": str(error)}) from error
    allow(case, "decide")
    earlier = list(Decision.objects.filter(case=case, level=1).values_list("by_user_id", flat=True))
    try:
        rules.check_second_pair_of_eyes(case.level, actor.user_id, earlier)
    except rules.NotAllowed as error:
        raise Conflict(str(error)) from error
    return decision


def _keep(case: Case, decision: DecisionType, reason: str, actor: Actor) -> int:
    number = Decision.objects.filter(case=case).count() + 1
    Decision.objects.create(
        case=case,
        number=number,
        level=case.level,
        key=decision.key,
        label=decision.label,
        reason=reason,
        closes=decision.closes,
        by_user_id=actor.user_id,
        by_name=actor.name,
        at=now(),
    )
    return number
