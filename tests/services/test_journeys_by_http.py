# SPDX-License-Identifier: MIT
"""Each of the journeys, from its first page to its reference, as a browser without JavaScript walks it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from tests.services.conftest import CONTACT, Till, Walk, date_fields, missed_bin

from onecouncil.core.calendar import today
from onecouncil.core.models import EventRow
from onecouncil.services import api
from onecouncil.services.models import Draft, Submission

SignedIn = Callable[[str], Client]


def photo() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    out.name = "hole.png"
    out.seek(0)
    return out


def paper(name: str = "bill.pdf") -> BytesIO:
    out = BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    out.name = name
    return out


def told(reference: str) -> int:
    return EventRow.objects.filter(type="submission.submitted", subject=reference).count()


def test_missed_bin(catalogue: None, client: Client) -> None:
    walk = missed_bin(client).page("about-you", **CONTACT)
    assert "3 Heron Street" in walk.look()
    done = walk.send()
    assert done.endswith("/done")
    row = walk.submission
    page = client.get(done).content.decode()
    assert row.reference in page and "We have received it" in page
    view = api.submission(row.reference)
    assert view.state == "submitted" and told(row.reference) == 1
    assert (view.name, view.email, view.postcode) == ("Alice Example", "alice@example.org", "LM1 1AA")
    assert view.answers["bins"] == ["recycling", "food"]
    assert view.place and view.place.uprn == "10000000003"
    assert view.case_definition["kind"] == "missed-bin" and view.unit == "waste"
    assert walk.draft.answers == {}, "the draft's own copy of the answers is forgotten"


def test_missed_bin_put_out_late_ends_with_what_to_do_instead(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-missed-bin")
    walk.page("start", home__mode="choose", home__postcode="LM1 1AA", home__uprn="10000000003")
    walk.page("bins", bins=["rubbish"])
    walk.page("day", **date_fields("missed_on", today()), out_in_time="no")
    assert "We cannot come back for this one" in walk.look()
    assert client.get(f"/apply/{walk.token}/check").status_code == 303
    client.post(f"/apply/{walk.token}/submit")
    assert not Submission.objects.exists()


def test_pothole_by_typed_place_with_photo(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-pothole")
    walk.page("start", danger="no")
    walk.page("where", place__text="Outside 5 Heron Street")
    walk.page("what", part="road", size="large", depth="deep")
    walk.page("photo", photos=photo())
    walk.page("about-you", name="", email="", phone="", postcode="")
    assert "hole.png" in walk.look()
    walk.send()
    view = api.submission(walk.submission.reference)
    assert view.place and view.place.text == "Outside 5 Heron Street"
    assert len(view.file_ids) == 1 and view.fee_pence == 0 and view.email == ""


def test_pothole_by_map_without_javascript(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-pothole")
    walk.page("start", danger="no")
    page = walk.look()
    assert '<input type="image" name="place-map"' in page
    answer = client.post(walk.at, {"place-text": "", "place-map.x": "140", "place-map.y": "150"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "There is a pin on the map. Near " in text and "Heron Street, LM1 1AA" in text
    walk.page("where", place__text="", place__lat="51.501", place__lon="-0.0995")
    walk.page("what", part="road", size="small", depth="unsure")
    walk.page("photo")
    walk.page("about-you", **CONTACT, postcode="LM1 1AA")
    walk.send()
    view = api.submission(walk.submission.reference)
    assert view.place and (view.place.lat, view.place.lon) == (51.501, -0.0995)


def test_pothole_danger_says_call(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-pothole").page("start", danger="yes")
    assert "call 999" in walk.look()


def bulky(client: Client, query: str = "", **items: int) -> Walk:
    walk = Walk(client, "book-a-bulky-waste-collection", query)
    walk.page("start", **{f"items__{key}": str(count) for key, count in items.items()})
    walk.page("address", home__mode="choose", home__postcode="LM1 1AA", home__uprn="10000000004")
    walk.page("put-out", put_out="front")
    walk.page("day", slot="day-1")
    return walk


@pytest.mark.parametrize(("sofas", "pence"), [(1, 3200), (3, 3200), (4, 3950), (10, 3200 + 7 * 750)])
def test_bulky_waste_costs_to_the_penny(
    catalogue: None, client: Client, till: Till, hear: Callable[[], None], sofas: int, pence: int
) -> None:
    walk = bulky(client, sofa=sofas).page("about-you", **CONTACT)
    assert f"£{pence / 100:.2f}" in walk.look()
    where = walk.send(declaration="yes")
    row = walk.submission
    assert where == f"/pay/{row.reference}" and row.state == "awaiting_payment" and told(row.reference) == 0
    assert till.requests[row.reference].total_pence == row.fee_pence == pence
    assert {line.fund for line in till.requests[row.reference].lines} == {"waste"}
    till.pay(row.reference, times=2)
    hear()
    row.refresh_from_db()
    assert row.state == "submitted" and told(row.reference) == 1
    done = client.get(f"/apply/{walk.token}/done").content.decode()
    assert "Your receipt" in done and "You booked: <strong>Day 1</strong>" in done


def test_parking_permit_asks_to_sign_in_when_it_must(
    catalogue: None, client: Client, signed_in: SignedIn, till: Till, hear: Callable[[], None]
) -> None:
    walk = Walk(client, "resident-parking-permit")
    walk.page("start", car_free="no").page("size", too_big="no")
    page = walk.look()
    assert "Sign in to go on" in page and f"/sign-in?next=/apply/{walk.token}/address" in page
    assert client.post(walk.at, {"home-postcode": "LM1 1AA"}).content.decode().count("Sign in to go on")
    alice = signed_in("alice")
    session = alice.session
    session["drafts"] = [walk.token]
    session.save()
    walk.client = alice
    assert "1 Heron Street" in walk.look(), "her own address stands there to confirm"
    walk.page("address", home__mode="choose", home__postcode="LM1 1AA", home__uprn="10000000001")
    walk.page("vehicle", vrm="ab12 cde", keeper="own").page("emissions", fuel="diesel")
    walk.page("co2", band="medium", euro6="no").page("start", **date_fields("starts_on", today() + timedelta(days=3)))
    walk.page("proof-of-address", proof_of_address=paper())
    walk.page("proof-of-vehicle", proof_of_vehicle=[paper("v5c.pdf"), paper("lease.pdf")])
    assert walk.at.endswith("/check"), "what we know of her is not asked again"
    page = walk.look()
    assert "£235.00" in page and "AB12 CDE" in page and "alice@example.org" in page
    walk.send(declaration="yes")
    row = walk.submission
    assert row.fee_pence == 17000 + 6500 and str(row.person_id) == str(Draft.objects.get(token=walk.token).person_id)
    till.pay(row.reference)
    hear()
    view = api.submission(row.reference)
    assert view.state == "submitted" and len(view.file_ids) == 3
    labels = [one.label for section in view.summary for one in section.rows]
    assert not [label for label in labels if "{" in label], "the case shows words, not placeholders"
    assert [one.reference for one in api.submissions_of_person(str(view.person_id))] == [row.reference]


@pytest.mark.parametrize(
    ("answers", "pence"),
    [
        ({"fuel": "electric"}, 4500),
        ({"fuel": "petrol", "band": "low"}, 11500),
        ({"fuel": "hybrid", "band": "high"}, 26500),
        ({"fuel": "diesel", "band": "low", "euro6": True}, 11500),
        ({"fuel": "diesel", "band": "high", "euro6": False}, 26500 + 6500),
        ({"fuel": "petrol", "band": "low", "euro6": False}, 11500),
        ({"fuel": "electric", "band": "high", "euro6": False}, 4500),
    ],
)
def test_parking_permit_fee_table(catalogue: None, answers: dict[str, object], pence: int) -> None:
    """Answers whose page has left the path (a band for an electric car) cost nothing."""
    from onecouncil.services.actions.drafting import published_version
    from onecouncil.services.engine import fee
    from onecouncil.services.sitting import sit_down

    sitting = sit_down(published_version("resident-parking-permit"))
    given = {"car_free": False, "too_big": False, **answers}
    assert fee(sitting.definition, given, sitting.world).total_pence == pence


def test_moved(catalogue: None, signed_in: SignedIn) -> None:
    walk = Walk(signed_in("alice"), "tell-us-you-have-moved")
    walk.page("start", way="within")
    assert "1 Heron Street" in walk.look()
    old = {"old_address__mode": "choose", "old_address__postcode": "LM1 1AA", "old_address__uprn": "10000000001"}
    walk.page("old-address", **old)
    same = {"new_address__mode": "choose", "new_address__postcode": "LM1 1AA", "new_address__uprn": "10000000001"}
    assert "must be different from your old one" in walk.refused(**same)
    walk.page("new-address", **{**same, "new_address__uprn": "10000000007"})
    walk.page("date", **date_fields("moved_on", today())).page("home", tenure="rent", landlord="Bob Lets")
    walk.page("adults", adults__more="yes")
    born = date_fields("adult_born", today().replace(year=1990, day=1))
    walk.page("adults.1.adult", adult_name="Bob Example", **born)
    page = walk.look()
    assert "Bob Example" in page and "Remove" in page
    walk.page("adults", adults__more="no").page("services", tell=["council-tax", "libraries"])
    walk.send(declaration="yes")
    view = api.submission(walk.submission.reference)
    assert view.answers["new_address"]["uprn"] == "10000000007" and view.answers["adults"][0]["adult_name"]
    assert view.case_definition["on_submit"]["change_address"] == {"address": "new_address", "from": "moved_on"}


def test_complaint(catalogue: None, client: Client) -> None:
    walk = Walk(client, "make-a-complaint")
    walk.page("start", who="me")
    walk.page("what", service_wrong="Bins", what="Nobody came.\nTwice.")
    walk.page("effect", effect="It smells", remedy="Come").page("papers", papers=paper()).page("help", adjust="")
    walk.page("about-you", **CONTACT, postcode="LM1 1AA")
    walk.send()
    view = api.submission(walk.submission.reference)
    assert view.case_definition["second_stage"]["clock"]["days"] == 20 and view.postcode == "LM1 1AA"


def test_question_about_a_service_goes_to_its_unit(catalogue: None, client: Client) -> None:
    walk = Walk(client, "ask-the-council", "?about=report-graffiti")
    assert "Report graffiti" in walk.look()
    walk.page("start", question="Who cleans it?").page("papers")
    walk.page("about-you", **CONTACT, postcode="LM1 1AA")
    walk.send()
    view = api.submission(walk.submission.reference)
    assert (view.about, view.unit) == ("report-graffiti", "street-cleaning")
