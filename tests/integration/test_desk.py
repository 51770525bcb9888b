# SPDX-License-Identifier: MIT
"""Administrators' pages: webhooks are added, shown, changed and removed; events and the trail are read by key."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from onecouncil.core.actors import system
from onecouncil.core.events import publish
from onecouncil.core.models import EventRow
from onecouncil.integration.models import WebhookDelivery, WebhookEndpoint

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
GIVEN = {"url": "https://example.org/hooks", "types": "case.*\npayment.succeeded", "description": "Waste contractor"}


def add(client: Client) -> WebhookEndpoint:
    answer = client.post("/staff/webhooks/new", GIVEN)
    assert answer.status_code == 303
    return WebhookEndpoint.objects.get()


def test_an_endpoint_is_added_and_its_secret_shown_once(signed_in: SignedIn) -> None:
    client = signed_in("addie")
    endpoint = add(client)
    assert endpoint.types == ["case.*", "payment.succeeded"]
    page = client.get(f"/staff/webhooks/{endpoint.pk}/").content.decode()
    assert "Show the secret, once" in page
    assert "whsec_" not in page
    shown = client.post(f"/staff/webhooks/{endpoint.pk}/secret")
    assert "whsec_" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert client.post(f"/staff/webhooks/{endpoint.pk}/secret").status_code == 409
    assert "https://example.org/hooks" in client.get("/staff/webhooks/").content.decode()


def test_wrong_input_is_told_beside_the_field_and_kept(signed_in: SignedIn) -> None:
    answer = signed_in("addie").post(
        "/staff/webhooks/new", {**GIVEN, "url": "http://10.0.0.1/x", "types": "everything"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "must start with https://" in page
    assert "must look like case.opened" in page
    assert "http://10.0.0.1/x" in page
    assert "Waste contractor" in page
    assert not WebhookEndpoint.objects.exists()


def test_each_button_does_its_work(signed_in: SignedIn) -> None:
    client = signed_in("addie")
    endpoint = add(client)
    at = f"/staff/webhooks/{endpoint.pk}/"
    assert client.post(at + "change", {**GIVEN, "types": "*"}).status_code == 303
    assert WebhookEndpoint.objects.get().types == ["*"]
    for verb in ("test", "rotate", "disable", "enable"):
        assert client.post(at + verb).status_code == 303, verb
    assert client.post(at + "explode").status_code == 404
    held = WebhookDelivery.objects.filter(event_type="webhook.test").get()
    assert "webhook.test" in client.get(at + "?state=failed").content.decode()
    assert client.post(f"/staff/webhook-deliveries/{held.pk}/resend").status_code == 303
    assert client.post(at + "remove").status_code == 303
    assert client.get(at).status_code == 404
    told = list(EventRow.objects.filter(type__startswith="webhook.").order_by("pk").values_list("type", flat=True))
    verbs = ("added", "changed", "rotated", "disabled", "enabled", "resent", "removed")
    assert told == [f"webhook.{verb}" for verb in verbs]


def test_deliveries_are_paged_by_key_with_a_fixed_number_of_queries(
    signed_in: SignedIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = signed_in("addie")
    endpoint = add(client)
    for _ in range(60):
        client.post(f"/staff/webhooks/{endpoint.pk}/test")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        page = client.get(f"/staff/webhooks/{endpoint.pk}/").content.decode()
    assert page.count('scope="row"') == 50
    oldest = WebhookDelivery.objects.order_by("-pk")[49].pk
    assert f"before={oldest}" in page
    assert client.get(f"/staff/webhooks/{endpoint.pk}/?before={oldest}").content.decode().count('scope="row"') == 10


def test_events_are_filtered_and_paged(signed_in: SignedIn) -> None:
    with transaction.atomic():
        for number in range(55):
            publish("case.opened", subject=f"LM-{number}", data={"n": number}, actor=system("test"))
        publish("payment.succeeded", subject="LM-3", data={}, actor=system("test"))
    client = signed_in("addie")
    assert client.get("/staff/events/").content.decode().count('scope="row"') == 50
    assert client.get("/staff/events/?subject=LM-3").content.decode().count('scope="row"') == 2
    assert client.get("/staff/events/?type=payment.*").content.decode().count('scope="row"') == 1
    for odd in ("x", "-1", "9" * 30, "²"):
        assert client.get("/staff/events/", {"before": odd}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_trail_is_read(signed_in: SignedIn, work: Callable[[], None]) -> None:
    with transaction.atomic():
        publish("case.opened", subject="LM-7", data={}, actor=system("test"))
    work()
    page = signed_in("addie").get("/staff/audit/?subject=LM-7").content.decode()
    assert "case.opened" in page
    assert "system:test" in page


@pytest.mark.parametrize("address", ["/staff/webhooks/", "/staff/webhooks/new", "/staff/events/", "/staff/audit/"])
def test_others_are_kept_out(signed_in: SignedIn, address: str) -> None:
    assert Client().get(address).status_code == 302
    for name in ("alice", "ada", "cass", "fin", "stew", "ed"):
        assert signed_in(name).get(address).status_code == 403


def test_anybody_may_read_the_developers_page() -> None:
    page = Client().get("/developers")
    assert page.status_code == 200
    assert "/api/v1/openapi.json" in page.content.decode()
