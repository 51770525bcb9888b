# SPDX-License-Identifier: MIT
"""Questions about one customer, put together from the rooms that know. Nothing is kept here.

`access_customer` is the only way in. Whoever calls has had the purpose stated (`opening.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from onecouncil.accounts import api as accounts
from onecouncil.casework import api as casework
from onecouncil.core import messaging
from onecouncil.core.actors import Actor
from onecouncil.core.models import AddressRow
from onecouncil.core.money import pounds
from onecouncil.core.permissions import may, require
from onecouncil.core.ports import BillView
from onecouncil.core.problems import NotFound
from onecouncil.core.references import normalise
from onecouncil.customers import rules
from onecouncil.customers.rules import Line
from onecouncil.payments import api as payments
from onecouncil.services import api as services
from onecouncil.website import api as website

PAGE = 20
MOST_BILLS = 100
MOST_POSTCODES = 3


@dataclass(frozen=True)
class Found:
    """A page of the adviser's search. `next_key` is empty on the last one."""

    people: tuple[accounts.PersonView, ...]
    next_key: str = ""


@dataclass(frozen=True)
class Customer:
    """One person as staff see them, once they have said why."""

    person: accounts.PersonView
    open_cases: tuple[casework.CaseRow, ...]
    closed_cases: tuple[casework.CaseRow, ...]
    unpaid: tuple[BillView, ...]
    permits: tuple[casework.PermitView, ...]

    @property
    def owed_pence(self) -> int:
        return sum(bill.total_pence for bill in self.unpaid)


@dataclass(frozen=True)
class Timeline:
    lines: tuple[Line, ...]
    next_place: str


@dataclass(frozen=True)
class Startable:
    """A service an adviser can fill in for somebody, and where its first question is."""

    title: str
    summary: str
    start_path: str


def search(actor: Actor, text: str, *, after: str = "", size: int = PAGE) -> Found:
    """People by name, e-mail, phone, postcode or address, or whose case or request has this reference.

    Raises:
        Forbidden: not allowed to search customers.
    """
    require(actor, "customer.search")
    reference = normalise(text)
    owner = _of_reference(reference) if reference else ()
    if owner:
        return Found(owner)
    if rules.is_street(text):
        return Found(_at_address(actor, text.strip(), size))
    rows = accounts.find_people(actor, text, after=after, size=size + 1)
    return Found(tuple(rows[:size]), rows[size - 1].id if len(rows) > size else "")


def access_customer(actor: Actor, person_id: str) -> accounts.PersonView:
    """The person, for staff who may view customers.

    Raises:
        NotFound: there is no such person.
        Forbidden: not allowed to view customers.
    """
    require(actor, "customer.view")
    person = accounts.person(person_id)
    if person is None:
        raise NotFound()
    return person


def customer(actor: Actor, person_id: str) -> Customer:
    """Who they are, what is open, what they owe, what they hold: the same few queries for everybody."""
    person = access_customer(actor, person_id)
    cases = casework.cases_of_person(person.id, size=50)
    bills = payments.bills_of(person.id, size=MOST_BILLS)
    return Customer(
        person=person,
        open_cases=tuple(case for case in cases if case.closed_at is None),
        closed_cases=tuple(case for case in cases if case.closed_at),
        unpaid=tuple(bill for bill in bills if bill.state == "raised"),
        permits=tuple(casework.permits_of_person(person.id)),
    )


def timeline(actor: Actor, person_id: str, *, after: str = "", size: int = PAGE) -> Timeline:
    """All that happened between this person and the council, newest first: one query a source."""
    require(actor, "customer.view")
    start = rules.read_place(after)
    found = {name: read(actor, person_id, start.get(name, ""), size + 1) for name, read in _SOURCES.items()}
    page = rules.merge(found, start, size)
    return Timeline(page.lines, rules.write_place(page.place))


def unpaid_bill(actor: Actor, person_id: str, reference: str) -> BillView:
    """One bill of this person that waits to be paid.

    Raises:
        NotFound: they have no such bill.
    """
    for bill in customer(actor, person_id).unpaid:
        if bill.reference == reference:
            return bill
    raise NotFound()


def startable(actor: Actor, person_id: str, text: str) -> list[Startable]:
    """What an adviser can start for this customer, found as residents find it: own words, typing slips and all.

    Raises:
        Forbidden: not allowed to fill in for others.
    """
    require(actor, "journey.assist")
    hits = website.search(text, limit=30) if text else []
    return [
        Startable(hit.listing.title, hit.listing.summary, _for(hit.listing.start_url, person_id))
        for hit in hits
        if hit.listing.kind == "service" and hit.listing.start_url.startswith("/")
    ]


def _for(start_url: str, person_id: str) -> str:
    return f"{start_url}{'&' if '?' in start_url else '?'}for={person_id}"


def _of_reference(reference: str) -> tuple[accounts.PersonView, ...]:
    """Whose request this is; nobody when it was made without an account."""
    try:
        person_id = services.submission(reference).person_id
    except NotFound:
        return ()
    person = accounts.person(person_id) if person_id else None
    return (person,) if person else ()


def _at_address(actor: Actor, text: str, size: int) -> tuple[accounts.PersonView, ...]:
    """Who lives at an address, through the gazetteer: its postcodes are few, and people are indexed by those."""
    doors = AddressRow.objects.filter(line__istartswith=text).order_by("postcode").values_list("postcode", flat=True)
    found = [
        person
        for postcode in doors.distinct()[:MOST_POSTCODES]
        for person in accounts.find_people(actor, postcode, size=200)
        if person.address.lower().startswith(text.lower())
    ]
    return tuple(found[:size])


_CHANNELS = {"online": "Online", "assisted": "With an adviser", "api": "Through another system"}


def _submissions(actor: Actor, person_id: str, before: str, size: int) -> list[Line]:
    rows = services.submissions_of_person(person_id, before=before, size=size)
    helpers = accounts.names_of({row.assisted_by for row in rows if row.assisted_by})
    words = {"awaiting_payment": "waiting for payment", "withdrawn": "withdrawn later"}
    return [
        Line(
            source=rules.SUBMISSIONS,
            key=row.reference,
            at=row.submitted_at or row.created_at,
            title=f"Asked for: {row.service_title}",
            text="; ".join(part for part in (_CHANNELS.get(row.channel, ""), words.get(row.state, "")) if part),
            reference=row.reference,
            by=helpers.get(row.assisted_by, "") if row.assisted_by else "",
        )
        for row in rows
    ]


def _entries(actor: Actor, person_id: str, before: str, size: int) -> list[Line]:
    """What was written in their cases. Who may not view cases reads what happened, not the words."""
    rows = casework.entries_of_person(person_id, before=int(before) if before else None, size=size)
    reads_words = may(actor, "case.view")
    return [
        Line(
            source=rules.ENTRIES,
            key=str(row.id),
            at=row.at,
            title="Case opened" if row.kind == "opened" else row.title,
            text=row.text if reads_words else "",
            reference=row.reference,
            by=row.by,
            note=not row.public,
        )
        for row in rows
    ]


def _payments(actor: Actor, person_id: str, before: str, size: int) -> list[Line]:
    rows = payments.payments_of(person_id, size=100)
    if before:
        rows = [row for row in rows if row.id < int(before)]
    return [
        Line(
            source=rules.PAYMENTS,
            key=str(row.id),
            at=row.ended_at or row.made_at,
            title=f"Paid {pounds(row.pence)}",
            text=row.description,
            reference=row.about,
        )
        for row in rows[:size]
    ]


def _messages(actor: Actor, person_id: str, before: str, size: int) -> list[Line]:
    rows = messaging.messages_to(person_id, before=int(before) if before else None, size=size)
    words = {"email": "E-mail", "sms": "Text message"}
    reads_words = may(actor, "case.view")
    return [
        Line(
            source=rules.MESSAGES,
            key=str(row.id),
            at=row.created_at,
            title=f"{words.get(row.channel, 'Letter')}: {row.subject}",
            text=row.body if reads_words else "",
            reference=row.about,
        )
        for row in rows
    ]


_SOURCES: dict[str, Callable[[Actor, str, str, int], list[Line]]] = {
    rules.SUBMISSIONS: _submissions,
    rules.ENTRIES: _entries,
    rules.PAYMENTS: _payments,
    rules.MESSAGES: _messages,
}
