# SPDX-License-Identifier: MIT
"""The law of the room, held for any day, any number of days and any order of verbs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecouncil.casework import rules
from onecouncil.casework.casetypes import CALENDAR, Clock, SecondStage, TaskType
from onecouncil.core.calendar import add_working_days, is_working_day, working_days_between

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
CLOCKS = st.builds(Clock, st.integers(0, 60), st.sampled_from(["working", CALENDAR]), st.booleans())
VERBS = sorted({verb for moves in rules.MOVES.values() for verb in moves})


@given(DAYS, st.integers(1, 60))
def test_a_working_clock_ends_on_a_working_day_and_counts_only_those(came: date, days: int) -> None:
    due = rules.run_out(Clock(days), came, add_working_days)
    assert is_working_day(due)
    assert working_days_between(came, due) == days


@given(DAYS, CLOCKS, st.none() | CLOCKS)
def test_limits_are_in_order(came: date, clock: Clock, acknowledge: Clock | None) -> None:
    limits = rules.limits(clock, acknowledge, came, add_working_days)
    assert limits.due >= came
    if limits.acknowledge_by and clock.since_acknowledged:
        assert limits.due >= limits.acknowledge_by >= came


@given(DAYS, CLOCKS, CLOCKS, st.integers(0, 90))
def test_acknowledging_never_gives_us_more_time(came: date, clock: Clock, acknowledge: Clock, later: int) -> None:
    due = rules.limits(clock, acknowledge, came, add_working_days).due
    after = rules.due_once_acknowledged(clock, came + timedelta(days=later), due, add_working_days)
    assert after <= due


@given(DAYS, CLOCKS, st.integers(0, 30))
def test_a_longer_clock_never_ends_sooner(came: date, clock: Clock, more: int) -> None:
    longer = Clock(clock.days + more, clock.unit)
    assert rules.run_out(longer, came, add_working_days) >= rules.run_out(clock, came, add_working_days)


@given(st.lists(st.sampled_from(VERBS), max_size=30))
def test_any_order_of_verbs_leaves_a_known_state_and_closed_stays_closed(verbs: list[str]) -> None:
    state = rules.OPEN
    for verb in verbs:
        before = state
        try:
            state = rules.next_state(state, verb)
        except rules.NotAllowed as refused:
            assert str(refused)
            continue
        assert state in rules.STATES
        if before == rules.CLOSED and state != rules.CLOSED:
            assert verb in ("reopen", "escalate")


def test_christmas() -> None:
    """Received on Friday 18 December 2026; the 25th, the 28th (for Boxing Day) and 1 January are bank holidays."""
    assert rules.run_out(Clock(10), date(2026, 12, 18), add_working_days) == date(2027, 1, 6)


@given(DAYS, st.integers(-60, 400))
def test_second_stage_once_and_in_time(closed: date, later: int) -> None:
    terms = SecondStage("Stage 2", Clock(20), ask_within_days=28)
    today = closed + timedelta(days=later)
    assert rules.may_ask_second_stage(terms, "closed", 1, closed, today) == (later <= 28)
    assert not rules.may_ask_second_stage(terms, "closed", 2, closed, today)
    assert not rules.may_ask_second_stage(terms, "open", 1, None, today)
    assert not rules.may_ask_second_stage(None, "closed", 1, closed, today)


def test_second_pair_of_eyes() -> None:
    rules.check_second_pair_of_eyes(1, 7, [7])
    rules.check_second_pair_of_eyes(2, 8, [7])
    with pytest.raises(rules.NotAllowed):
        rules.check_second_pair_of_eyes(2, 7, [7, 9])


@given(DAYS, st.none() | DAYS, st.integers(1, 800))
def test_a_renewal_never_overlaps_and_is_never_shorter(granted: date, old_end: date | None, days: int) -> None:
    from onecouncil.casework.casetypes import PermitTerms

    starts, ends = rules.permit_dates(PermitTerms("p", "P", days, 28), granted, old_end)
    assert starts >= granted
    assert (ends - starts).days == days - 1
    if old_end:
        assert starts > old_end


def test_tasks_are_made_for_the_answers_given() -> None:
    tasks = (
        TaskType("a", "A", "u", 1),
        TaskType("b", "B", "u", 1, only_if=("tell", "libraries")),
        TaskType("c", "C", "u", 1, only_if=("pets", True)),
    )
    keys = [task.key for task in rules.wanted_tasks(tasks, {"tell": ["libraries"], "pets": False})]
    assert keys == ["a", "b"]


@given(st.text(max_size=12), st.text(max_size=12))
def test_postcodes_compare_by_letters_and_digits(one: str, other: str) -> None:
    assert rules.same_postcode("lm1 1aa", "LM11AA")
    assert not rules.same_postcode("", "")
    assert rules.same_postcode(one, other) == rules.same_postcode(other, one)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+447700900123", "07700 900 123"),
        ("+441632960001", "01632 960 001"),
        ("+33123456789", "+33123456789"),
        ("", ""),
    ],
)
def test_a_phone_number_is_shown_as_people_here_write_it(kept: str, shown: str) -> None:
    assert rules.shown_phone(kept) == shown
