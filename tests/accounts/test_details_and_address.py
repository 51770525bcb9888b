# SPDX-License-Identifier: MIT
"""A person's details and address: changed once, told once, kept when wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onecouncil.accounts import api
from onecouncil.accounts.models import Person
from onecouncil.core.actors import Actor, system
from onecouncil.core.models import AddressRow, EventRow, Look, Message
from onecouncil.core.problems import Forbidden, Invalid, NotFound

GOOD = {
    "name": "Alice Amber Example",
    "phone": "07700 900123",
    "date_of_birth-day": "27",
    "date_of_birth-month": "3",
    "date_of_birth-year": "1980",
}


@pytest.fixture
def heron_street(db: None) -> None:
    for number in range(1, 4):
        AddressRow.objects.create(
            uprn=f"1000000000{number}",
            line=f"{number} Heron Street",
            street="Heron Street",
            town="Larkmere",
            postcode="LM1 1AA",
            ward="Harbour",
            lat=51.5,
            lon=0.1,
        )


def test_alice_changes_her_details(signed_in: Callable[[str], Client], people: dict[str, Actor]) -> None:
    alice = signed_in("alice")
    answer = alice.post("/account/details", GOOD)
    assert (answer.status_code, answer["Location"]) == (303, "/account/details")
    assert "Your details are saved" in alice.get("/account/details").content.decode()
    person = Person.objects.get(pk=people["alice"].person_id)
    assert (person.name, person.phone, str(person.date_of_birth)) == (
        "Alice Amber Example",
        "07700 900123",
        "1980-03-27",
    )
    told = EventRow.objects.get(type="person.details_changed")
    assert told.data["fields"] == ["date_of_birth", "name", "phone"] and "Amber" not in str(told.data)
    alice.post("/account/details", GOOD)
    assert EventRow.objects.filter(type="person.details_changed").count() == 1, "no change, no event"


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"name": ""}, "Enter your full name"),
        ({"phone": "12"}, "Enter a phone number"),
        ({"date_of_birth-day": "31", "date_of_birth-month": "2"}, "must be a real date"),
        ({"date_of_birth-year": "2999"}, "must be in the past"),
        ({"date_of_birth-year": "٢٠٠٠"}, "must be a real date"),
    ],
)
def test_wrong_details_are_told_and_kept(signed_in: Callable[[str], Client], wrong: dict[str, str], words: str) -> None:
    page = signed_in("alice").post("/account/details", {**GOOD, **wrong})
    assert page.status_code == 422
    html = page.content.decode()
    assert html.count(words) == 2 and "27" in html
    assert Person.objects.filter(name="Alice Example").exists()


def test_alice_moves(signed_in: Callable[[str], Client], people: dict[str, Actor], heron_street: None) -> None:
    alice = signed_in("alice")
    page = alice.get("/account/address?postcode=lm11aa").content.decode()
    assert "2 Heron Street, Larkmere" in page
    answer = alice.post("/account/address", {"postcode": "LM1 1AA", "uprn": "10000000002"})
    assert answer["Location"] == "/account/details"
    told = EventRow.objects.get(type="person.address_changed")
    assert told.data == {
        "person_id": people["alice"].person_id,
        "uprn": "10000000002",
        "postcode": "LM1 1AA",
        "old_uprn": "10000000001",
        "old_postcode": "LM1 1AA",
    }


def test_an_address_in_no_list_is_typed(signed_in: Callable[[str], Client], people: dict[str, Actor]) -> None:
    alice = signed_in("alice")
    bad = alice.post("/account/address", {"typed": "yes", "line": "Boat 4, Mooring Lane, Larkmere", "postcode": "nope"})
    assert bad.status_code == 422 and "Boat 4, Mooring Lane" in bad.content.decode()
    alice.post("/account/address", {"typed": "yes", "line": "Boat 4, Mooring Lane, Larkmere", "postcode": "lm2 2bb"})
    facts = api.known_facts(str(people["alice"].person_id))
    assert facts["person.address"] == {
        "uprn": None,
        "line1": "Boat 4",
        "line2": "Mooring Lane",
        "town": "Larkmere",
        "postcode": "LM2 2BB",
    }
    assert "person.date_of_birth" not in facts and facts["person.name"] == "Alice Example"


@pytest.mark.parametrize(
    "postcode, words", [("rubbish", "Enter a full UK postcode"), ("ZZ1 1ZZ", "We found no address")]
)
def test_a_postcode_without_addresses(signed_in: Callable[[str], Client], postcode: str, words: str) -> None:
    page = signed_in("alice").get("/account/address", {"postcode": postcode})
    assert page.status_code == 422 and words in page.content.decode() and postcode in page.content.decode()


def test_nobody_changes_another_person(people: dict[str, Actor]) -> None:
    alice = str(people["alice"].person_id)
    for who in ("bob", "cass", "addie"):
        with pytest.raises(NotFound):
            api.change_details(people[who], alice, api.DetailsGiven(name="Mallory"))
        with pytest.raises(NotFound):
            api.change_address(people[who], alice, api.AddressGiven(line="1 A Street", postcode="LM1 1AA"))
    api.change_details(people["ada"], alice, api.DetailsGiven(name="Alice Corrected"))
    api.change_address(system("services"), alice, api.AddressGiven(line="1 A Street", postcode="LM1 1AA"))
    assert [row.actor for row in EventRow.objects.order_by("pk")] == [people["ada"].label, "system:services"]


def test_an_adviser_finds_people(people: dict[str, Actor]) -> None:
    ada = people["ada"]

    def found(query: str) -> list[str]:
        return [one.name for one in api.find_people(ada, query)]

    assert found("alice@") == ["Alice Example"]
    assert found("exam bob") == ["Bob Example"]
    assert found("07700900001") == found("07700 9000") == ["Alice Example", "Bob Example", "Charlie Example"]
    assert found("lm11aa") == found("LM1") == ["Alice Example", "Bob Example", "Charlie Example"]
    assert found("  ") == found("nobody") == found("%") == found("_lice") == []
    first = api.find_people(ada, "example", size=2)
    assert [one.name for one in api.find_people(ada, "example", after=first[-1].key)] == ["Charlie Example"]
    with pytest.raises(Forbidden):
        api.find_people(people["alice"], "alice")


def test_an_adviser_writes_somebody_down(people: dict[str, Actor]) -> None:
    made = api.create_person(people["ada"], api.DetailsGiven(name="Grace Hopper"), "grace@example.org")
    view = api.person(made)
    assert view is not None and (view.name, view.user_id) == ("Grace Hopper", None)
    with pytest.raises(Invalid) as fault:
        api.create_person(people["ada"], api.DetailsGiven(name="", phone="x"), "no")
    assert set(fault.value.fields) == {"name", "phone", "email"}
    with pytest.raises(Forbidden):
        api.create_person(people["cass"], api.DetailsGiven(name="X Y"))


def test_an_unknown_person_is_nobody(people: dict[str, Actor]) -> None:
    assert api.person("not-a-uuid") is None and api.known_facts("not-a-uuid") == {}
    assert api.people_named([str(people["bob"].person_id), "nonsense"]) == {people["bob"].person_id: "Bob Example"}
    assert api.names_of([int(people["ada"].user_id or 0)]) == {people["ada"].user_id: "Ada"}


@pytest.mark.parametrize("rows", [2, 45])
def test_lists_are_by_key_and_cost_the_same(
    signed_in: Callable[[str], Client], people: dict[str, Actor], django_assert_max_num_queries: Any, rows: int
) -> None:
    from onecouncil.core.calendar import now

    person = people["alice"].person_id
    Message.objects.bulk_create(
        Message(
            key=f"k{n}",
            address="a@b.c",
            person_id=person,
            template="t",
            subject=f"Letter {n}.",
            body="x\n\ny",
            created_at=now(),
        )
        for n in range(rows)
    )
    Look.objects.bulk_create(
        Look(person_id=person, who=f"Ada {n}.", purpose="enquiry", what="customer page", time=now())
        for n in range(rows)
    )
    alice = signed_in("alice")
    for page, word in (("/account/messages", "Letter"), ("/account/looks", "Ada")):
        seen: list[int] = []
        where = page
        while where:
            with django_assert_max_num_queries(4):
                html = alice.get(where).content.decode()
            new = [n for n in range(rows) if f"{word} {n}." in html]
            assert len(new) <= 20
            seen += new
            where = page + html.split('href="?')[1].split('"')[0].join(["?", ""]) if 'href="?before' in html else ""
        assert sorted(seen) == list(range(rows))


def test_the_account_page_is_cheap(signed_in: Callable[[str], Client], django_assert_max_num_queries: Any) -> None:
    from onecouncil.core import furniture

    alice = signed_in("alice")
    panels = len(furniture._panels)
    with django_assert_max_num_queries(3 + 4 * panels):
        assert alice.get("/account/").status_code == 200
