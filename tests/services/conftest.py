# SPDX-License-Identifier: MIT
"""The catalogue in the database, a street of addresses, and stand-ins for the rooms above (payments, slots)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import transaction
from django.test import Client

from onecouncil.core import events, ports, relay
from onecouncil.core.actors import Actor, system
from onecouncil.core.calendar import now
from onecouncil.core.models import AddressRow, Delivery
from onecouncil.core.ports import BillRequest, BillView, SlotView
from onecouncil.core.problems import Conflict
from onecouncil.services import street_map
from onecouncil.services.actions.publishing import load
from onecouncil.services.catalogue import Entry, read_folder
from onecouncil.services.definitions import read_definition
from onecouncil.services.models import Draft, Submission

JOURNEYS = (
    "report-a-missed-bin",
    "report-a-pothole",
    "book-a-bulky-waste-collection",
    "resident-parking-permit",
    "tell-us-you-have-moved",
    "make-a-complaint",
    "ask-the-council",
)
EDITED = "report-graffiti"


@dataclass
class Till:
    """Payments as the port promises them: one bill about one thing; `pay` tells the house."""

    bills: dict[str, BillView] = field(default_factory=dict)
    requests: dict[str, BillRequest] = field(default_factory=dict)

    def raise_bill(self, request: BillRequest, actor: Actor) -> BillView:
        assert transaction.get_connection().in_atomic_block
        self.requests.setdefault(request.about, request)
        about, total = request.about, request.total_pence
        view = BillView(f"B-{about}", about, request.description, total, "raised", f"/pay/{about}")
        return self.bills.setdefault(about, view)

    def bill_about(self, about: str) -> BillView | None:
        return self.bills.get(about)

    def cancel_bill(self, about: str, reason: str, actor: Actor) -> None:
        if self.bills[about].state == "paid":
            raise Conflict()
        self.bills[about] = replace(self.bills[about], state="cancelled")

    def pay(self, about: str, times: int = 1) -> None:
        self.bills[about] = replace(self.bills[about], state="paid", paid_at=now())
        for _ in range(times):
            with transaction.atomic():
                bill = self.bills[about]
                data = {"about": about, "reference": bill.reference, "pence": bill.total_pence}
                events.publish("bill.paid", subject=bill.reference, data=data, actor=system("test"))


@dataclass
class Diary:
    """Slots as the port promises them."""

    places: dict[str, int] = field(default_factory=lambda: {"day-1": 1, "day-2": 5})
    held: dict[str, str] = field(default_factory=dict)

    def _view(self, slot_id: str) -> SlotView:
        day = date(2027, 3, int(slot_id[-1]))
        taken = sum(one == slot_id for one in self.held.values())
        return SlotView(slot_id, f"Day {slot_id[-1]}", day, self.places[slot_id] - taken)

    def offer(self, resource: str, from_day: date, days: int = 28) -> tuple[SlotView, ...]:
        return tuple(self._view(one) for one in self.places)

    def hold(self, slot_id: str, about: str, minutes: int = 60) -> SlotView:
        if self.held.get(about) != slot_id and self._view(slot_id).places_left < 1:
            raise Conflict()
        self.held[about] = slot_id
        return self._view(slot_id)

    def book(self, about: str) -> SlotView | None:
        return self._view(self.held[about]) if about in self.held else None

    def release(self, about: str) -> None:
        self.held.pop(about, None)


@pytest.fixture
def till() -> Iterator[Till]:
    yield from _provided("payments", Till())


@pytest.fixture
def diary() -> Iterator[Diary]:
    yield from _provided("slots", Diary())


def _provided(name: str, fake: object) -> Iterator[object]:
    before = dict(ports._provided)
    ports.provide(name, fake)
    yield fake
    ports._provided.clear()
    ports._provided.update(before)


@pytest.fixture(scope="session")
def files() -> list[Entry]:
    """Every file of the catalogue, read once."""
    return read_folder(Path(settings.CATALOGUE_DIR))


@pytest.fixture(scope="session")
def plain(files: list[Entry]) -> str:
    """A service that is a page only and leads to the general enquiry: one made of a file, whatever the files have."""
    base = next(entry for entry in files if entry.slug == EDITED).file.content
    content = {key: value for key, value in base.items() if key not in ("journey", "fee", "case", "messages")}
    steps = [{"kind": "enquiry", "label": "Ask us online"}]
    text = yaml.safe_dump({**content, "slug": "a-plain-page", "way": "page", "next_steps": steps})
    files_of_tests["a-plain-page"] = Entry(Path("a-plain-page.yaml"), read_definition(text, slug="a-plain-page"))
    return "a-plain-page"


files_of_tests: dict[str, Entry] = {}


@pytest.fixture
def catalogue(db: None, files: list[Entry], plain: str, till: Till, diary: Diary) -> None:
    """The services that the tests use, loaded; and a street."""
    wanted = [entry for entry in files if entry.slug in (*JOURNEYS, EDITED)]
    load([*wanted, files_of_tests[plain]], system("test"))
    street()


def street() -> None:
    AddressRow.objects.bulk_create(
        AddressRow(
            uprn=str(10000000000 + n),
            line=f"{n} Heron Street",
            street="Heron Street",
            town="Larkmere",
            postcode="LM1 1AA",
            ward="Heron",
            lat=51.5 + n / 10000,
            lon=-0.1 + n / 20000,
        )
        for n in range(1, 21)
    )
    street_map.forget()


@pytest.fixture
def hear() -> Callable[[], None]:
    """Deliver to this room's own subscribers: the rooms above know nothing of the stand-ins here."""

    def deliver_own() -> None:
        due = Delivery.objects.filter(subscriber__startswith="services.", done_at=None)
        for pk in due.values_list("pk", flat=True):
            assert relay.deliver(pk)

    return deliver_own


@dataclass
class Walk:
    """Somebody going through a journey by HTTP, page by page."""

    client: Client
    slug: str
    query: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        self.at = self.at or f"/services/{self.slug}/start{self.query}"

    @property
    def token(self) -> str:
        return self.at.split("/")[2]

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(token=self.token)

    @property
    def submission(self) -> Submission:
        return Submission.objects.get(draft__token=self.token)

    def page(self, end: str, **fields: object) -> "Walk":
        """Answer the page we are at, which must end in `end`, and go on to the next."""
        assert self.at.rpartition("/")[2].partition("?")[0] == end, f"at {self.at}, not at {end}"
        answer = self.client.post(self.at, {name.replace("__", "-"): value for name, value in fields.items()})
        assert answer.status_code == 303, f"{self.at} answered {answer.status_code}: {_errors(answer)}"
        self.at = answer["Location"]
        return self

    def refused(self, **fields: object) -> str:
        """Answer the page we are at and be refused; returns the page."""
        answer = self.client.post(self.at, {name.replace("__", "-"): value for name, value in fields.items()})
        assert answer.status_code == 422, answer.status_code
        return answer.content.decode()

    def look(self) -> str:
        answer = self.client.get(self.at)
        assert answer.status_code == 200, f"{self.at} answered {answer.status_code} {answer.get('Location')}"
        return answer.content.decode()

    def send(self, **fields: object) -> str:
        """Hand in at check-your-answers; returns where we are sent."""
        assert self.at.endswith("/check"), self.at
        answer = self.client.post(f"/apply/{self.token}/submit", fields)
        assert answer.status_code == 303, f"{answer.status_code}: {_errors(answer)}"
        return str(answer["Location"])


def _errors(answer: object) -> str:
    text = answer.content.decode()  # type: ignore[attr-defined]
    return text[text.find("govuk-error-summary") :][:900] if "govuk-error-summary" in text else text[:300]


def missed_bin(client: Client, query: str = "") -> Walk:
    """A missed bin up to the contact page."""
    walk = Walk(client, "report-a-missed-bin", query)
    walk.page("start", home__mode="choose", home__postcode="LM1 1AA", home__uprn="10000000003")
    walk.page("bins", bins=["recycling", "food"])
    walk.page("day", **date_fields("missed_on", now().date() - timedelta(days=1)), out_in_time="yes")
    return walk.page("more", tagged="no", again="no", where_bin="By the gate")


CONTACT = {"name": "Alice Example", "email": "alice@example.org", "phone": "07700 900982"}


def date_fields(key: str, day: date) -> dict[str, str]:
    return {f"{key}__day": str(day.day), f"{key}__month": str(day.month), f"{key}__year": str(day.year)}
