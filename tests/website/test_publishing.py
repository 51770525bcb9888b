# SPDX-License-Identifier: MIT
"""What other rooms publish is found, replaced and withdrawn; public pages ask two questions of the database at most."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from onecouncil.website import api, reads, rules, snapshot
from onecouncil.website.api import ListingView

BIN = ListingView(
    kind="service",
    slug="report-a-missed-bin",
    url="/services/report-a-missed-bin",
    title="Report a missed bin collection",
    summary="Tell us when we did not empty your bin.",
    category="bins-and-recycling",
    start_url="/services/report-a-missed-bin/start",
    lgsl=524,
    lgil=8,
    words=("bin not emptied",),
    top_task=1,
)
NOISE = ListingView(
    kind="service",
    slug="report-noise",
    url="/services/report-noise",
    title="Report noise",
    category="environment-and-pests",
    lgsl=412,
)


@pytest.fixture(autouse=True)
def fresh_snapshot(db: None) -> Iterator[None]:
    """No snapshot of another test."""
    snapshot.forget()
    yield
    snapshot.forget()


def test_published_listing_is_on_home_category_a_to_z_and_search(client: Client) -> None:
    api.publish_listings([BIN, NOISE])
    for path in ("/", "/categories/bins-and-recycling", "/a-to-z", "/search?q=bins+not+emptied"):
        assert BIN.title in client.get(path).content.decode(), path
    assert NOISE.title not in client.get("/categories/bins-and-recycling").content.decode()


def test_publishing_again_changes_what_is_shown() -> None:
    api.publish_listings([BIN])
    assert reads.search("missed bin")[0].listing.title == BIN.title
    api.publish_listings([replace(BIN, title="Tell us we missed your bin")])
    assert reads.search("missed bin")[0].listing.title == "Tell us we missed your bin"
    assert len(reads.services()) == 1


def test_replacing_a_kind_withdraws_the_others_of_that_kind_only() -> None:
    page = replace(NOISE, kind="directory", slug="parks", url="/parks")
    api.publish_listings([BIN, NOISE, page])
    api.publish_listings([BIN], replacing="service")
    assert api.listing("service", "report-noise") is None
    assert api.listing("service", "report-a-missed-bin") is not None
    assert api.listing("directory", "parks") is not None


def test_hidden_and_withdrawn_listings_are_not_found() -> None:
    api.publish_listings([BIN, replace(NOISE, state="hidden")])
    assert [one.slug for one in reads.services()] == ["report-a-missed-bin"]
    api.withdraw_listing("service", "report-a-missed-bin")
    assert reads.services() == []


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"url": "https://elsewhere.example"}, {"category": "nowhere"}, {"state": "lost"}]
)
def test_a_listing_that_cannot_be_shown_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Listing service:report-a-missed-bin"):
        api.publish_listings([replace(BIN, **wrong)])
    assert reads.services() == []


@pytest.mark.parametrize("path", ["/", "/categories/housing", "/a-to-z", "/search?q=bin", "/help/privacy"])
def test_a_public_page_asks_two_questions_then_one(
    path: str, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    api.publish_listings([replace(BIN, slug=f"bin-{number}") for number in range(50)])
    with django_assert_max_num_queries(2):
        assert client.get(path).status_code == 200
    with django_assert_max_num_queries(1):
        client.get(path)


def test_breadcrumbs_lead_home_through_the_category() -> None:
    assert api.breadcrumbs("housing") == [
        {"text": "Home", "href": "/"},
        {"text": "Housing", "href": "/categories/housing"},
    ]
    assert api.breadcrumbs() == [{"text": "Home", "href": "/"}]


def test_a_to_z_puts_digits_together() -> None:
    letters = rules.by_letter([replace(BIN, title="14 to 19 courses"), BIN, replace(NOISE, title="adopt a child")])
    assert list(letters) == ["0 to 9", "A", "R"]
