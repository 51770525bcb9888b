# SPDX-License-Identifier: MIT
"""GET /api/v1/search: ranked results with `lgsl` and `url`, open to everybody, errors as problem+json."""

from collections.abc import Iterator

import pytest
from django.test import Client

from onecouncil.website import snapshot
from onecouncil.website.api import ListingView, publish_listings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(db: None) -> Iterator[None]:
    snapshot.forget()
    badge = ListingView(
        "service",
        "blue-badge",
        "/services/blue-badge",
        "Apply for a Blue Badge",
        lgsl=279,
        lgil=0,
        words=("blue disc",),
    )
    publish_listings([badge, ListingView("service", "bins", "/services/bins", "Find your bin day", lgsl=524)])
    yield
    snapshot.forget()


def test_results_carry_lgsl_and_url(client: Client) -> None:
    body = client.get("/api/v1/search", {"q": "blue disc"}).json()
    assert body["count"] == len(body["results"]) == 1
    assert body["results"][0]["lgsl"] == 279
    assert body["results"][0]["url"] == "/services/blue-badge"


def test_help_pages_are_found_too(client: Client) -> None:
    assert client.get("/api/v1/search", {"q": "cookies"}).json()["results"][0]["url"] == "/help/cookies"


@pytest.mark.parametrize(
    "wrong", [{}, {"q": ""}, {"q": "x" * 201}, {"q": "bin", "limit": 0}, {"q": "bin", "limit": 51}]
)
def test_a_wrong_question_is_told_so(wrong: dict[str, object], client: Client) -> None:
    response = client.get("/api/v1/search", wrong)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"]
