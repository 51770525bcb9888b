# SPDX-License-Identifier: MIT
"""Fills an empty council with the example borough, through the doors of the rooms that own each thing.

1. the gazetteer: every property, in a few large inserts;
2. the sign-ins that `up` shows, and the people, as somebody at the desk would have written them down;
3. what people asked of the council over the last sixty days, each lived through by the rooms' own actions.

Each step is one transaction (the third: one a day), and is passed over when it was done before: it can be killed and
run again.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from onecouncil.accounts import api as accounts
from onecouncil.core.actors import Actor, system
from onecouncil.core.calendar import now
from onecouncil.core.models import AddressRow
from onecouncil.demo.clock import at
from onecouncil.demo.people import PASSWORD, SIGN_INS, Invented, invent
from onecouncil.demo.plan import TOWN, Property, lay_out

DAYS = 60
BATCH = 500
THE_HOUSE = system("demo")


@dataclass(frozen=True)
class Wanted:
    """How much to make. The same seed makes the same streets, people and requests."""

    seed: int = 1
    people: int = 600
    cases: int = 400


@dataclass(frozen=True)
class Resident:
    """An invented person, now known to the council."""

    person_id: str
    user_id: int | None
    invented: Invented

    @property
    def actor(self) -> Actor:
        """This person signed in; somebody without an account has an adviser act for them instead."""
        return Actor("person", self.user_id, self.person_id, self.invented.name, frozenset({"resident"}))


def is_empty() -> bool:
    """No gazetteer and nobody known: nothing of a real council is here."""
    return not AddressRow.objects.exists() and not accounts.find_people(THE_HOUSE, SIGN_INS[0].email, size=1)


def make_gazetteer(properties: list[Property]) -> int:
    """Write the properties that are not there yet; returns how many there are."""
    rows = [
        AddressRow(
            uprn=one.uprn,
            line=one.line,
            street=one.street,
            town=TOWN,
            postcode=one.postcode,
            ward=one.ward,
            lat=one.lat,
            lon=one.lon,
        )
        for one in properties
    ]
    AddressRow.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def make_people(invented: list[Invented], seed: int) -> list[Resident]:
    """Write down the people and make the sign-ins. When they were made before, none are made."""
    if accounts.find_people(THE_HOUSE, SIGN_INS[0].email, size=1):
        return []
    rng = random.Random(f"{seed}:arrivals")  # noqa: S311 - a repeatable borough, not a secret
    began = now() - timedelta(days=DAYS + 1)
    with transaction.atomic():
        with at(began - timedelta(days=900)):
            make_staff()
        arrivals = sorted(began - timedelta(days=rng.randrange(900), seconds=rng.randrange(40_000)) for _ in invented)
        return [_arrive(one, moment) for one, moment in zip(invented, arrivals, strict=True)]


def make_staff() -> None:
    for one in SIGN_INS:
        if one.role != "resident":
            accounts.create_user(one.email, PASSWORD, one.name, [one.role], actor=THE_HOUSE)


def _arrive(one: Invented, moment: datetime) -> Resident:
    """Somebody becomes known to the council, and perhaps makes an account."""
    with at(moment):
        details = accounts.DetailsGiven(one.name, one.phone, one.born)
        home = accounts.AddressGiven(uprn=one.home.uprn)
        person_id = accounts.create_person(THE_HOUSE, details, one.email, home)
        if not one.signs_in:
            return Resident(person_id, None, one)
        password = PASSWORD if one.email == SIGN_INS[0].email else None
        return Resident(person_id, accounts.create_user(one.email, password, one.name, actor=THE_HOUSE), one)


def make(wanted: Wanted) -> str:
    """Make what is missing; says what there is, in one line."""
    properties = lay_out(wanted.seed)
    invented = invent(properties, wanted.people, wanted.seed)
    addresses = make_gazetteer(properties)
    residents = make_people(invented, wanted.seed)
    if not residents:
        return f"{addresses} addresses; the people were there already"
    return f"{addresses} addresses, {len(residents)} people"
