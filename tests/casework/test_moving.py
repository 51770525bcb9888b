# SPDX-License-Identifier: MIT
"""A move told once: the account, the permits, the other cases and every system, each once and with its result."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.accounts.api import person
from onecouncil.casework import below
from onecouncil.casework.actions import deciding, moving
from onecouncil.casework.models import Case, CaseEntry, Permit, Task
from onecouncil.casework.tasks import hear_of_new_address
from onecouncil.core import events
from onecouncil.core.actors import Actor, system
from onecouncil.core.models import EventRow
from onecouncil.core.problems import Unavailable

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"uprn": None, "line1": "9 Swan Lane", "line2": "", "town": "Larkmere", "postcode": "LM2 2BB"}
ANSWERS: dict[str, Any] = {"new_address": NEW, "move_date": "2026-11-20", "tell": ["libraries"]}
MOVED = "tell-us-you-have-moved"


def test_everything_is_told_once(
    hand_in: HandIn, people: dict[str, Actor], signed_in: Callable[[str], Client], work: Callable[[], None]
) -> None:
    alice = str(people["alice"].person_id)
    bin_case = hand_in()
    parking = hand_in("resident-parking-permit")
    deciding.decide(people["cass"], parking, "granted")
    permit = Permit.objects.get()
    work()

    reference = hand_in(MOVED, answers=ANSWERS)
    moved = person(alice)
    assert moved is not None
    assert moved.one_line == "9 Swan Lane, Larkmere, LM2 2BB"
    tasks = {task.key: task for task in Task.objects.filter(case__reference=reference)}
    assert set(tasks) == {"council-tax", "libraries", "own-account"} | {key for key in tasks if permit.number in key}
    assert len(tasks) == 4, "benefits was not chosen; the permit is looked at"
    assert (tasks["own-account"].state, tasks["own-account"].result) == ("done", f"Changed to {moved.one_line}")
    noted = CaseEntry.objects.get(case__reference=bin_case, kind="address")
    assert moved.one_line in noted.text
    assert case_of(parking).state == "closed", "the move's own case carries the permit's task"

    page = signed_in("alice").get(f"/account/cases/{reference}").content.decode()
    assert "Council tax" in page
    assert f"Check Resident parking permit {permit.number}" in page
    desk = f"/staff/cases/{reference}/task"
    cass = signed_in("cass")
    assert cass.post(desk, {"task": tasks["libraries"].pk, "dropped": "no"}).status_code == 422
    done = {"task": tasks["libraries"].pk, f"result-{tasks['libraries'].pk}": "Your card works at any library"}
    assert cass.post(desk, done).status_code == 303
    assert cass.post(desk, done).status_code == 409, "done once"
    assert "Your card works at any library" in signed_in("alice").get(f"/account/cases/{reference}").content.decode()


def test_told_twice_changes_once(hand_in: HandIn, people: dict[str, Actor], work: Callable[[], None]) -> None:
    bin_case = hand_in()
    reference = hand_in(MOVED, answers=ANSWERS)
    moving.change_own_address(reference)
    row = EventRow.objects.get(type="person.address_changed")
    with transaction.atomic():
        hear_of_new_address(events.from_row(row))
    with transaction.atomic():
        events.publish("submission.submitted", subject=reference, data={"reference": reference}, actor=system("test"))
    work()
    assert EventRow.objects.filter(type="person.address_changed").count() == 1
    assert CaseEntry.objects.filter(case__reference=bin_case, kind="address").count() == 1
    assert Case.objects.count() == 2


def test_a_service_that_is_down_leaves_the_task(hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object) -> None:
        raise Unavailable()

    monkeypatch.setattr(below, "change_address", down)
    reference = hand_in(MOVED, answers=ANSWERS)
    assert Task.objects.get(case__reference=reference, key="own-account").state == "todo"
    monkeypatch.undo()


def test_an_address_that_is_refused_is_an_officers_work(hand_in: HandIn) -> None:
    reference = hand_in(MOVED, answers={**ANSWERS, "new_address": {**NEW, "postcode": "nonsense"}})
    case = case_of(reference)
    assert Task.objects.get(case=case, key="own-account").state == "todo"
    assert "could not change the address" in case.entries.get(kind="note").text


def test_somebody_without_an_account(hand_in: HandIn) -> None:
    reference = hand_in(MOVED, by="", answers=ANSWERS)
    assert Task.objects.filter(case__reference=reference, key="find-person").exists()


def test_an_address_changed_in_the_account_takes_up_the_permits_case(
    hand_in: HandIn, people: dict[str, Actor], work: Callable[[], None]
) -> None:
    parking = hand_in("resident-parking-permit")
    deciding.decide(people["cass"], parking, "granted")
    below.change_address(str(people["alice"].person_id), NEW, people["alice"])
    work()
    case = case_of(parking)
    task = Task.objects.get(case=case)
    assert case.state == "open"
    assert case.due_at == task.due_at
    assert Permit.objects.get().state == "active", "no permit ends by itself"
