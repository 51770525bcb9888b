# SPDX-License-Identifier: MIT
"""Handing in: once however often it is pressed, never unpaid, never lost; and the HTTP API beside it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.services.conftest import CONTACT, Diary, Till, missed_bin
from tests.services.test_journeys_by_http import bulky

from onecouncil.core.actors import Actor
from onecouncil.core.models import EventRow
from onecouncil.core.problems import Conflict, NotFound
from onecouncil.services import api
from onecouncil.services.actions import submitting
from onecouncil.services.models import Draft, Submission

SignedIn = Callable[[str], Client]
Hear = Callable[[], None]


def events(kind: str) -> int:
    return EventRow.objects.filter(type=kind).count()


def test_pressed_twice_it_is_handed_in_once(catalogue: None, client: Client) -> None:
    walk = missed_bin(client).page("about-you", **CONTACT)
    first, second = (client.post(f"/apply/{walk.token}/submit") for _ in range(2))
    assert first["Location"] == second["Location"]
    draft = walk.draft
    assert submitting.submit(draft, Actor()).reference == submitting.submit(draft, Actor()).reference
    assert Submission.objects.count() == 1 == events("submission.submitted")
    assert client.post(f"/apply/{walk.token}/about-you", CONTACT)["Location"].endswith("/done")


def test_paid_twice_or_late_it_is_submitted_once(catalogue: None, client: Client, till: Till, hear: Hear) -> None:
    walk = bulky(client, sofa=2).page("about-you", **CONTACT)
    walk.send(declaration="yes")
    reference = walk.submission.reference
    till.pay(reference, times=3)
    assert "We have received it" in client.get(f"/apply/{walk.token}/done").content.decode(), "paid: seen on return"
    hear()
    submitting.paid(reference)
    assert events("submission.submitted") == 1


def test_unpaid_it_can_be_paid_later_changed_or_withdrawn(
    catalogue: None, client: Client, till: Till, diary: Diary
) -> None:
    walk = bulky(client, sofa=1).page("about-you", **CONTACT)
    walk.send(declaration="yes")
    row = walk.submission
    assert diary.held == {row.reference: "day-1"}
    page = client.get(f"/apply/{walk.token}/done").content.decode()
    assert "You still need to pay" in page and "Pay £32.00 now" in page
    assert client.post(f"/apply/{walk.token}/pay")["Location"] == f"/pay/{row.reference}"
    assert client.post(f"/apply/{walk.token}/change")["Location"].endswith("/check")
    row.refresh_from_db()
    assert row.state == "withdrawn" and till.bills[row.reference].state == "cancelled" and not diary.held
    walk.at = f"/apply/{walk.token}/items"
    walk.page("items", items__sofa="5").send(declaration="yes")
    again = walk.submission
    assert again.reference != row.reference and again.fee_pence == 3200 + 2 * 750
    client.post(f"/apply/{walk.token}/withdraw")
    again.refresh_from_db()
    assert again.state == "withdrawn" and not diary.held and events("submission.submitted") == 0
    assert "This is withdrawn" in client.get(f"/apply/{walk.token}/done").content.decode()


def test_the_declaration_must_be_agreed_to(catalogue: None, client: Client) -> None:
    walk = bulky(client, sofa=1).page("about-you", **CONTACT)
    page = client.post(f"/apply/{walk.token}/submit")
    assert page.status_code == 422 and "Confirm that the items are yours" in page.content.decode()
    assert not Submission.objects.exists()


def test_a_slot_taken_meanwhile_is_chosen_again(catalogue: None, client: Client, diary: Diary) -> None:
    mine, theirs = bulky(client, sofa=1), bulky(Client(), chair=1)
    for walk in (theirs, mine):
        walk.page("about-you", **CONTACT)
    theirs.send(declaration="yes")
    page = client.post(f"/apply/{mine.token}/submit", {"declaration": "yes"})
    assert page.status_code == 422 and "again: that one is no longer free" in page.content.decode()
    assert Submission.objects.count() == 1
    mine.at = f"/apply/{mine.token}/day"
    mine.page("day", slot="day-2").send(declaration="yes")


def test_withdrawing_is_for_ones_own(catalogue: None, people: dict[str, Actor], signed_in: SignedIn) -> None:
    walk = missed_bin(signed_in("alice"))
    walk.send()
    reference = walk.submission.reference
    with pytest.raises(NotFound):
        api.withdraw(reference, people["bob"])
    api.withdraw(reference, people["alice"])
    assert api.submission(reference).state == "withdrawn" and events("submission.withdrawn") == 1
    with pytest.raises(Conflict):
        api.withdraw(reference, people["alice"])


# --- the HTTP API -----------------------------------------------------------------------------------------------------

POTHOLE: dict[str, Any] = {
    "danger": False,
    "place": {"text": "Heron Street", "lat": 51.501, "lon": -0.0995},
    "part": "road",
    "size": "large",
    "depth": "deep",
    "harm": None,
    "photos": None,
    "name": None,
    "email": "bob@example.org",
    "phone": None,
    "postcode": None,
}


def post(client: Client, path: str, data: object, **headers: str) -> Any:
    return client.post(f"/api/v1{path}", json.dumps(data), content_type="application/json", headers=headers or None)


def test_services_are_listed_and_read(catalogue: None, plain: str, client: Client) -> None:
    page = client.get("/api/v1/services?size=3").json()
    assert len(page["items"]) == 3
    rest = client.get(f"/api/v1/services?after={page['next']}").json()
    assert len(rest["items"]) == 6 and rest["next"] is None
    one = client.get("/api/v1/services/report-a-pothole").json()
    assert one["lgsl"] == 557 and one["has_journey"] and "{" not in one["then"]
    journey = client.get("/api/v1/services/book-a-bulky-waste-collection/journey").json()
    assert journey["fee"][0]["items"]["covers"] == 3 and journey["sign_in"] == "optional"
    assert client.get(f"/api/v1/services/{plain}/journey").status_code == 404
    assert client.get("/api/v1/services/none").headers["Content-Type"] == "application/problem+json"


def test_a_journey_handed_in_as_json_once_for_each_key(catalogue: None, client: Client) -> None:
    one, two = (
        post(client, "/services/report-a-pothole/submissions", {"answers": POTHOLE}, **{"Idempotency-Key": "k1"})
        for _ in range(2)
    )
    assert (one.status_code, two.status_code) == (201, 201) and one.json() == two.json()
    other = {"answers": {**POTHOLE, "size": "small"}}
    assert post(client, "/services/report-a-pothole/submissions", other, **{"Idempotency-Key": "k1"}).status_code == 409
    assert Submission.objects.count() == 1 == events("submission.submitted")
    assert api.submission(one.json()["reference"]).channel == "api"


def test_wrong_json_tells_each_field_and_keeps_nothing(catalogue: None, client: Client) -> None:
    wrong = {**POTHOLE, "size": "enormous", "email": "no", "surprise": 1}
    answer = post(client, "/services/report-a-pothole/submissions", {"answers": wrong})
    assert answer.status_code == 422
    assert {"size", "email", "surprise"} <= {error["field"] for error in answer.json()["errors"]}
    assert post(client, "/services/report-a-pothole/submissions", {"answers": "no"}).status_code == 422
    assert post(client, "/services/resident-parking-permit/submissions", {"answers": {}}).status_code == 403
    assert not Draft.objects.exists() and not Submission.objects.exists()


def test_a_draft_over_http(catalogue: None, client: Client) -> None:
    made = post(client, "/drafts", {"service": "report-a-pothole", "answers": {"danger": False}})
    assert made.status_code == 201 and made.json()["next_page"] == "where"
    path = f"/api/v1/drafts/{made.json()['token']}"
    bad = client.patch(path, json.dumps({"answers": {"size": "vast"}}), content_type="application/json")
    assert bad.status_code == 422 and client.get(path).json()["answers"] == {"danger": False}
    good = client.patch(path, json.dumps({"answers": {"place": "Heron Street"}}), content_type="application/json")
    assert good.json()["next_page"] == "what"
    assert client.delete(path).status_code == 204 and client.get(path).status_code == 404


def test_my_submissions(catalogue: None, client: Client, signed_in: SignedIn) -> None:
    assert client.get("/api/v1/me/submissions").status_code == 401
    alice = signed_in("alice")
    walk = missed_bin(alice)
    walk.send()
    found = alice.get("/api/v1/me/submissions").json()
    assert [one["reference"] for one in found["items"]] == [walk.submission.reference]
    assert signed_in("bob").get("/api/v1/me/submissions").json()["items"] == []
