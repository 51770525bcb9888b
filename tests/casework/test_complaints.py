# SPDX-License-Identifier: MIT
"""Two stages and their clocks: LGSCO Complaint Handling Code (2024). Bank holidays and closure days do not count."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import CASES, case_of
from tests.conftest import make_person

from onecouncil.casework.actions import closing, deciding, opening, writing
from onecouncil.core import calendar
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import screen_date
from onecouncil.core.messaging import messages_about
from onecouncil.core.problems import Conflict, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE_CHRISTMAS = datetime(2026, 12, 18, 10, tzinfo=UTC)  # a Friday; the 25th and 28th and 1 January are holidays


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(moment)`: it is that moment now."""
    from django.utils import timezone

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock


def test_two_stages(
    hand_in: HandIn, people: dict[str, Actor], at: Callable[[datetime], None], signed_in: Callable[[str], Client]
) -> None:
    monkey = make_second_caseworker()
    at(BEFORE_CHRISTMAS)
    reference = hand_in("make-a-complaint", submitted_at=BEFORE_CHRISTMAS)
    case = case_of(reference)
    assert case.acknowledge_by is not None
    assert screen_date(case.acknowledge_by) == "29 December 2026"
    assert screen_date(case.due_at) == "13 January 2027", "at the latest: ten days after the last day to acknowledge"

    at(datetime(2026, 12, 21, 10, tzinfo=UTC))
    writing.write_to_resident(people["cass"], reference, "We understand that the hall was locked. Is that right?")
    assert screen_date(case_of(reference).due_at) == "7 January 2027", (
        "ten days after we acknowledged, over the holidays"
    )
    writing.write_to_resident(people["cass"], reference, "One more question")
    assert screen_date(case_of(reference).due_at) == "7 January 2027", "only the first message counts"

    with pytest.raises(Conflict):
        closing.ask_second_stage(people["alice"], reference)
    deciding.decide(people["cass"], reference, "not-upheld", "The hall was closed for repairs")
    assert "you can ask us to look again" in messages_about(reference)[-1].body
    with pytest.raises(NotFound):
        closing.ask_second_stage(people["bob"], reference)

    at(datetime(2027, 1, 11, 10, tzinfo=UTC))
    alice = signed_in("alice")
    assert "Ask for: Stage 2" in alice.get(f"/account/cases/{reference}").content.decode()
    assert alice.post(f"/account/cases/{reference}/second-stage", {"second_stage": ""}).status_code == 303
    case = case_of(reference)
    assert (case.level, case.state, case.assigned_user_id, case.breached_at) == (2, "open", None, None)
    assert case.acknowledge_by is not None
    assert screen_date(case.acknowledge_by) == "18 January 2027"
    assert screen_date(case.due_at) == "15 February 2027"
    assert any(message.subject.startswith("We are looking again at") for message in messages_about(reference))

    with pytest.raises(Conflict, match="Somebody else must decide stage 2"):
        deciding.decide(people["cass"], reference, "not-upheld", "Still no")
    deciding.decide(monkey, reference, "upheld", "The notice was missing")
    with pytest.raises(Conflict):
        closing.ask_second_stage(people["alice"], reference)


def make_second_caseworker() -> Actor:
    from dataclasses import replace

    return replace(make_person("carol"), roles=frozenset({"caseworker"}), person_id=None)


def test_the_day_it_comes_is_a_london_day(hand_in: HandIn) -> None:
    """Half past midnight in summer is still the day before in UTC; the clock counts the resident's day."""
    reference = hand_in("make-a-complaint", submitted_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    case = case_of(reference)
    assert case.acknowledge_by is not None
    assert case.acknowledge_by.astimezone(calendar.LONDON).date().isoformat() == "2026-07-08"


def test_no_second_look_at_what_was_granted_or_withdrawn(hand_in: HandIn, people: dict[str, Actor]) -> None:
    definition = {**CASES["resident-parking-permit"], "second_stage": {"clock": {"days": 10}}}
    granted, refused = (hand_in("resident-parking-permit", case_definition=definition) for _ in range(2))
    deciding.decide(people["cass"], granted, "granted")
    deciding.decide(people["cass"], refused, "refused", "The car is not yours")
    with pytest.raises(Conflict):
        closing.ask_second_stage(people["alice"], granted)
    closing.ask_second_stage(people["alice"], refused)
    complaint = hand_in("make-a-complaint")
    opening.withdraw_case(complaint, people["alice"])
    with pytest.raises(Conflict):
        closing.ask_second_stage(people["alice"], complaint)
