# SPDX-License-Identifier: MIT
"""The service page, the editor's desk, the map; and how many queries each page may ask."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.services.conftest import EDITED, JOURNEYS, Walk, missed_bin

from onecouncil.core.models import AddressRow
from onecouncil.services import street_map
from onecouncil.services.models import Service, ServiceVersion
from onecouncil.services.views.editor import BLANK

SignedIn = Callable[[str], Client]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_service_page_says_what_it_is_in_two_queries(catalogue: None, client: Client) -> None:
    page = client.get("/services/book-a-bulky-waste-collection").content.decode()
    for words in ("Book now", "£32 for up to 3 items", "Who it is for", "What happens next"):
        assert words in page
    assert "{fees" not in page and "{rules" not in page and 'style="' not in page and "<script>" not in page
    for slug in (*JOURNEYS, EDITED):
        assert queries(client, f"/services/{slug}") <= 2, slug
    assert client.get("/services/nothing").status_code == 404


def test_a_page_without_a_journey_leads_to_an_enquiry(catalogue: None, plain: str, client: Client) -> None:
    page = client.get(f"/services/{plain}").content.decode()
    assert f"/services/ask-the-council/start?about={plain}" in page
    assert client.get(f"/services/{plain}/start").status_code == 404


def test_journey_pages_ask_few_queries(catalogue: None, client: Client) -> None:
    assert queries(client, "/services/report-a-missed-bin/start") <= 3
    walk = missed_bin(client)
    assert queries(client, walk.at) <= 4
    with CaptureQueriesContext(connection) as seen:
        walk.page("about-you", name="Al", email="al@example.org", phone="")
    assert len(seen) <= 14, [one["sql"][:90] for one in seen]


def test_account_panel_does_not_grow(catalogue: None, signed_in: SignedIn, people: dict[str, Any]) -> None:
    from onecouncil.services.tasks import drafts_panel

    alice = signed_in("alice")
    for _ in range(3):
        missed_bin(alice)
    with CaptureQueriesContext(connection) as seen:
        panel = drafts_panel(people["alice"])
        assert len(panel["drafts"]) == 3
    assert len(seen) <= 2


# --- the map ----------------------------------------------------------------------------------------------------------


def test_the_map_is_drawn_by_us(catalogue: None, client: Client) -> None:
    answer = client.get("/services/map.svg?lat=51.501&lon=-0.0995&zoom=8&size=small&pin=51.501,-0.0995")
    text = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml" and "Heron Street" in text and 'width="288"' in text
    outside = text.replace("http://www.w3.org/2000/svg", "")
    assert "style=" not in text and "script" not in text and "http" not in outside
    assert client.get("/services/map.svg?lat=nan&lon=x&zoom=99&pin=a").status_code == 200
    AddressRow.objects.all().delete()
    street_map.forget()
    assert client.get("/services/map.svg").status_code == 404
    walk = Walk(client, "report-a-pothole").page("start", danger="no")
    assert "Or put it on the map" not in walk.look()


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.parametrize("zoom", street_map.ZOOMS)
def test_a_click_is_where_the_pin_is_drawn(size: str, zoom: int) -> None:
    town = street_map.Town((), 51.45, -0.2, 51.55, 0.0)
    view = street_map.View(51.5, -0.1, zoom, size)
    middle = street_map.point(town, view, view.width / 2, view.height / 2)
    assert middle == pytest.approx((51.5, -0.1))
    corner = street_map.point(town, view, 0, 0)
    assert corner[0] >= middle[0] and corner[1] <= middle[1]
    moved = street_map.move(town, view, "north")
    assert moved.lat >= view.lat and street_map.read_view(town, street_map.write_view(moved)).zoom == zoom
    assert street_map.read_view(town, "rubbish") == street_map.start_view(town)


# --- the editor -------------------------------------------------------------------------------------------------------

DESK = "/staff/services/"


def words(**changes: str) -> dict[str, str]:
    content = ServiceVersion.objects.get(service__slug="report-graffiti", number=1).content
    held = {key: content[key] for key in ("title", "summary", "audience", "cost", "time", "then", "body")}
    return {**held, "words": "\n".join(content["words"]), **changes}


def test_words_are_changed_previewed_published_and_rolled_back(catalogue: None, signed_in: SignedIn) -> None:
    ed, path, public = signed_in("ed"), f"{DESK}report-graffiti/", "/services/report-graffiti"
    assert "Report graffiti" in ed.get(DESK).content.decode()
    assert ed.post(path, words(title="Graffiti, gone", note="Plainer")).status_code == 303
    assert "Graffiti, gone" in ed.get(f"{path}preview").content.decode()
    assert "Graffiti, gone" not in Client().get(public).content.decode()
    assert ed.post(f"{path}publish").status_code == 303
    assert "Graffiti, gone" in Client().get(public).content.decode()
    assert "Plainer" in ed.get(f"{path}history").content.decode()
    assert "title: Graffiti, gone" in ed.get(f"{path}file").content.decode()
    assert ed.post(f"{path}roll-back", {"number": "1"}).status_code == 303
    assert "Graffiti, gone" not in Client().get(public).content.decode()
    assert Service.objects.get(slug="report-graffiti").published.number == 3


def test_wrong_words_are_refused_and_kept_on_screen(catalogue: None, signed_in: SignedIn) -> None:
    ed, path = signed_in("ed"), f"{DESK}report-graffiti/"
    page = ed.post(path, words(title="", body="It costs {fees.no_such_fee}"))
    text = page.content.decode()
    assert page.status_code == 422 and "is not in borough.toml" in text and "no_such_fee" in text
    assert 'href="#title">Enter a title<' in text and "Must be text" not in text
    assert Service.objects.get(slug="report-graffiti").versions.count() == 1


@pytest.mark.parametrize("field", BLANK)
def test_an_empty_field_says_what_to_enter_beside_it(catalogue: None, signed_in: SignedIn, field: str) -> None:
    text = signed_in("ed").post(f"{DESK}report-graffiti/", words(**{field: " "})).content.decode()
    beside = text[text.index(f'id="{field}-error"') :][:200]
    assert BLANK[field] in beside and "Must be text" not in text


@pytest.mark.parametrize("who", ["alice", "ada", "cass", "fin", "stew", "addie"])
def test_the_desk_is_for_editors(catalogue: None, signed_in: SignedIn, who: str) -> None:
    stranger = signed_in(who)
    for end in ("", "report-graffiti/", "report-graffiti/preview", "report-graffiti/history", "report-graffiti/file"):
        assert stranger.get(DESK + end).status_code == 403
    for end in ("", "publish", "discard", "roll-back"):
        assert stranger.post(f"{DESK}report-graffiti/{end}").status_code == 403
    assert Client().get(DESK).status_code == 302
