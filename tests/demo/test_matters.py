# SPDX-License-Identifier: MIT
"""What the people ask, and what becomes of it: the same from the same seed, in order, and nothing real."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from onecouncil.demo import courses, matters
from onecouncil.demo.matters import Asker
from onecouncil.demo.people import invent
from onecouncil.demo.plan import lay_out

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STREETS = lay_out(1)
PEOPLE = invent(STREETS, 300, 1)


def answers(matter: matters.Matter) -> dict[str, object]:
    asker = Asker(PEOPLE[matter.person], NOW.date(), STREETS, random.Random(f"1:{matter.number}"))
    return matters.answers(matter, asker)


def test_the_same_seed_asks_the_same() -> None:
    one, other = matters.choose(PEOPLE, 100, 60, 1), matters.choose(PEOPLE, 100, 60, 1)
    assert one == other != matters.choose(PEOPLE, 100, 60, 2)
    assert [answers(matter) for matter in one] == [answers(matter) for matter in other]


def test_all_six_journeys_are_asked_for_over_sixty_days() -> None:
    chosen = matters.choose(PEOPLE, 200, 60, 1)
    assert {matter.service for matter in chosen} == set(matters.SHARES)
    assert all(0 < matter.days_ago <= 60 for matter in chosen)
    assert len({matter.service for matter in chosen if matter.person == 0}) >= 5
    assert any(matter.assisted for matter in chosen) and not all(matter.assisted for matter in chosen)


def test_no_answer_holds_anything_real() -> None:
    for matter in matters.choose(PEOPLE, 400, 60, 1):
        given = answers(matter)
        assert re.fullmatch(r"[a-z0-9.]+@(example\.(org|com)|larkmere\.example)", str(given["email"]))
        assert re.fullmatch(r"\+447700900\d{3}", str(given.get("phone", "+447700900000")))
        assert re.fullmatch(r"LM99[A-Y]{3}", str(given.get("vrm", "LM99AAA"))), "a plate of 2049"
        for value in given.values():
            if isinstance(value, dict) and "postcode" in value:
                assert re.fullmatch(r"LM\d \d[A-Z]{2}", value["postcode"])


@pytest.mark.parametrize("service", list(matters.SHARES))
@pytest.mark.parametrize("seed", range(40))
def test_a_course_runs_forward_from_its_asking(service: str, seed: int) -> None:
    steps = courses.course(service, NOW, random.Random(seed))
    assert steps[0].what == courses.ASK
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    kinds = [step.what for step in steps]
    if courses.DECIDE in kinds:
        after = kinds[kinds.index(courses.DECIDE) + 1 :]
        assert set(after) <= {courses.APPEAL}
    if courses.HABITS[service].paid and courses.PAY not in kinds:
        assert courses.TAKE not in kinds, "nobody works on what is not paid"
    assert all(step.words for step in steps if step.what in (courses.WAIT, courses.REPLY, courses.NOTE, courses.APPEAL))


def test_officers_work_on_weekdays_in_the_day() -> None:
    rng = random.Random(1)
    for hours in range(0, 24 * 14, 5):
        moment = courses.at_work(NOW + timedelta(hours=hours), rng)
        assert moment.weekday() < 5 and 9 <= moment.hour < 17
