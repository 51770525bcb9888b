# SPDX-License-Identifier: MIT
"""Characters that no database keeps are refused with clear words at the door, wherever they are put."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "status"),
    [("/search?q=%00", 422), ("/search?%00=a", 422), ("/services/%00", 404), ("/api/v1/services/%00", 404)],
)
def test_a_nul_in_an_address_is_refused(client: Client, url: str, status: int) -> None:
    assert client.get(url).status_code == status


def test_a_nul_in_a_form_is_refused(client: Client) -> None:
    assert client.post("/track", {"reference": "a\x00", "postcode": "LM1 1AA"}).status_code == 422


@pytest.mark.parametrize("value", [r'"\u0000"', r'"\ud800"', "NaN", "1e400", r'{"\u0000": 1}'])
def test_what_cannot_be_kept_in_a_body_is_refused(client: Client, value: str) -> None:
    body = '{"service": "any", "answers": {"question": %s}}' % value  # noqa: UP031
    answer = client.post("/api/v1/drafts", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_broken_session_cookie_is_no_cookie(client: Client) -> None:
    client.cookies["onecouncil_session"] = "\x00" + "a" * 31
    assert client.get("/track").status_code == 200
