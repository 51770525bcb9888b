# SPDX-License-Identifier: MIT
"""`hand_in("report-a-missed-bin", by="alice")` does what the services room does when somebody hands in a journey."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from tests.casework.given import make_submission

from onecouncil.casework import below, facets
from onecouncil.core import events
from onecouncil.core.actors import Actor, system
from onecouncil.core.borough import borough
from onecouncil.core.problems import NotFound
from onecouncil.core.references import new_reference
from onecouncil.services.api import SubmissionView

HandIn = Callable[..., str]


@pytest.fixture
def submissions(monkeypatch: pytest.MonkeyPatch) -> dict[str, SubmissionView]:
    """What was handed in, by reference."""
    held: dict[str, SubmissionView] = {}

    def submission(reference: str) -> SubmissionView:
        if reference not in held:
            raise NotFound()
        return held[reference]

    monkeypatch.setattr(below, "submission", submission)
    facets.forget()
    return held


@pytest.fixture
def hand_in(people: dict[str, Actor], submissions: dict[str, SubmissionView], work: Callable[[], None]) -> HandIn:
    """Hand in a submission as a test person ("" for nobody signed in), and let the house hear of it."""

    def hand_in_as(
        service: str = "report-a-missed-bin", by: str = "alice", *, deliver: bool = True, **changes: Any
    ) -> str:
        reference = new_reference(borough().code)
        who = people[by].person_id if by else None
        submissions[reference] = replace(make_submission(reference, service, who, by or "dora"), **changes)
        with transaction.atomic():
            events.publish(
                "submission.submitted",
                subject=reference,
                data={"reference": reference},
                actor=people[by] if by else system("test"),
            )
        if deliver:
            work()
        return reference

    return hand_in_as
