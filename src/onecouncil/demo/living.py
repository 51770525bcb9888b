# SPDX-License-Identifier: MIT
"""Lives through the last sixty days: every step of every matter in the order it happened, at the time it happened.

Each step is the room's own action; after it the prompt events are delivered, so that the next step finds what followed.
Steps between two payments are one transaction, which is quick; a payment calls the provider and stands alone. What the
other subscribers have to hear (the trail, the feed, receipts) is delivered at the end; the worker does what is left.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from onecouncil.core import events, relay
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import LONDON
from onecouncil.core.models import Delivery
from onecouncil.core.problems import Conflict, Problem
from onecouncil.demo import courses, doors, matters
from onecouncil.demo.clock import at
from onecouncil.demo.courses import Step
from onecouncil.demo.matters import Asker, Matter
from onecouncil.demo.people import Invented
from onecouncil.demo.plan import Property
from onecouncil.demo.till import Till, open_till

CHUNK = 60


@dataclass(frozen=True)
class Resident:
    """An invented person, now known to the council."""

    person_id: str
    user_id: int | None
    invented: Invented

    @property
    def actor(self) -> Actor:
        return Actor("person", self.user_id, self.person_id, self.invented.name, frozenset({"resident"}))


@dataclass(frozen=True)
class Town:
    """Everybody and everything there is, before the sixty days begin."""

    streets: Sequence[Property]
    residents: Sequence[Resident]
    adviser: Actor
    caseworkers: Sequence[Actor]
    seed: int


@dataclass
class Day:
    """One step to live through. `rng` is the matter's own, so that one matter's luck does not move another's."""

    matter: Matter
    step: Step
    rng: random.Random


@dataclass
class Lived:
    """What came of it. `references`: matter → what was handed in."""

    references: dict[int, str] = field(default_factory=dict)
    steps: int = 0
    refused: list[str] = field(default_factory=list)


def live(town: Town, chosen: Sequence[Matter], until: datetime) -> Lived:
    """Live through these matters up to a moment."""
    lived = Lived()
    with open_till() as till:
        verbs = _verbs(town, till)
        for paying, chunk in _chunks(schedule(town, chosen, until)):
            with nullcontext() if paying else transaction.atomic():
                for day in chunk:
                    _live_one(day, verbs, lived)
    return lived


def schedule(town: Town, chosen: Sequence[Matter], until: datetime) -> list[Day]:
    """Every step of every matter that happened before `until`, in the order of time."""
    days = []
    for matter in chosen:
        rng = random.Random(f"{town.seed}:matter:{matter.number}")  # noqa: S311 - repeatable, not a secret
        asked = min(courses.awake(until - timedelta(days=matter.days_ago), rng), until - timedelta(minutes=30))
        days += [Day(matter, step, rng) for step in courses.course(matter.service, asked, rng) if step.at < until]
    return sorted(days, key=lambda day: (day.step.at, day.matter.number))


def _chunks(days: Sequence[Day]) -> Iterator[tuple[bool, list[Day]]]:
    for paying, group in groupby(days, key=lambda day: day.step.what in courses.PAYMENTS):
        held = list(group)
        for first in range(0, len(held), CHUNK):
            yield paying, held[first : first + CHUNK]


def _deliver_prompt() -> None:
    """As after a commit in the web process, which a chunk's one transaction puts off."""
    prompt = [one.name for one in events.subscribers() if one.prompt]
    waiting = Delivery.objects.filter(subscriber__in=prompt, done_at__isnull=True, attempts=0)
    while ids := list(waiting.order_by("pk").values_list("pk", flat=True)):
        for pk in ids:
            relay.deliver(pk)


def deliver_the_rest(seconds: float) -> None:
    """Deliver the events that wait, for at most so many seconds."""
    end = time.monotonic() + seconds
    delivered = 1
    while delivered and time.monotonic() < end:
        with transaction.atomic():
            delivered = relay.deliver_due()


Verb = Callable[[Day, str], str | None]


def _live_one(day: Day, verbs: dict[str, Verb], lived: Lived) -> None:
    """One step. What a room refuses (a case that was withdrawn meanwhile, a full diary) did not happen."""
    number = day.matter.number
    reference = lived.references.get(number, "")
    if not reference and day.step.what != courses.ASK:
        return
    with at(day.step.at):
        try:
            with transaction.atomic() if transaction.get_connection().in_atomic_block else nullcontext():
                made = verbs[day.step.what](day, reference)
        except Problem as refusal:
            lived.refused.append(f"{day.matter.service}, {day.step.what}: {refusal.detail}")
            return
        _deliver_prompt()
    lived.steps += 1
    if made:
        lived.references[number] = made


def _verbs(town: Town, till: Till | None) -> dict[str, Verb]:
    """Each kind of step, done by whoever does it: the resident, the adviser for them, the caseworker of the case."""

    def officer(day: Day) -> Actor:
        return town.caseworkers[day.matter.number % len(town.caseworkers)]

    def resident(day: Day) -> Actor:
        return town.residents[day.matter.person].actor

    def ask(day: Day, _: str) -> str:
        return _ask(town, day)

    def pay(day: Day, reference: str, outcome: str) -> None:
        if till is None:
            raise Conflict("there is no pretend provider to pay at")
        till.set_clock(day.step.at)
        doors.pay(reference, resident(day), till, outcome)

    def write(day: Day, reference: str, wait: bool) -> None:
        doors.write(officer(day), reference, day.step.words, wait=wait)

    return {
        courses.ASK: ask,
        courses.PAY: lambda day, reference: pay(day, reference, "pay"),
        courses.DECLINE: lambda day, reference: pay(day, reference, "decline"),
        courses.TAKE: lambda day, reference: doors.take(officer(day), reference),
        courses.NOTE: lambda day, reference: doors.note(officer(day), reference, day.step.words),
        courses.WRITE: lambda day, reference: write(day, reference, wait=False),
        courses.WAIT: lambda day, reference: write(day, reference, wait=True),
        courses.REPLY: lambda day, reference: doors.reply(resident(day), reference, day.step.words),
        courses.STAGE: lambda day, reference: doors.change_stage(officer(day), reference, day.step.key),
        courses.FINISH_TASKS: lambda day, reference: doors.finish_tasks(officer(day), reference, day.step.words),
        courses.DECIDE: lambda day, reference: doors.decide(officer(day), reference, day.step.key, day.step.words),
        courses.APPEAL: lambda day, reference: doors.ask_second_stage(resident(day), reference, day.step.words),
    }


def _ask(town: Town, day: Day) -> str:
    """Hand in the matter: the person themselves, or the adviser they have on the phone."""
    matter, who = day.matter, town.residents[day.matter.person]
    asker = Asker(who.invented, day.step.at.astimezone(LONDON).date(), town.streets, day.rng)
    given = matters.answers(matter, asker)
    if matter.assisted:
        return doors.hand_in(town.adviser, matter.service, given, who.person_id)
    return doors.hand_in(who.actor, matter.service, given, None)
