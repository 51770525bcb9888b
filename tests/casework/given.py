# SPDX-License-Identifier: MIT
"""What is given in the tests of cases: `case:` parts, submissions, and the row of a case."""

from datetime import UTC, datetime
from typing import Any

from onecouncil.casework.models import Case
from onecouncil.services.api import Place, SubmissionView, SummaryRow, SummarySection

CASES: dict[str, dict[str, Any]] = {
    "report-a-missed-bin": {
        "kind": "missed-bin",
        "clock": {"days": 2, "unit": "working"},
        "stages": [
            {"key": "received", "label": "Received", "promise": "We check the round within 1 working day"},
            {"key": "with-crew", "label": "With the crew", "promise": "We come back by {due}"},
            {"key": "done", "label": "Done", "final": True},
        ],
        "decisions": [
            {"key": "collected", "label": "Bin collected", "closes": True, "message": "missed-bin-collected"},
            {"key": "not-missed", "label": "Not missed", "closes": True, "needs_reason": True},
            {"key": "sent-out", "label": "Crew sent", "stage": "with-crew"},
        ],
    },
    "make-a-complaint": {
        "kind": "complaint",
        "acknowledge": {"days": 5},
        "clock": {"days": 10, "from": "acknowledged"},
        "decisions": [
            {"key": "upheld", "label": "We agree with you", "closes": True, "needs_reason": True},
            {"key": "not-upheld", "label": "We do not agree", "closes": True, "needs_reason": True},
        ],
        "second_stage": {
            "label": "Stage 2",
            "acknowledge": {"days": 5},
            "clock": {"days": 20, "from": "acknowledged"},
        },
        "withdrawable": True,
    },
    "resident-parking-permit": {
        "kind": "parking-permit",
        "decisions": [
            {"key": "granted", "label": "Permit granted", "closes": True, "grants": "permit"},
            {"key": "refused", "label": "Permit refused", "closes": True, "needs_reason": True},
        ],
        "permit": {
            "kind": "resident-parking",
            "label": "Resident parking permit",
            "days": 365,
            "renew_before_days": 28,
            "holds": {"Vehicle": "vrm"},
        },
    },
    "tell-us-you-have-moved": {
        "kind": "moved",
        "on_submit": {"change_address": {"address": "new_address", "from": "move_date"}},
        "tasks": [
            {"key": "council-tax", "label": "Council tax", "unit": "revenues", "days": 5, "public": True},
            {
                "key": "libraries",
                "label": "Libraries",
                "unit": "libraries",
                "public": True,
                "only_if": {"answer": "tell", "has": "libraries"},
            },
            {
                "key": "benefits",
                "label": "Benefits",
                "unit": "benefits",
                "public": True,
                "only_if": {"answer": "tell", "has": "benefits"},
            },
        ],
    },
    "bulky-waste": {"kind": "bulky-waste", "slot": {"resource": "bulky-waste"}},
}
MESSAGES = {
    "missed-bin-collected": {
        "subject": "We collected your bin ({reference})",
        "body": "Hello {name},\n\nThe crew came back. {borough.short_name} is sorry.\n\n{link}",
    }
}
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def make_submission(reference: str, service: str, person_id: str | None, name: str) -> SubmissionView:
    return SubmissionView(
        reference=reference,
        service=service,
        service_title=service.replace("-", " ").capitalize(),
        lgsl=524,
        version=1,
        unit="waste",
        about="",
        person_id=person_id,
        name=f"{name.title()} Example",
        email=f"{name}@example.org",
        phone="07700 900001",
        postcode="LM1 1AA",
        channel="web",
        assisted_by=None,
        summary=(SummarySection("Your bin", (SummaryRow("Which bin?", ("Recycling", "Blue lid")),)),),
        answers={"vrm": "AB12CDE"},
        file_ids=(),
        place=Place("Outside 3 Heron Street", 51.5, -0.1),
        slot_id="",
        fee_pence=0,
        bill="",
        case_definition=CASES[service],
        messages=MESSAGES,
        state="submitted",
        created_at=MONDAY,
        submitted_at=MONDAY,
    )


def case_of(reference: str) -> Case:
    return Case.objects.select_related("case_type").get(reference=reference)
