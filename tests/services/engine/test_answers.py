# SPDX-License-Identifier: MIT
"""Each question type: what it takes, its normal form, how it is shown, and what it says when it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.engine.making import OUTSIDE, SLOTS, question

from onecouncil.services.engine import TYPES, clean, clean_json, sample, show, to_form

ITEMS = {
    "options": [{"value": "sofa", "label": "Sofa"}, {"value": "bed", "label": "Bed"}],
    "max_each": 3,
    "max_total": 4,
}
BOXES = {
    "options": [
        {"value": "a", "label": "A"},
        {"value": "b", "label": "B"},
        {"value": "no", "label": "None", "exclusive": True},
    ]
}
AREA = {"bounds": {"south": 51.4, "west": -0.2, "north": 51.6, "east": 0.1}}

TAKEN: list[tuple[str, dict[str, Any], dict[str, str], Any, Any]] = [
    ("text", {}, {"q": "  Alice   Smith "}, "Alice Smith", "Alice Smith"),
    ("textarea", {}, {"q": "One\r\nTwo \r\n"}, "One\nTwo", ["One", "Two"]),
    ("number", {}, {"q": "1,250"}, 1250, "1,250"),
    ("number", {"decimals": 1}, {"q": "12.50"}, "12.5", "12.5"),
    ("money", {}, {"q": "£1,250.5"}, 125050, "£1,250.50"),
    ("date", {}, {"q-day": "3", "q-month": "feb", "q-year": "2024"}, "2024-02-03", "3 February 2024"),
    ("yes_no", {}, {"q": "no"}, False, "No"),
    ("checkboxes", BOXES, {"q": "b"}, ["b"], ["B"]),
    ("email", {}, {"q": " Alice@Example.ORG "}, "Alice@example.org", "Alice@example.org"),
    ("phone_uk", {}, {"q": "(0)7700 900-982".replace("(0)", "0")}, "+447700900982", "07700 900 982"),
    ("phone_uk", {}, {"q": "+44 (0)20 7946 0000"}, "+442079460000", "02079 460 000"),
    ("phone_uk", {"international": True}, {"q": "0033 1 23 45 67 89"}, "+33123456789", "+33123456789"),
    ("postcode", {}, {"q": "lm14qx"}, "LM1 4QX", "LM1 4QX"),
    ("ni_number", {}, {"q": "ab 12 34 56 c"}, "AB123456C", "AB 12 34 56 C"),
    ("vehicle_registration", {}, {"q": "ab12 cde"}, "AB12CDE", "AB12 CDE"),
    ("vehicle_registration", {}, {"q": "a 1"}, "A1", "A1"),
    ("signature", {}, {"q": "Bob Jones"}, "Bob Jones", "Bob Jones"),
    ("slot", {}, {"q": "mon"}, {"id": "mon", "label": SLOTS[0].label}, SLOTS[0].label),
    ("items", ITEMS, {"q-sofa": "2", "q-bed": ""}, {"sofa": 2}, ["2 × Sofa"]),
    (
        "place",
        AREA,
        {"q-text": "By the bridge"},
        {"text": "By the bridge", "lat": None, "lon": None},
        ["By the bridge"],
    ),
    (
        "place",
        AREA,
        {"q-lat": "51.5", "q-lon": "-0.1"},
        {"text": "", "lat": 51.5, "lon": -0.1},
        ["On the map: 51.50000, -0.10000"],
    ),
    (
        "address",
        {},
        {"q-postcode": "lm1 4qx", "q-uprn": "100002"},
        {"uprn": "100002", "line1": "2 Mill Lane", "line2": "", "town": "Lindmere", "postcode": "LM1 4QX"},
        ["2 Mill Lane", "Lindmere", "LM1 4QX"],
    ),
    (
        "bank_details",
        {},
        {"q-name": "A Smith", "q-sort_code": "30-94-30", "q-account_number": "123456"},
        {"name": "A Smith", "sort_code": "309430", "account_number": "00123456"},
        ["A Smith", "Sort code 30-94-30", "Account number 00123456"],
    ),
]


@pytest.mark.parametrize(("kind", "more", "form", "value", "shown"), TAKEN)
def test_takes_and_shows(kind: str, more: dict[str, Any], form: dict[str, str], value: Any, shown: Any) -> None:
    asked = question(kind, **more)
    cleaned = clean(asked, {field: [text] for field, text in form.items()}, OUTSIDE)
    assert (cleaned.value, cleaned.errors) == (value, ())
    assert show(asked, value) == shown
    assert clean(asked, to_form(asked, value), OUTSIDE).value == value
    assert clean_json(asked, value, OUTSIDE).value == value


REFUSED: list[tuple[str, dict[str, Any], dict[str, str], str, str]] = [
    ("text", {"max_length": 3}, {"q": "four"}, "q", "Answer must be 3 characters or fewer"),
    ("textarea", {"max_words": 2}, {"q": "one two three"}, "q", "Answer must be 2 words or fewer"),
    ("number", {}, {"q": "1.5"}, "q", "Answer must be a whole number"),
    ("number", {"min": 3}, {"q": "2"}, "q", "Answer must be 3 or more"),
    ("number", {}, {"q": "lots"}, "q", "Answer must be a number, like 12"),
    ("money", {"max": 1000}, {"q": "10.01"}, "q", "Answer must be £10.00 or less"),
    ("money", {}, {"q": "1.005"}, "q", "Answer must be in pounds and pence, like 12.50"),
    ("date", {}, {"q-day": "31", "q-month": "2", "q-year": "2024"}, "q-day", "Answer must be a real date"),
    ("date", {}, {"q-day": "3", "q-year": "2024"}, "q-month", "Answer must include a month"),
    ("date", {}, {"q-day": "3", "q-month": "2", "q-year": "24"}, "q-year", "Year must include 4 numbers"),
    ("date", {"past": True}, {"q-day": "23", "q-month": "11", "q-year": "2026"}, "q-day", "Answer must be in the past"),
    (
        "date",
        {"future": True},
        {"q-day": "23", "q-month": "11", "q-year": "2026"},
        "q-day",
        "Answer must be in the future",
    ),
    (
        "date",
        {"min_age": 18},
        {"q-day": "24", "q-month": "11", "q-year": "2008"},
        "q-day",
        "Answer must be a date that makes the person 18 or older",
    ),
    ("radios", BOXES, {"q": "zzz"}, "q", "Select answer from the list"),
    ("email", {}, {"q": "alice@nowhere"}, "q", "Enter an email address in the correct format, like name@example.com"),
    ("postcode", {}, {"q": "LM1"}, "q", "Enter a full UK postcode, like LM1 4QX"),
    ("vehicle_registration", {}, {"q": "ABCDEFG"}, "q", "Enter a vehicle registration number, like AB12 CDE"),
    ("slot", {}, {"q": "wed"}, "q", "Select answer again: that one is no longer free"),
    ("items", ITEMS, {"q-sofa": "3", "q-bed": "2"}, "q-sofa", "Choose 4 or fewer in all. You chose 5"),
    ("items", ITEMS, {"q-sofa": "x"}, "q-sofa", "Sofa: enter a whole number, like 2"),
    ("place", AREA, {"q-lat": "48", "q-lon": "2"}, "q-lat", "Select a place inside the council's area"),
    ("place", AREA, {"q-lat": "nan", "q-lon": "0"}, "q-lat", "Select a place inside the council's area"),
    (
        "bank_details",
        {},
        {"q-name": "A", "q-sort_code": "1", "q-account_number": "123456"},
        "q-sort_code",
        "Enter a valid sort code, like 30-94-30",
    ),
    ("file", {}, {"q": "gone"}, "q", "Upload the file again: we no longer have it"),
    ("file", {}, {"q": "odd"}, "q", "run.exe must be one of these kinds: PDF, JPG, PNG, HEIC"),
    ("file", {}, {"q": "huge"}, "q", "huge.pdf must be smaller than 10MB"),
]


@pytest.mark.parametrize(("kind", "more", "form", "field", "message"), REFUSED)
def test_refuses_in_plain_english(
    kind: str, more: dict[str, Any], form: dict[str, str], field: str, message: str
) -> None:
    cleaned = clean(question(kind, **more), {name: [text] for name, text in form.items()}, OUTSIDE)
    assert [(error.field, error.message) for error in cleaned.errors] == [(field, message)]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_has_a_sample_a_missing_message_and_a_blank(kind: str) -> None:
    more = BOXES if TYPES[kind].has_options else {}
    asked = question(kind, **more)
    assert clean_json(asked, sample(asked, OUTSIDE), OUTSIDE).ok
    (missing,) = clean(asked, {}, OUTSIDE).errors
    assert missing.code == "missing"
    assert missing.message.split()[0] in ("Enter", "Select", "Upload")
    assert clean(question(kind, optional=True, **more), {}, OUTSIDE).value is None
    assert show(asked, None) == "Not given"


@pytest.mark.parametrize(
    "junk", [True, 3.5, 10**30, [], [1], {}, {"a": 1}, {"id": []}, "\x00", "\ud800", {"lat": "x"}, [[]], [{"id": {}}]]
)
@pytest.mark.parametrize("kind", sorted(TYPES))
def test_json_of_any_shape_is_answered_not_crashed_on(kind: str, junk: Any) -> None:
    asked = question(kind, **(BOXES if TYPES[kind].has_options else {}))
    cleaned = clean_json(asked, junk, OUTSIDE)
    assert cleaned.ok or cleaned.errors[0].message


@pytest.mark.parametrize("typed", ["4111111111111111", "card 4111 1111 1111 1111 12/28", "5500-0000-0000-0004 123"])
def test_a_card_number_is_kept_out_of_free_text(typed: str) -> None:
    for kind in ("text", "textarea", "signature"):
        (error,) = clean(question(kind), {"q": [typed]}, OUTSIDE).errors
        assert error.code == "card_number"
        assert "secure page" in error.message


@pytest.mark.parametrize("typed", ["07700 900 982 or 07700 900 983", "reference 4111111111111112", "0000000000000000"])
def test_other_long_numbers_are_no_cards(typed: str) -> None:
    assert clean(question("text"), {"q": [typed]}, OUTSIDE).ok


def test_none_of_these_stands_alone() -> None:
    (error,) = clean(question("checkboxes", **BOXES), {"q": ["a", "no"]}, OUTSIDE).errors
    assert error.code == "exclusive"


def test_a_postcode_asks_for_a_choice_and_an_address_may_be_typed() -> None:
    asked = question("address")
    (error,) = clean(asked, {"q-postcode": ["LM1 4QX"]}, OUTSIDE).errors
    assert (error.code, error.field) == ("choose", "q-uprn")
    typed = clean(asked, {"q-line1": ["3 Elm Row"], "q-town": ["Lindmere"], "q-postcode": ["lm14qx"]}, OUTSIDE)
    assert typed.value == {"uprn": None, "line1": "3 Elm Row", "line2": "", "town": "Lindmere", "postcode": "LM1 4QX"}
    assert not clean(asked, {"q-postcode": ["LM1 4QX"], "q-uprn": ["999"]}, OUTSIDE).ok


def test_a_service_may_say_it_its_own_way() -> None:
    asked = question("text", messages={"missing": "Tell us your name"})
    assert clean(asked, {}, OUTSIDE).errors[0].message == "Tell us your name"
    assert clean(question("text", noun="your full name"), {}, OUTSIDE).errors[0].message == "Enter your full name"
