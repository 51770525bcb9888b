# SPDX-License-Identifier: MIT
"""The record itself: what is open and owed, one timeline; the same few queries for a long history as for a short."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onecouncil.accounts import api as accounts
from onecouncil.core.actors import Actor, system
from onecouncil.core.models import Message
from tests.customers.conftest import add_bill, add_case, write_to

SignedIn = Callable[[str], Client]
HEADING = re.compile(r'<h3 class="govuk-heading-s govuk-!-margin-bottom-1">([^<]+)')


def record_of(client: Client, person_id: str, after: str = "") -> str:
    answer = client.get(f"/staff/customers/{person_id}/{after}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_open_what_is_owed_and_what_happened(opened: SignedIn, alice: str) -> None:
    add_case(alice, "LM-AAAA-AAA1")
    bill = add_bill(alice, "LM-BBBB-BBB1")
    write_to(alice, 1, about="LM-AAAA-AAA1")
    page = record_of(opened("ada"), alice)
    for words in ("1 Heron Street, Larkmere, LM1 1AA", "07700 900001", "/staff/cases/LM-AAAA-AAA1", "£32.00"):
        assert words in page
    assert f"/bills/{bill}/link" in page
    assert "Answering the person&#39;s enquiry" in page
    assert {"Case opened", "E-mail: Letter 1"} <= {title.strip() for title in HEADING.findall(page)}


def test_the_timeline_is_newest_first_and_turns_without_loss(opened: SignedIn, alice: str) -> None:
    for number in range(1, 31):
        write_to(alice, number)
        if number % 5 == 0:
            add_case(alice, f"LM-AAAA-AA{number:02}")
    ada, told, after = opened("ada"), [], ""
    for _ in range(10):
        page = record_of(ada, alice, after)
        told += [title.strip() for title in HEADING.findall(page)]
        onward = re.search(r'href="(\?after=[^"#]+)#timeline', page)
        if not onward:
            break
        after = onward.group(1).replace("&amp;", "&")
    letters = [int(title.rsplit(" ", 1)[1]) for title in told if title.startswith("E-mail: Letter")]
    assert letters == list(range(30, 0, -1))
    assert told.count("Case opened") == 6


def test_queries_do_not_grow_with_the_history(opened: SignedIn, alice: str) -> None:
    ada = opened("ada")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            record_of(ada, alice)
        return len(taken)

    add_case(alice, "LM-AAAA-AAA1")
    add_bill(alice, "LM-BBBB-BBB1")
    short = cost()
    for number in range(15):
        add_case(alice, f"LM-CCCC-CC{number:02}")
        add_bill(alice, f"LM-DDDD-DD{number:02}")
        write_to(alice, number)
    assert cost() == short
    assert short <= 16


def test_a_steward_reads_what_happened_but_not_the_words(opened: SignedIn, alice: str) -> None:
    write_to(alice, 7)
    add_case(alice, "LM-AAAA-AAA1")
    page = record_of(opened("stew"), alice)
    assert "E-mail: Letter 7" in page and "Words of letter 7" not in page
    assert "/staff/cases/" not in page


def test_somebody_without_any_history(signed_in: SignedIn, people: dict[str, Actor]) -> None:
    ada, bob = signed_in("ada"), people["bob"].person_id
    ada.post(f"/staff/customers/{bob}/open", {"purpose": "enquiry"})
    page = record_of(ada, str(bob))
    assert "Nothing yet." in page and "Start a service for them" in page


def test_a_nonsense_place_in_the_address_shows_the_beginning(opened: SignedIn, alice: str) -> None:
    write_to(alice, 1)
    assert "E-mail: Letter 1" in record_of(opened("ada"), alice, "?after=~~';--~~")


@pytest.mark.parametrize("query", ["alice", "Alice Exa", "alice@example.org", "07700 900001", "LM1 1AA", "lm11aa"])
def test_finding_somebody(signed_in: SignedIn, alice: str, query: str) -> None:
    page = signed_in("ada").get("/staff/customers/", {"q": query}).content.decode()
    assert f"/staff/customers/{alice}/" in page


def test_nobody_found_leads_to_adding_them(signed_in: SignedIn, alice: str) -> None:
    page = signed_in("ada").get("/staff/customers/", {"q": "Zebedee"}).content.decode()
    assert "Nobody found" in page and "new?name=Zebedee" in page
    assert "new?" not in signed_in("cass").get("/staff/customers/", {"q": "Zebedee"}).content.decode()


def test_finding_by_an_address_in_the_gazetteer(signed_in: SignedIn, alice: str) -> None:
    from onecouncil.core.models import AddressRow

    AddressRow.objects.create(
        uprn="10000000001", line="1 Heron Street", street="Heron Street", town="Larkmere", postcode="LM1 1AA",
        ward="Heron Hill", lat=51.5, lon=-0.4,
    )  # fmt: skip
    page = signed_in("ada").get("/staff/customers/", {"q": "1 heron st"}).content.decode()
    assert f"/staff/customers/{alice}/" in page


def test_the_search_turns_pages_by_key(signed_in: SignedIn, db: None) -> None:
    for number in range(45):
        accounts.create_person(system("test"), accounts.DetailsGiven(f"Winifred {number:02}"))
    ada, seen, url = signed_in("ada"), [], "/staff/customers/?q=winifred"
    while url:
        page = ada.get(url).content.decode()
        seen += re.findall(r">(Winifred \d\d)<", page)
        onward = re.search(r'href="(\?q=[^"]+)" rel="next"', page)
        url = f"/staff/customers/{onward.group(1)}".replace("&amp;", "&") if onward else ""
    assert seen == [f"Winifred {number:02}" for number in range(45)]


def test_writing_down_somebody_who_rings(signed_in: SignedIn, db: None) -> None:
    ada = signed_in("ada")
    given = {"name": "Nora Phone", "phone": "07700 900123", "line": "2 Heron Street, Larkmere", "postcode": "lm1 1ab"}
    answer = ada.post("/staff/customers/new", given)
    assert answer.status_code == 303 and answer["Location"].endswith("/open")
    person = accounts.find_people(system("test"), "Nora Phone")[0]
    assert (person.phone, person.one_line) == ("07700 900123", "2 Heron Street, Larkmere, LM1 1AB")


def test_bad_input_is_told_beside_the_field_and_kept(signed_in: SignedIn, db: None) -> None:
    given = {"name": "", "phone": "12", "email": "nobody", "date_of_birth-day": "3", "line": "Somewhere"}
    answer = signed_in("ada").post("/staff/customers/new", given)
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count('value="nobody"') == 1 and "Error:" in page
    assert "Date of birth must be a real date" in page
    again = signed_in("ada").post("/staff/customers/new", {**given, "date_of_birth-day": ""}).content.decode()
    assert "Enter their full name" in again and "Enter a phone number" in again


def test_correcting_details(opened: SignedIn, alice: str) -> None:
    ada = opened("ada")
    given = {
        "name": "Alice New",
        "phone": "",
        "date_of_birth-day": "27",
        "date_of_birth-month": "3",
        "date_of_birth-year": "1980",
    }
    assert ada.post(f"/staff/customers/{alice}/details", given).status_code == 303
    changed = accounts.person(alice)
    assert changed and (changed.name, str(changed.date_of_birth)) == ("Alice New", "1980-03-27")
    wrong = ada.post(f"/staff/customers/{alice}/details", {**given, "date_of_birth-year": "1066", "name": "Kept"})
    assert wrong.status_code == 422 and 'value="Kept"' in wrong.content.decode()


def test_changing_the_address(opened: SignedIn, alice: str) -> None:
    ada = opened("ada")
    assert "Type the address in" in ada.get(f"/staff/customers/{alice}/address?postcode=LM9+9ZZ").content.decode()
    assert ada.post(f"/staff/customers/{alice}/address", {"line": "", "postcode": "LM1 1AB"}).status_code == 422
    moved = ada.post(f"/staff/customers/{alice}/address", {"line": "3 Mereside, Larkmere", "postcode": "LM1 1AB"})
    assert moved.status_code == 303
    person = accounts.person(alice)
    assert person and person.one_line == "3 Mereside, Larkmere, LM1 1AB"


def test_a_pay_link_is_sent_once_for_one_press(opened: SignedIn, alice: str) -> None:
    ada, bill = opened("ada"), add_bill(alice, "LM-BBBB-BBB1")
    page = ada.get(f"/staff/customers/{alice}/bills/{bill}/link").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key and 'value="alice@example.org"' in page
    given = {"email": "alice@example.org", "key": key.group(1)}
    for _ in range(2):
        assert ada.post(f"/staff/customers/{alice}/bills/{bill}/link", given).status_code == 303
    sent = Message.objects.filter(template="pay-link")
    assert [one.address for one in sent] == ["alice@example.org"]
    assert "/pay/" in sent[0].body
    assert ada.post(f"/staff/customers/{alice}/bills/{bill}/link", {"email": "no", "key": "k"}).status_code == 422


def test_a_bill_of_somebody_else_is_not_there(opened: SignedIn, people: dict[str, Actor], alice: str) -> None:
    bill = add_bill(str(people["bob"].person_id), "LM-BBBB-BBB2")
    assert opened("ada").get(f"/staff/customers/{alice}/bills/{bill}/link").status_code == 404
