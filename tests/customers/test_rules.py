# SPDX-License-Identifier: MIT
"""The merged timeline tells everything once, newest first, whatever the page size."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecouncil.customers import rules
from onecouncil.customers.rules import SOURCES, Line, merge, read_place, write_place

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def histories() -> st.SearchStrategy[dict[str, list[Line]]]:
    """For each source, moments newest first with falling keys, as rooms keep them."""
    moments = st.lists(st.integers(0, 500), max_size=12).map(lambda seconds: sorted(seconds, reverse=True))
    return st.fixed_dictionaries({name: moments for name in SOURCES}).map(
        lambda drawn: {
            name: [
                Line(name, str(len(seconds) - place), BEGAN + timedelta(seconds=second), "t")
                for place, second in enumerate(seconds)
            ]
            for name, seconds in drawn.items()
        }
    )


def read_all(history: dict[str, list[Line]], size: int) -> list[Line]:
    """Turn over every page as the site does: each source asked for `size + 1` lines older than the place's key."""
    told: list[Line] = []
    place: dict[str, str] = {}
    for _ in range(200):
        fetched = {
            name: [line for line in lines if int(line.key) < int(place.get(name, "9999"))][: size + 1]
            for name, lines in history.items()
        }
        page = merge(fetched, place, size)
        told += page.lines
        if not page.place:
            return told
        place = read_place(write_place(page.place))
    raise AssertionError("never ends")


@unhurried
@given(histories(), st.integers(1, 7))
def test_every_line_is_told_once_newest_first(history: dict[str, list[Line]], size: int) -> None:
    told = read_all(history, size)
    everything = [line for lines in history.values() for line in lines]
    assert sorted(map(str, told)) == sorted(map(str, everything))
    assert [line.at for line in told] == sorted((line.at for line in everything), reverse=True)


@unhurried
@given(histories(), st.integers(1, 7), st.integers(1, 7))
def test_the_page_size_does_not_change_the_story(history: dict[str, list[Line]], one: int, other: int) -> None:
    assert read_all(history, one) == read_all(history, other)


def test_pages_are_full_until_the_last() -> None:
    lines = [Line("messages", str(20 - n), BEGAN - timedelta(seconds=n), "t") for n in range(20)]
    page = merge({"messages": lines[:6]}, {}, 5)
    assert len(page.lines) == 5 and page.place
    assert merge({"messages": lines[15:]}, {}, 5).place == {}
    assert merge({}, {}, 5) == rules.Page((), {})


@given(st.fixed_dictionaries({name: st.sampled_from(["", "7", "123"]) for name in SOURCES}))
def test_a_place_survives_the_address_bar(place: dict[str, str]) -> None:
    assert read_place(write_place(place)) == {name: key for name, key in place.items() if key}


@pytest.mark.parametrize("text", ["", "~", "a~b~c~d", "~~~'; drop", "LM-1~x~~", "~1~2~3~4", "é~~~"])
def test_a_place_that_is_none_is_the_beginning(text: str) -> None:
    assert read_place(text) == {}


def test_a_purpose_holds_half_an_hour() -> None:
    assert rules.still_holds(BEGAN, BEGAN + timedelta(minutes=29, seconds=59))
    assert not rules.still_holds(BEGAN, BEGAN + timedelta(minutes=30))
    assert not rules.still_holds(BEGAN, BEGAN - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("14 Heron Street", True),
        ("Flat 2, Kestrel House", True),
        ("7a Mereside", True),
        ("Heron", False),
        ("07700 900001", False),
        ("O'Brien", False),
    ],
)
def test_what_looks_like_an_address(text: str, street: bool) -> None:
    assert rules.is_street(text) is street


def test_a_birth_date_from_three_boxes() -> None:
    assert rules.birth_date("27", "3", "1980") == date(1980, 3, 27)
    assert rules.birth_date("", " ", "") is None
    for parts in (("31", "2", "1980"), ("1", "1", "80"), ("x", "1", "1980"), ("1", "", "1980"), ("١", "1", "1980")):
        with pytest.raises(ValueError):
            rules.birth_date(*parts)
