# SPDX-License-Identifier: MIT
"""`./onecouncil demo` fills an empty council once, through the rooms' own doors."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from onecouncil.accounts import api as accounts
from onecouncil.casework import api as casework
from onecouncil.core import addresses
from onecouncil.core.actors import system
from onecouncil.core.calendar import now
from onecouncil.core.models import AddressRow, Delivery
from onecouncil.demo.clock import at
from onecouncil.demo.matters import COMPLAINT, MISSED_BIN, POTHOLE
from onecouncil.demo.people import PASSWORD, SIGN_INS
from onecouncil.services import api as services


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", **{"people": 12, "cases": 0, **options}, stdout=out)
    return out.getvalue().strip()


def test_an_empty_council_is_filled_once(db: None) -> None:
    assert "12 people" in demo(if_empty=True)
    held = AddressRow.objects.count()
    assert demo(if_empty=True) == "there already"
    demo()
    assert AddressRow.objects.count() == held
    resident = accounts.find_people(system("test"), "resident@larkmere.example")
    assert [one.name for one in resident] == ["Rowan Ashby"]
    assert resident[0].one_line == "1 Heron Street, Larkmere, LM1 1AA"
    assert resident[0].created_at < now() - timedelta(days=60)


def test_a_council_with_its_own_addresses_is_left_alone(db: None) -> None:
    AddressRow.objects.create(
        uprn="5", line="5 Real Road", street="Real Road", town="T", postcode="LM9 9ZZ", ward="W", lat=51, lon=0
    )
    assert demo(if_empty=True) == "there already"
    assert AddressRow.objects.count() == 1


def test_the_gazetteer_answers_a_postcode(db: None) -> None:
    demo()
    found = addresses.find_by_postcode("lm1 1aa")
    assert 5 <= len(found) <= 24
    assert found[0].one_line == "1 Heron Street, Larkmere, LM1 1AA"


@pytest.mark.parametrize("one", SIGN_INS, ids=lambda one: one.role)
def test_each_shown_sign_in_opens_its_role(db: None, one: object) -> None:
    demo(people=1)
    user = (
        accounts.find_people(system("test"), one.email)
        if one.role == "resident"
        else accounts.staff_with_role(one.role)
    )
    assert one.email in [held.email for held in user]
    assert Client().login(email=one.email, password=PASSWORD)


def test_a_nonsense_number_is_refused(db: None) -> None:
    with pytest.raises(CommandError):
        demo(people=-1)


def test_the_clock_goes_back_and_comes_home_even_after_a_fault() -> None:
    then = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    with pytest.raises(KeyError), at(then):
        assert now() == then
        raise KeyError
    assert abs((datetime.now(UTC) - now()).total_seconds()) < 5
    with pytest.raises(ValueError, match="only go back"), at(datetime.now(UTC) + timedelta(days=1)):
        pass


@pytest.fixture
def six_journeys(db: None, settings: object, tmp_path: object) -> None:
    call_command("catalogue", load=True, stdout=StringIO())


def test_sixty_days_are_lived_through_the_rooms_own_actions(
    six_journeys: None, monkeypatch: pytest.MonkeyPatch, work: object
) -> None:
    """Without a payment provider nothing is paid, and all else happens as it did, in its order."""
    monkeypatch.setattr("django.conf.settings.PAY_PROVIDER", "failing")
    said = demo(people=25, cases=12)
    assert re.search(r"25 people, \d+ requests", said)
    resident = accounts.find_people(system("test"), "resident@larkmere.example")[0]
    handed_in = services.submissions_of_person(resident.id)
    assert {one.service for one in handed_in} >= {MISSED_BIN, POTHOLE, COMPLAINT}
    assert all(one.created_at < now() for one in handed_in)
    cases = casework.cases_of_person(resident.id)
    assert any(case.closed_at for case in cases)
    entries = casework.entries_of_person(resident.id, size=100)
    assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)
    assert not Delivery.objects.filter(attempts__gt=0).exists()
