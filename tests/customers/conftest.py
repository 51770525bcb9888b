# SPDX-License-Identifier: MIT
"""Alice has a history with the council: requests, cases, a paid and an unpaid bill, letters. Bob has none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from onecouncil.casework.actions.opening import Opening, open_case
from onecouncil.core import messaging, ports
from onecouncil.core.actors import Actor, system
from onecouncil.core.ports import BillLine, BillRequest

HOUSE = system("test")


def add_case(person_id: str, reference: str, title: str = "Report a missed bin collection", **more: str) -> None:
    """A case of this person, with the letter that says it was opened."""
    opening = Opening(
        reference=reference,
        service="report-a-missed-bin",
        title=title,
        unit="waste",
        came=timezone.now() - timedelta(days=3),
        person_id=person_id,
        name="Alice Example",
        email="alice@example.org",
        postcode="LM1 1AA",
        **more,
    )
    assert open_case(opening, HOUSE)


def add_bill(person_id: str, about: str, pence: int = 3200) -> str:
    """A bill that waits to be paid; returns its reference."""
    request = BillRequest(
        about=about,
        description="Book a bulky waste collection",
        lines=(BillLine("Up to 3 items", pence, "waste"),),
        return_path="/",
        person_id=person_id,
        payer_email="alice@example.org",
    )
    with transaction.atomic():
        return ports.payments().raise_bill(request, HOUSE).reference


def write_to(person_id: str, number: int, about: str = "") -> None:
    to = messaging.Recipient(email="alice@example.org", person_id=person_id)
    messaging.send_written(
        to, subject=f"Letter {number}", body=f"Words of letter {number}", key=f"k{number}", about=about
    )


@pytest.fixture
def alice(people: dict[str, Actor]) -> str:
    person_id = people["alice"].person_id
    assert person_id
    return person_id


@pytest.fixture
def opened(signed_in: Callable[[str], Client], alice: str) -> Callable[[str], Client]:
    """`opened("ada")` → Ada's client, with the purpose for Alice's record stated."""

    def client_of(name: str) -> Client:
        client = signed_in(name)
        answer = client.post(f"/staff/customers/{alice}/open", {"purpose": "enquiry"})
        assert answer.status_code == 303, answer.content
        return client

    return client_of
