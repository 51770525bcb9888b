# SPDX-License-Identifier: MIT
"""Drafts: saved, resumed elsewhere, opened by nobody else; bad input keeps what was typed and changes nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from tests.services.conftest import CONTACT, Till, Walk, missed_bin
from tests.services.test_journeys_by_http import bulky, paper, photo

from onecouncil.core.actors import Actor, system
from onecouncil.core.models import Look, Message, StoredFile
from onecouncil.core.problems import Unavailable
from onecouncil.services.actions import drafting
from onecouncil.services.actions.publishing import load
from onecouncil.services.catalogue import Entry
from onecouncil.services.definitions import read_definition
from onecouncil.services.journeys import journey_of
from onecouncil.services.models import Draft, Service, Submission

SignedIn = Callable[[str], Client]


def test_looking_at_the_first_page_keeps_nothing(catalogue: None, client: Client) -> None:
    Walk(client, "report-a-missed-bin").look()
    assert not Draft.objects.exists() and not client.cookies.get("onecouncil_session")


def test_bad_input_keeps_what_was_typed_and_changes_nothing(catalogue: None, client: Client) -> None:
    walk = missed_bin(client)
    before = walk.draft.answers
    page = walk.refused(name="Al<b>ice", email="not-an-address", phone="12")
    assert "There is a problem" in page and 'href="#email"' in page and 'value="not-an-address"' in page
    assert "Al&lt;b&gt;ice" in page and "<title>Error:" in page
    assert walk.draft.answers == before
    first = Walk(client, "report-a-missed-bin")
    first.refused(home__mode="typed", home__line1="", home__town="Larkmere", home__postcode="LM1 1AA")
    assert Draft.objects.count() == 1, "a refused first page keeps no draft"


def test_a_page_ahead_is_not_reached_by_its_address(catalogue: None, client: Client) -> None:
    walk = missed_bin(client)
    assert client.get(f"/apply/{walk.token}/check")["Location"].endswith("/about-you")
    assert client.get(f"/apply/{walk.token}/no-such-page").status_code == 303
    assert client.post(f"/apply/{walk.token}/no-such-page", {}).status_code == 303


def test_going_back_and_changing_leaves_no_stale_answer(catalogue: None, client: Client, till: Till) -> None:
    walk = Walk(client, "book-a-bulky-waste-collection")
    walk.page("start", items__other="1", items__sofa="1").page("other", other_what="A piano")
    walk.page("address", home__mode="choose", home__postcode="LM1 1AA", home__uprn="10000000004")
    walk.page("put-out", put_out="front").page("day", slot="day-2").page("about-you", **CONTACT)
    walk.at = f"/apply/{walk.token}/items"
    walk.page("items", items__sofa="2")
    assert walk.at.endswith("/check") and "piano" not in walk.look()
    walk.send(declaration="yes")
    assert "other_what" not in walk.submission.answers


def test_somebody_elses_draft_is_not_there(catalogue: None, client: Client, signed_in: SignedIn) -> None:
    walk = missed_bin(client)
    hers = missed_bin(signed_in("alice"))
    for token in (walk.token, hers.token):
        for stranger in (Client(), signed_in("bob"), signed_in("cass"), signed_in("ada")):
            for end in ("bins", "check", "done", "save", "saved", "discard", "withdraw", "files/x"):
                assert stranger.get(f"/apply/{token}/{end}").status_code == 404, end
            for end in ("bins", "submit", "pay", "change", "withdraw", "pay-link", "save", "discard"):
                assert stranger.post(f"/apply/{token}/{end}").status_code == 404, end
            assert stranger.get(f"/api/v1/drafts/{token}").status_code == 404


def test_resumed_on_another_device_with_the_link_and_the_address(catalogue: None, client: Client) -> None:
    walk = missed_bin(client)
    page = client.post(f"/apply/{walk.token}/save", {"email": "nonsense"})
    assert page.status_code == 422 and 'value="nonsense"' in page.content.decode()
    assert client.post(f"/apply/{walk.token}/save", {"email": "Alice@example.org"}).status_code == 303
    assert "Your answers are saved" in client.get(f"/apply/{walk.token}/saved").content.decode()
    body = Message.objects.get(template="services-resume").body
    link = re.search(r"http://\S+(/resume/\S+)", body)
    assert link
    elsewhere = Client()
    assert elsewhere.get(link[1]).status_code == 200
    assert elsewhere.post(link[1], {"email": "bob@example.org"}).status_code == 422
    go_on = elsewhere.post(link[1], {"email": "alice@example.org"})
    assert elsewhere.get(go_on["Location"])["Location"].endswith("/about-you")
    other = Walk(elsewhere, walk.slug, at=walk.at).page("about-you", **CONTACT)
    other.send()
    assert walk.submission.state == "submitted"


def test_tries_at_a_resume_link_are_limited(catalogue: None, client: Client) -> None:
    walk = missed_bin(client)
    client.post(f"/apply/{walk.token}/save", {"email": "alice@example.org"})
    answers = [Client().post(f"/resume/{walk.token}", {"email": f"{n}@example.org"}).status_code for n in range(11)]
    assert answers[-1] == 429


def test_saved_in_the_account_and_claimed_by_signing_in(catalogue: None, signed_in: SignedIn) -> None:
    alice = signed_in("alice")
    walk = missed_bin(alice)
    assert walk.at.endswith("/check"), "her name, address and phone are known: not asked again"
    assert [one.token for one in drafting.drafts_of(str(walk.draft.person_id))] == [walk.token]


def test_expired_drafts_and_their_files_are_deleted(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-pothole").page("start", danger="no")
    walk.page("where", place__text="Heron Street").page("what", part="road", size="large", depth="deep")
    walk.page("photo", photos=photo())
    assert StoredFile.objects.count() == 1
    Draft.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert client.get(walk.at).status_code == 404
    assert drafting.delete_expired() == 1
    assert not Draft.objects.exists() and not StoredFile.objects.exists()


def test_what_was_handed_in_outlives_its_draft(catalogue: None, client: Client) -> None:
    walk = missed_bin(client).page("about-you", **CONTACT)
    walk.send()
    Draft.objects.update(expires_at=timezone.now() - timedelta(days=1))
    drafting.delete_expired()
    assert Submission.objects.count() == 1 and not Draft.objects.exists()


def test_files_are_typed_by_content_limited_and_removable(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-pothole").page("start", danger="no")
    walk.page("where", place__text="Heron Street").page("what", part="road", size="large", depth="deep")
    wicked = BytesIO(b"<html><script>alert(1)</script></html>")
    wicked.name = "photo.jpg"
    assert "must be a PDF, a photo" in walk.refused(photos=wicked)
    huge = BytesIO(b"\x89PNG" + b"0" * (10 * 1024 * 1024 + 1))
    huge.name = "huge.png"
    assert "smaller than 10 MB" in walk.refused(photos=huge)
    assert "must be one of these kinds" in walk.refused(photos=paper())
    assert client.post(walk.at, {"action": "upload:photos", "photos": photo()}).status_code == 303
    page = walk.look()
    names = re.findall(r'value="drop:photos:([0-9a-f-]+)"', page)
    assert len(names) == 1, "nothing of a refused file is kept"
    held = client.get(f"/apply/{walk.token}/files/{names[0]}")
    assert held["Content-Disposition"].startswith("attachment") and "sandbox" in held["Content-Security-Policy"]
    assert client.post(walk.at, {"action": f"drop:photos:{names[0]}"}).status_code == 303
    assert not StoredFile.objects.exists()
    walk.page("photo")
    assert client.post(walk.at, {"action": "drop:photos:11111111-1111-1111-1111-111111111111"}).status_code == 404


def test_upload_refuses_what_continue_would_refuse(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-pothole").page("start", danger="no")
    walk.page("where", place__text="Heron Street").page("what", part="road", size="large", depth="deep")
    wrong = walk.refused(action="upload:photos", photos=[photo(), paper("bill.pdf")])
    assert 'id="photos-error"' in wrong and "bill.pdf must be one of these kinds" in wrong
    assert "drop:photos:" not in wrong and not StoredFile.objects.exists() and not walk.draft.uploads
    most = int(
        next(q for q in journey_of(walk.draft.version).questions.values() if q.key == "photos").settings["max_files"]
    )
    too_many = walk.refused(action="upload:photos", photos=[photo() for _ in range(most + 1)])
    assert f"Upload {most} file" in too_many and not StoredFile.objects.exists()
    for _ in range(most):
        assert client.post(walk.at, {"action": "upload:photos", "photos": photo()}).status_code == 303
    assert f"Upload {most} file" in walk.refused(action="upload:photos", photos=photo())
    assert StoredFile.objects.count() == most


def test_another_drafts_file_cannot_be_named(catalogue: None, client: Client) -> None:
    walk = Walk(client, "report-a-pothole").page("start", danger="no")
    walk.page("where", place__text="Heron Street").page("what", part="road", size="large", depth="deep")
    client.post(walk.at, {"action": "upload:photos", "photos": photo()})
    stolen = str(StoredFile.objects.get().pk)
    thief = Client()
    other = Walk(thief, "report-a-pothole").page("start", danger="no")
    other.page("where", place__text="Heron Street").page("what", part="road", size="large", depth="deep")
    other.page("photo", photos=stolen)
    assert not other.draft.answers.get("photos")
    assert thief.get(f"/apply/{other.token}/files/{stolen}").status_code == 404


def test_address_found_by_postcode_or_typed_when_look_up_is_down(
    catalogue: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = "/services/report-a-missed-bin/start"
    page = client.post(start, {"action": "find:home", "home-postcode": "lm11aa", "home-mode": "find"})
    assert page.status_code == 200 and "20 addresses found" in page.content.decode()
    page = client.post(start, {"action": "find:home", "home-postcode": "rubbish", "home-mode": "find"})
    assert page.status_code == 422 and 'value="rubbish"' in page.content.decode()
    page = client.post(start, {"action": "find:home", "home-postcode": "LM9 9ZZ", "home-mode": "find"})
    assert "We found no addresses for LM9 9ZZ" in page.content.decode()

    def down(postcode: str) -> None:
        raise Unavailable()

    monkeypatch.setattr("onecouncil.core.addresses.find_by_postcode", down)
    page = client.post(start, {"action": "find:home", "home-postcode": "LM1 1AA", "home-mode": "find"})
    assert "We cannot look up addresses at the moment" in page.content.decode()
    walk = Walk(client, "report-a-missed-bin")
    walk.page("start", home__mode="typed", home__line1="1 New Row", home__town="Larkmere", home__postcode="lm1 1aa")
    assert walk.draft.answers["home"]["uprn"] is None


# --- assisted ---------------------------------------------------------------------------------------------------------


def test_adviser_fills_it_in_for_a_resident_and_sends_the_link_to_pay(
    catalogue: None, people: dict[str, Actor], signed_in: SignedIn, till: Till
) -> None:
    alice = people["alice"].person_id
    ada = signed_in("ada")
    walk = bulky(ada, f"?for={alice}", sofa=1)
    assert walk.at.endswith("/check") and "You are filling this in for Alice Example" in walk.look()
    assert Look.objects.get().purpose == "enquiry"
    assert walk.send(declaration="yes").endswith("/done"), "an adviser is never sent to pay"
    row = walk.submission
    assert (row.channel, str(row.person_id), row.assisted_by) == ("assisted", alice, people["ada"].user_id)
    page = ada.get(f"/apply/{walk.token}/done").content.decode()
    assert "Send the link to pay to alice@example.org" in page
    ada.post(f"/apply/{walk.token}/pay-link")
    body = Message.objects.get(template="services-pay-link").body
    assert f"/pay/{row.reference}" in body and "£32.00" in body
    assert signed_in("bob").get(f"/apply/{walk.token}/done").status_code == 404
    assert signed_in("alice").get(f"/apply/{walk.token}/done").status_code == 200, "it is hers"


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("cass", 403), ("ed", 403)])
def test_only_an_adviser_begins_for_somebody(
    catalogue: None, people: dict[str, Actor], signed_in: SignedIn, who: str, status: int
) -> None:
    where = f"/services/report-a-missed-bin/start?for={people['alice'].person_id}"
    assert signed_in(who).get(where).status_code == status
    assert Client().get(where).status_code == 302
    assert signed_in("ada").get("/services/report-a-missed-bin/start?for=nobody").status_code == 404


# --- a definition changed half-way ------------------------------------------------------------------------------------


def changed(entry: Entry, old: str, new: str) -> Entry:
    assert old in entry.file.text
    return Entry(entry.path, read_definition(entry.file.text.replace(old, new), slug=entry.slug))


def test_half_way_when_the_definition_changes(catalogue: None, client: Client, files: list[Entry]) -> None:
    """They finish on their version; a withdrawn one is carried over, keeping what still fits."""
    walk = missed_bin(client)
    entry = next(one for one in files if one.slug == walk.slug)
    fresh = changed(entry, "{value: food, label: Food waste}", "{value: food, label: Food and kitchen waste}")
    fresh = changed(fresh, "key: again", "key: missed_before")
    load([fresh], system("test"))
    service = Service.objects.get(slug=walk.slug)
    assert service.published and service.published.number == 2 and walk.draft.version.number == 1
    assert client.get(walk.at).status_code == 200
    service.versions.filter(number=1).update(withdrawn_at=timezone.now())
    assert client.get(walk.at)["Location"].endswith("/more"), "one question is new: its page is asked again"
    draft = walk.draft
    assert draft.version.number == 2
    assert draft.answers["bins"] == ["recycling", "food"] and "again" not in draft.answers
