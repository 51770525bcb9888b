# SPDX-License-Identifier: MIT
"""Fills an empty council with the example borough, through the doors of the rooms that own each thing.

1. the gazetteer: every property, in a few large inserts;
2. the sign-ins that `up` shows, and the people, as somebody at the desk would have written them down;
3. what people asked of the council over the last sixty days, each lived through by the rooms' own actions.

The first two are one transaction each and are passed over when they were done before. The third is not taken up again
after a kill: the borough then has fewer requests, each of them whole.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from onecouncil.accounts import api as accounts
from onecouncil.core.actors import Actor, system
from onecouncil.core.calendar import now
from onecouncil.core.models import AddressRow
from onecouncil.demo import clock
from onecouncil.demo.living import Resident, Town, deliver_the_rest, live
from onecouncil.demo.matters import choose
from onecouncil.demo.people import COLLEAGUES, PASSWORD, SIGN_INS, Invented, invent
from onecouncil.demo.plan import TOWN, Property, lay_out

DAYS = 60
BATCH = 500
SECONDS_TO_DELIVER = 8
THE_HOUSE = system("demo")


@dataclass(frozen=True)
class Wanted:
    """How much to make. The same seed makes the same streets, people and requests."""

    seed: int = 1
    people: int = 400
    cases: int = 150


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
        with clock.at(began - timedelta(days=900)):
            make_staff()
        arrivals = sorted(began - timedelta(days=rng.randrange(900), seconds=rng.randrange(40_000)) for _ in invented)
        return [_arrive(one, moment) for one, moment in zip(invented, arrivals, strict=True)]


def make_staff() -> None:
    for one in (*SIGN_INS, *COLLEAGUES):
        if one.role != "resident":
            password = PASSWORD if one in SIGN_INS else None
            accounts.create_user(one.email, password, one.name, [one.role], actor=THE_HOUSE)


def _arrive(one: Invented, moment: datetime) -> Resident:
    """Somebody becomes known to the council, and perhaps makes an account."""
    with clock.at(moment):
        details = accounts.DetailsGiven(one.name, one.phone, one.born)
        home = accounts.AddressGiven(uprn=one.home.uprn)
        person_id = accounts.create_person(THE_HOUSE, details, one.email, home)
        if not one.signs_in:
            return Resident(person_id, None, one)
        password = PASSWORD if one.email == SIGN_INS[0].email else None
        return Resident(person_id, accounts.create_user(one.email, password, one.name, actor=THE_HOUSE), one)


def make_history(wanted: Wanted, properties: list[Property], residents: list[Resident]) -> str:
    """Let the last sixty days happen; says how many requests there are, and what a room refused."""
    caseworkers = [_staff(one) for one in accounts.staff_with_role("caseworker")]
    adviser = _staff(accounts.staff_with_role("adviser")[0])
    town = Town(properties, residents, adviser, caseworkers, wanted.seed)
    chosen = choose([one.invented for one in residents], wanted.cases, DAYS, wanted.seed)
    lived = live(town, chosen, now())
    deliver_the_rest(SECONDS_TO_DELIVER)
    refused = f", {len(lived.refused)} steps refused ({lived.refused[0]})" if lived.refused else ""
    return f"{len(lived.references)} requests{refused}"


def _staff(one: accounts.UserView) -> Actor:
    return Actor("person", one.id, one.person_id, one.name, frozenset(one.roles))


def make(wanted: Wanted) -> str:
    """Make what is missing; says what there is, in one line."""
    properties = lay_out(wanted.seed)
    invented = invent(properties, wanted.people, wanted.seed)
    addresses = make_gazetteer(properties)
    residents = make_people(invented, wanted.seed)
    if not residents:
        return f"{addresses} addresses; the people were there already"
    return f"{addresses} addresses, {len(residents)} people, {make_history(wanted, properties, residents)}"
