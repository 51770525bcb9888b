# SPDX-License-Identifier: MIT
"""The small things every room stands on: money, references, calendar, permissions, limits, logs."""

import logging
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecouncil.core import calendar, limits
from onecouncil.core.actors import ANONYMOUS, Actor, system
from onecouncil.core.money import parse_pounds, pounds
from onecouncil.core.permissions import TABLE, may, require
from onecouncil.core.problems import Forbidden, SignInNeeded, TooMany
from onecouncil.core.references import ALPHABET, new_reference, normalise
from onecouncil.house.logs import KeepPrivate

ADVISER = Actor(kind="person", user_id=1, roles=frozenset({"adviser"}))


@given(st.integers(-(10**9), 10**9))
def test_pounds_and_back_is_the_same_amount(pence: int) -> None:
    assert parse_pounds(pounds(pence)) == pence


@pytest.mark.parametrize("text", ["", "ten", "1.234", "NaN", "Infinity"])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Enter an amount"):
        parse_pounds(text)


def test_a_reference_is_understood_however_it_is_typed() -> None:
    reference = new_reference("LM")
    assert normalise(reference.lower().replace("-", " ")) == reference


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place: int, other: str) -> None:
    reference = new_reference("LM")
    prefix, tail = "LM", reference[3:].replace("-", "")
    if tail[place] == other:
        return
    assert normalise(prefix + tail[:place] + other + tail[place + 1 :]) is None


def test_christmas_and_weekends_are_not_working_days() -> None:
    christmas_eve = date(2026, 12, 24)
    assert calendar.add_working_days(christmas_eve, 1) == date(2026, 12, 29), "25th, 26th (28th in lieu) and a weekend"


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_adding_working_days_and_counting_them_agree(start: date, days: int) -> None:
    end = calendar.add_working_days(start, days)
    assert calendar.working_days_between(start, end) == days


def test_a_clock_ends_with_the_day_in_london_also_in_summer() -> None:
    assert calendar.end_of_day(date(2026, 7, 1)).hour == 22


def test_who_may_is_the_table_and_nothing_else() -> None:
    assert may(ADVISER, "customer.view")
    with pytest.raises(Forbidden):
        require(ADVISER, "payment.refund")
    with pytest.raises(SignInNeeded):
        require(ANONYMOUS, "customer.view")
    assert all(may(system("x"), permission) for permission in TABLE)


def test_a_token_may_only_what_its_scopes_name() -> None:
    token = Actor(kind="token", user_id=1, roles=frozenset({"adviser"}), token_scopes=frozenset({"case.view"}))
    assert may(token, "case.view")
    assert not may(token, "customer.view")


def test_an_unknown_permission_is_a_slip_of_ours() -> None:
    with pytest.raises(KeyError):
        may(ADVISER, "case.eat")


@pytest.mark.django_db
def test_a_limit_refuses_past_its_count_and_says_when_to_come_back() -> None:
    for _ in range(3):
        limits.hit("test", "alice", limit=3, seconds=3600)
    with pytest.raises(TooMany) as caught:
        limits.hit("test", "alice", limit=3, seconds=3600)
    assert 0 < caught.value.retry_after <= 3600
    limits.hit("test", "bob", limit=3, seconds=3600)


def test_logs_keep_no_personal_data() -> None:
    line = (
        "alice@example.org called 07700 900001 about 4242 4242 4242 4242 at /apply/abcdefghij0123456789x/name, LM1 4QX"
    )
    record = logging.LogRecord("x", logging.ERROR, "f", 1, line, (), None)
    KeepPrivate().filter(record)
    for secret in ("alice@", "900001", "4242", "abcdefghij", "LM1"):
        assert secret not in record.msg
