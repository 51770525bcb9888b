# SPDX-License-Identifier: MIT
"""The case's own timeline, and telling the house of what was written there."""

from typing import Any

from onecouncil.casework.models import Case, CaseEntry
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.events import publish

OPENED, MESSAGE_OUT, MESSAGE_IN, NOTE = "opened", "message_out", "message_in", "note"
DECISION, STAGE = "decision", "stage"
ASSIGNED, TASK, ADDRESS, BREACHED, CLOSED, REOPENED = "assigned", "task", "address", "breached", "closed", "reopened"
ESCALATED, WITHDRAWN, PERMIT, SLOT = "escalated", "withdrawn", "permit", "slot"


def write_down(
    case: Case,
    kind: str,
    text: str,
    actor: Actor,
    *,
    public: bool = True,
    data: dict[str, Any] | None = None,
    key: str | None = None,
) -> CaseEntry:
    """Add one line. `public`: the resident sees it."""
    return CaseEntry.objects.create(
        case=case,
        kind=kind,
        public=public,
        text=text,
        data=data or {},
        by_user_id=actor.user_id,
        by_name=actor.name if actor.kind != "system" else "",
        at=now(),
        key=key,
    )


def tell(case: Case, verb: str, actor: Actor, **data: Any) -> None:
    """Publish `case.<verb>` with what every hearer needs, so that none has to ask back."""
    common = {
        "reference": case.reference,
        "kind": case.kind,
        "service": case.service,
        "unit": case.unit,
        "person_id": str(case.person_id) if case.person_id else None,
        "state": case.state,
        "stage": case.stage,
    }
    publish(f"case.{verb}", subject=case.reference, data={**common, **data}, actor=actor)
