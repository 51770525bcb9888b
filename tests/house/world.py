# SPDX-License-Identifier: MIT
"""A small council with one of everything, all of it Alice's: for tests that walk every address as every role."""

import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.test import Client
from tests.conftest import STAFF, make_person

from onecouncil.accounts.models import User
from onecouncil.core import files, ports
from onecouncil.core.actors import Actor, system
from onecouncil.core.ports import BillLine, BillRequest
from onecouncil.core.worker import drain
from onecouncil.services.actions.publishing import load
from onecouncil.services.catalogue import read_folder

SERVICE = "ask-the-council"
CATALOGUE = (SERVICE, "report-a-pothole", "council-tax")
ANSWERS = {
    "question": "When do you mend the swings in the park?",
    "name": "Alice Example",
    "email": "alice@example.org",
    "postcode": "LM1 1AA",
}


@dataclass
class World:
    """`samples`: what stands for each parameter, most special first."""

    people: dict[str, Actor]
    samples: list[tuple[str, str]]

    def client(self, name: str) -> Client:
        """A browser of this person, fresh: nobody's earlier looks or grants."""
        client = Client()
        if name != "anonymous":
            backend = settings.AUTHENTICATION_BACKENDS[0]
            client.force_login(User.objects.get(pk=self.people[name].user_id), backend=backend)
        return client

    def fill(self, address: str) -> str:
        """The address with each parameter replaced by Alice's thing of that kind."""
        while "<" in address:
            found = next(
                (re.match(pattern, address), value) for pattern, value in self.samples if re.match(pattern, address)
            )
            match, value = found
            start = match.group().rindex("<") if match else 0
            address = address[:start] + address[start:].replace(
                address[start : address.index(">", start) + 1], value, 1
            )
        return address


def build_world() -> World:
    load([one for one in read_folder(Path(settings.CATALOGUE_DIR)) if one.slug in CATALOGUE], system("test"))
    people = {name: make_person(name) for name in ("alice", "bob", "charlie", *STAFF)}
    alice = people["alice"]
    reference, file_id = _submission(alice)
    with transaction.atomic():
        bill = ports.payments().raise_bill(_bill(alice), system("test"))
    drain()
    draft = _draft(alice)
    nothing = str(uuid.UUID(int=0))
    return World(
        people,
        [
            (r"categories/<slug>", "bins-and-recycling"),
            (r"help/<slug>", "privacy"),
            (r"sign-in/with/<provider_id>", "no-such-provider"),
            (r"(api/v1/|staff/)?services/<slug>", SERVICE),
            (r"open311/v2/services/<code>", "report-a-pothole"),
            (r"open311/.*<form>", "json"),
            (r"open311/.*<reference>", reference),
            (r"(apply|resume|api/v1/drafts)/<token>", draft),
            (r"apply/[^<]*/<page_id>", "question"),
            (r".*/files/<file_id>", file_id),
            (r"pay/webhook/<address>", "govuk-pay"),
            (r"pay/<token>", bill.pay_path.removeprefix("/pay/")),
            (r"pay/.*<attempt>", "no-such-attempt"),
            (r"(staff/customers/.*bills|api/v1/bills)/<reference>", bill.reference),
            (r"(api/v1/|staff/|account/|track).*<reference>", reference),
            (r"staff/webhooks/.*<verb>", "disable"),
            (r".*<verb>", "message"),
            (r".*<person_id>", str(alice.person_id)),
            (r".*<user_id>", str(people["charlie"].user_id)),
            (r".*<endpoint_id>", nothing),
            (r".*<role>", "adviser"),
            (r".*?<\w+>", "0"),
        ],
    )


def _submission(alice: Actor) -> tuple[str, str]:
    client = Client()
    client.force_login(User.objects.get(pk=alice.user_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.post(
        f"/api/v1/services/{SERVICE}/submissions",
        json.dumps({"answers": ANSWERS}),
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    reference = answer.json()["reference"]
    paper = files.keep("letter.pdf", b"%PDF-1.7\n%words\n", about=reference)
    return reference, paper.id


def _bill(alice: Actor) -> BillRequest:
    return BillRequest(
        about="LM-TEST-BILL",
        description="A test bill",
        lines=(BillLine("One thing", 1250, "waste"),),
        return_path="/account/",
        person_id=alice.person_id,
        payer_email="alice@example.org",
    )


def _draft(alice: Actor) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=alice.user_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    body = json.dumps({"service": SERVICE, "answers": {"question": ANSWERS["question"]}})
    answer = client.post("/api/v1/drafts", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    token: str = answer.json()["token"]
    return token
