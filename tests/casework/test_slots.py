# SPDX-License-Identifier: MIT
"""Times that can be booked: never given to more people than there are places, however many ask at once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework.models import Slot, SlotBooking, Task
from onecouncil.casework.slots import SlotDiary, free_expired, open_days, plan_of
from onecouncil.core import ports
from onecouncil.core.calendar import is_working_day, today
from onecouncil.core.messaging import messages_about
from onecouncil.core.models import EventRow
from onecouncil.core.problems import Conflict

pytestmark = pytest.mark.django_db(transaction=True)
DIARY = SlotDiary()


def make_slot(capacity: int = 1, label: str = "7am to 12 noon") -> Slot:
    day = today() + timedelta(days=10)
    return Slot.objects.create(resource="van", day=day, label=label, capacity=capacity)


def test_offers_only_days_when_we_come(db: None) -> None:
    offered = DIARY.offer("bulky-waste", today(), days=28)
    assert offered
    assert all(is_working_day(slot.day) and slot.day > today() for slot in offered)
    assert offered[0].places_left == 10
    assert DIARY.offer("bulky-waste", today(), days=28) == offered, "asking again makes nothing new"
    plan = plan_of("bulky-waste")
    open_days("bulky-waste", plan, today(), today() + timedelta(days=28))
    assert len(DIARY.offer("bulky-waste", today(), days=28)) == len(offered)


def test_hold_book_release(db: None) -> None:
    slot = make_slot()
    assert DIARY.hold(str(slot.pk), "LM-A").places_left == 0
    with pytest.raises(Conflict, match="full"):
        DIARY.hold(str(slot.pk), "LM-B")
    assert DIARY.hold(str(slot.pk), "LM-A").places_left == 0, "holding again is the same hold"
    booked = DIARY.book("LM-A")
    assert booked is not None
    assert DIARY.book("LM-A") == booked
    assert DIARY.book("LM-B") is None
    with pytest.raises(Conflict, match="already"):
        DIARY.hold(str(make_slot(label="evening").pk), "LM-A")
    DIARY.release("LM-A")
    DIARY.release("LM-A")
    assert DIARY.hold(str(slot.pk), "LM-B")
    assert list(EventRow.objects.order_by("pk").values_list("type", flat=True)) == [
        "slot.held", "slot.held", "slot.booked", "slot.released", "slot.held",
    ]  # fmt: skip


def test_a_hold_moves_and_a_hold_runs_out(db: None) -> None:
    morning, evening = make_slot(), make_slot(label="12 noon to 5pm")
    DIARY.hold(str(morning.pk), "LM-A")
    DIARY.hold(str(evening.pk), "LM-A")
    assert DIARY.hold(str(morning.pk), "LM-B", minutes=-1), "a hold that has run out at once"
    assert DIARY.hold(str(morning.pk), "LM-C"), "and its place is free"
    with pytest.raises(Conflict):
        DIARY.hold(str(evening.pk), "LM-C")
    assert SlotBooking.objects.get(about="LM-C").slot == morning, "a failed move keeps what was held"
    DIARY.hold(str(morning.pk), "LM-C", minutes=-1)
    assert free_expired() == 1


@pytest.mark.parametrize("slot_id", ["", "x", "-1", "99999999", "9" * 40, "½", "²"])
def test_no_such_slot(slot_id: str) -> None:
    with pytest.raises(Conflict):
        DIARY.hold(slot_id, "LM-A")


def test_the_past_cannot_be_booked(db: None) -> None:
    slot = Slot.objects.create(resource="van", day=today(), label="now", capacity=5)
    with pytest.raises(Conflict, match="no longer"):
        DIARY.hold(str(slot.pk), "LM-A")


def at_once(number: int, want: Callable[[int], str]) -> list[str]:
    """What `number` people got who all asked at the same moment."""
    start = threading.Barrier(number)
    results: list[str] = []

    def ask(person: int) -> None:
        start.wait()
        try:
            results.append(want(person))
        except Conflict:
            results.append("full")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(person,)) for person in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == number, "nobody got an error instead of an answer"
    return results


def test_forty_people_want_three_places_at_once(db: None) -> None:
    slot = make_slot(capacity=3)
    results = at_once(40, lambda person: DIARY.hold(str(slot.pk), f"LM-{person}").id)
    assert results.count("full") == 37
    assert sorted(SlotBooking.objects.values_list("place", flat=True)) == [1, 2, 3]


def test_thirty_people_move_between_two_times_at_once(db: None) -> None:
    """Movers lock two times each: nobody waits for ever, and no place is given twice."""
    slots = [make_slot(capacity=3), make_slot(capacity=2, label="12 noon to 5pm")]

    def hold_and_move(person: int) -> str:
        first, second = (slots[(person + turn) % 2] for turn in range(2))
        DIARY.hold(str(first.pk), f"LM-{person}")
        return DIARY.hold(str(second.pk), f"LM-{person}").id

    at_once(30, hold_and_move)
    for slot in slots:
        places = list(SlotBooking.objects.filter(slot=slot).values_list("place", flat=True))
        assert len(places) == len(set(places))
        assert set(places) <= set(range(1, slot.capacity + 1))


def test_the_case_confirms_what_was_held(hand_in: HandIn, db: None) -> None:
    slot = make_slot()
    reference = hand_in("bulky-waste", slot_id=str(slot.pk))
    assert SlotBooking.objects.get(about=reference).state == "booked"
    assert "You booked:" in messages_about(reference)[0].body


def test_a_time_that_went_meanwhile_becomes_a_task(hand_in: HandIn, db: None) -> None:
    slot = make_slot()
    DIARY.hold(str(slot.pk), "somebody else")
    reference = hand_in("bulky-waste", slot_id=str(slot.pk))
    assert Task.objects.get(case=case_of(reference)).key == "agree-time"
    assert "You booked:" not in messages_about(reference)[0].body


def test_the_port_is_provided(db: None, work: Callable[[], None]) -> None:
    assert isinstance(ports.slots(), SlotDiary)
