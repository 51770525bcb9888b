# SPDX-License-Identifier: MIT
"""Webhooks and events over the HTTP API."""

from collections.abc import Callable

import pytest
from django.test import Client

from onecouncil.integration.models import WebhookEndpoint

pytestmark = pytest.mark.django_db
GIVEN = {"url": "https://example.org/hooks", "types": ["case.*"], "description": "Waste"}
JSON = "application/json"


@pytest.fixture
def addie(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("addie")


def test_an_endpoint_from_beginning_to_end(addie: Client) -> None:
    made = addie.post("/api/v1/webhooks", GIVEN, content_type=JSON)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    at = f"/api/v1/webhooks/{made.json()['id']}"
    assert "secret" not in addie.get(at).json()
    assert [one["url"] for one in addie.get("/api/v1/webhooks").json()["results"]] == [GIVEN["url"]]
    changed = addie.put(at, {**GIVEN, "types": ["*"]}, content_type=JSON)
    assert changed.json()["types"] == ["*"]
    rotated = addie.post(f"{at}/rotate").json()
    assert rotated["secret"] != made.json()["secret"]
    assert addie.post(f"{at}/disable").json()["state"] == "disabled"
    assert addie.post(f"{at}/enable").json()["state"] == "active"
    assert addie.get(f"{at}/deliveries").json() == {"results": [], "next_before": None}
    assert addie.delete(at).status_code == 204
    assert addie.get(at).status_code == 404
    assert not WebhookEndpoint.objects.exists()


def test_bad_input_is_told_by_field(addie: Client) -> None:
    answer = addie.post("/api/v1/webhooks", {**GIVEN, "url": "http://192.168.0.1/"}, content_type=JSON)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [one["field"] for one in answer.json()["errors"]] == ["url"]


def test_events_are_paged_by_key(addie: Client) -> None:
    for _ in range(3):
        addie.post("/api/v1/webhooks", GIVEN, content_type=JSON)
    first = addie.get("/api/v1/events", {"type": "webhook.added", "size": 2}).json()
    assert len(first["results"]) == 2
    rest = addie.get("/api/v1/events", {"type": "webhook.*", "before": first["next_before"]}).json()
    assert len(rest["results"]) == 1
    assert rest["next_before"] is None
    assert rest["results"][0]["time"].endswith("Z")


def test_others_are_kept_out(signed_in: Callable[[str], Client]) -> None:
    for address in ("/api/v1/webhooks", "/api/v1/events"):
        assert Client().get(address).status_code == 401
        for name in ("alice", "ada", "cass", "fin", "stew", "ed"):
            assert signed_in(name).get(address).status_code == 403
