# SPDX-License-Identifier: MIT
"""The example borough is the same from the same seed, and nothing in it is real."""

import re
from collections import Counter

import pytest

from onecouncil.core.addresses import tidy_postcode
from onecouncil.demo.people import DAYS_OF_ADULTS, PASSWORD, SIGN_INS, invent, sign_in_lines
from onecouncil.demo.plan import CENTRE, lay_out, wards

RESERVED_MAIL = re.compile(r"^[a-z0-9.]+@(example\.(org|com)|larkmere\.example)$")
DRAMA_PHONE = re.compile(r"^07700 900\d{3}$")
LARKMERE_POSTCODE = re.compile(r"^LM[1-4] [1-5][ABDEFGHJLNPQRSTUWXYZ]{2}$")
SEEDS = [1, 2, 77]


def test_the_same_seed_gives_the_same_borough() -> None:
    assert lay_out(1) == lay_out(1)
    assert invent(lay_out(1), 300, 1) == invent(lay_out(1), 300, 1)


def test_another_seed_gives_another_borough_in_the_same_place() -> None:
    assert lay_out(1) != lay_out(2)
    assert invent(lay_out(1), 300, 1) != invent(lay_out(1), 300, 2)
    assert {one.ward for one in lay_out(1)} == {one.ward for one in lay_out(2)} == {ward.name for ward in wards()}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_property_is_made_up_and_one_of_its_kind(seed: int) -> None:
    laid = lay_out(seed)
    assert 2_500 < len(laid) < 3_500
    assert [int(one.uprn) for one in laid] == list(range(10_000_000_001, 10_000_000_001 + len(laid)))
    assert len({(one.line, one.postcode) for one in laid}) == len(laid)
    assert all(LARKMERE_POSTCODE.match(one.postcode) for one in laid)
    assert all(tidy_postcode(one.postcode) == one.postcode for one in laid)
    assert all(abs(one.lat - CENTRE[0]) < 0.05 and abs(one.lon - CENTRE[1]) < 0.08 for one in laid)
    assert max(Counter(one.postcode for one in laid).values()) <= 100
    assert sum("Flat" in one.line for one in laid) > 200


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_address_is_the_one_tests_and_guides_use(seed: int) -> None:
    first = lay_out(seed)[0]
    assert (first.uprn, first.one_line, first.postcode) == ("10000000001", "1 Heron Street, Larkmere", "LM1 1AA")


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_can_be_rung_or_written_to(seed: int) -> None:
    people = invent(lay_out(seed), 600, seed)
    assert len(people) == 600
    assert all(DRAMA_PHONE.match(one.phone) for one in people if one.phone)
    assert all(RESERVED_MAIL.match(one.email) for one in people if one.email)
    assert all(one.phone or one.email for one in people)
    mails = [one.email for one in people if one.email]
    assert len(set(mails)) == len(mails)


def test_people_are_as_different_as_people_are() -> None:
    people = invent(lay_out(1), 600, 1)
    assert any(not one.email for one in people) and any(not one.phone for one in people)
    assert any(not one.name.isascii() for one in people)
    assert 0.2 < sum(one.signs_in for one in people) / len(people) < 0.6
    ages = [(2026 - one.born.year) for one in people]
    assert min(ages) >= 17 and max(ages) <= 18 + DAYS_OF_ADULTS // 365 + 1
    shared = Counter(one.home.uprn for one in people)
    assert max(shared.values()) > 1


def test_a_tiny_borough_still_has_its_resident() -> None:
    assert [one.email for one in invent(lay_out(1), 0, 1)] == ["resident@larkmere.example"]


def test_up_can_show_every_sign_in_with_its_password() -> None:
    lines = "\n".join(sign_in_lines())
    assert PASSWORD in lines
    assert all(one.email in lines and one.role in lines for one in SIGN_INS)
    assert "resident@larkmere.example" in lines
