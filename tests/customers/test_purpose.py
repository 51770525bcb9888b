# SPDX-License-Identifier: MIT
"""Nobody reads a record without saying why; the person sees who did; other roles get nowhere near it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from onecouncil.core import audit
from onecouncil.core.actors import Actor
from onecouncil.core.models import Look

SignedIn = Callable[[str], Client]
PAGES = ("", "details", "address", "start")


def test_without_a_purpose_every_page_of_the_record_asks_for_it(signed_in: SignedIn, alice: str) -> None:
    ada = signed_in("ada")
    for page in PAGES:
        answer = ada.get(f"/staff/customers/{alice}/{page}")
        assert answer.status_code == 303
        assert answer["Location"].startswith(f"/staff/customers/{alice}/open")
    assert not Look.objects.exists()


def test_the_purpose_page_says_that_the_customer_sees_it(signed_in: SignedIn, alice: str) -> None:
    page = signed_in("ada").get(f"/staff/customers/{alice}/open").content.decode()
    assert "Alice Example" in page and "customer can see" in page
    assert all(words.replace("'", "&#39;") in page for words in audit.PURPOSES.values())
    assert "07700" not in page and "Heron" not in page


def test_stating_the_purpose_opens_the_record_and_the_person_sees_it(
    opened: SignedIn, signed_in: SignedIn, alice: str
) -> None:
    ada = opened("ada")
    assert ada.get(f"/staff/customers/{alice}/").status_code == 200
    ada.get(f"/staff/customers/{alice}/")
    looks = audit.looks_at(alice)
    assert [(look.who, look.purpose, look.what) for look in looks] == [
        ("Ada (adviser)", audit.PURPOSES["enquiry"], "customer page")
    ]
    own = signed_in("alice").get("/account/looks").content.decode()
    assert "Ada (adviser)" in own and "enquiry" in own


@pytest.mark.parametrize("purpose", ["", "curiosity"])
def test_a_purpose_must_be_on_the_list(signed_in: SignedIn, alice: str, purpose: str) -> None:
    ada = signed_in("ada")
    answer = ada.post(f"/staff/customers/{alice}/open", {"purpose": purpose})
    assert answer.status_code == 422
    assert "Select why you need to see this record" in answer.content.decode()
    assert not Look.objects.exists()
    assert ada.get(f"/staff/customers/{alice}/").status_code == 303


def test_going_on_stays_within_the_record(signed_in: SignedIn, alice: str) -> None:
    ada = signed_in("ada")
    for evil in ("https://evil.example/", "//evil.example", "/staff/cases/", f"/staff/customers/{alice}/\\evil"):
        answer = ada.post(f"/staff/customers/{alice}/open", {"purpose": "enquiry", "next": evil})
        assert answer["Location"] == f"/staff/customers/{alice}/"
    answer = ada.post(
        f"/staff/customers/{alice}/open", {"purpose": "enquiry", "next": f"/staff/customers/{alice}/details"}
    )
    assert answer["Location"] == f"/staff/customers/{alice}/details"


def test_one_purpose_opens_one_person_for_half_an_hour(
    opened: SignedIn, people: dict[str, Actor], alice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = opened("ada")
    assert ada.get(f"/staff/customers/{people['bob'].person_id}/").status_code == 303
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert ada.get(f"/staff/customers/{alice}/").status_code == 303


def test_finishing_closes_the_record(opened: SignedIn, alice: str) -> None:
    ada = opened("ada")
    assert ada.post(f"/staff/customers/{alice}/close").status_code == 303
    assert ada.get(f"/staff/customers/{alice}/").status_code == 303


def test_another_adviser_states_their_own_purpose(opened: SignedIn, signed_in: SignedIn, alice: str) -> None:
    opened("ada")
    assert signed_in("cass").get(f"/staff/customers/{alice}/").status_code == 303


@pytest.mark.parametrize("name", ["alice", "bob", "fin", "ed", "addie"])
def test_other_roles_are_refused(signed_in: SignedIn, alice: str, name: str) -> None:
    client = signed_in(name)
    for path in ("", f"{alice}/", f"{alice}/open", f"{alice}/start", f"{alice}/details", "new"):
        assert client.get(f"/staff/customers/{path}").status_code == 403, path
    assert client.post(f"/staff/customers/{alice}/open", {"purpose": "enquiry"}).status_code == 403
    assert not Look.objects.exists()


def test_nobody_is_sent_to_sign_in(client: Client, alice: str) -> None:
    for path in ("", f"{alice}/", f"{alice}/open"):
        answer = client.get(f"/staff/customers/{path}")
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def test_a_caseworker_reads_but_does_not_edit_or_start(opened: SignedIn, alice: str) -> None:
    cass = opened("cass")
    page = cass.get(f"/staff/customers/{alice}/").content.decode()
    assert "Start a service" not in page and f"{alice}/details" not in page
    for path in ("start", "details", "address"):
        assert cass.get(f"/staff/customers/{alice}/{path}").status_code == 403


def test_a_person_who_is_not_there(signed_in: SignedIn) -> None:
    assert signed_in("ada").get("/staff/customers/00000000-0000-4000-8000-000000000000/open").status_code == 404
    assert signed_in("ada").get("/staff/customers/nonsense/open").status_code == 404


def test_records_are_not_kept_by_caches(opened: SignedIn, alice: str) -> None:
    assert "no-store" in opened("ada").get(f"/staff/customers/{alice}/")["Cache-Control"]
