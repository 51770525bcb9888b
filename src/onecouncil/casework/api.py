# SPDX-License-Identifier: MIT
"""The only door of the casework room for other rooms.

Events: `case.opened|assigned|message_sent|message_received|noted|stage_changed|task_finished|decided|closed|reopened|
escalated|breached|erased`, `permit.granted|ended`, `slot.held|booked|released`. Each `case.*` event's data holds
reference, kind, service, unit, person_id, state and stage. Times to book are offered through `core.ports.slots()`.
"""

from onecouncil.casework.access import access_case as _access_case
from onecouncil.casework.reads import (
    CaseCounts,
    CaseRow,
    EntryView,
    PermitView,
    PublicReport,
    case_counts,
    case_row,
    cases_of_person,
    entries_of_person,
    permits_of_person,
    public_reports,
)
from onecouncil.core.actors import Actor


def case(actor: Actor, reference: str) -> CaseRow:
    """One case, for its own person or for staff who may view cases.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    return case_row(_access_case(actor, reference))


__all__ = [
    "CaseCounts",
    "CaseRow",
    "EntryView",
    "PermitView",
    "PublicReport",
    "case",
    "case_counts",
    "cases_of_person",
    "entries_of_person",
    "permits_of_person",
    "public_reports",
]
