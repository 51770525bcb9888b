# SPDX-License-Identifier: MIT
"""Times that can be booked: `core.ports.Slots`. No time is given to more people than it has places.

1. `offer` opens the diary of a resource (rows made from its plan) and shows what is free;
2. `hold` takes a numbered place under the slot's lock; a unique index on (slot, place) is the last word;
3. `book` makes the hold stay; a hold that is not booked runs out and its place is free again.

A resource's plan stands in borough.toml under `[slots.<resource>]`: weekdays (0 is Monday), times, places, notice_days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from onecouncil.casework.models import Slot, SlotBooking
from onecouncil.core.actors import system
from onecouncil.core.borough import borough
from onecouncil.core.calendar import add_working_days, is_working_day, now, today
from onecouncil.core.events import publish
from onecouncil.core.ports import SlotView
from onecouncil.core.problems import Conflict

DIARY = system("casework.slots")
_MOST_DAYS = 92


@dataclass(frozen=True)
class Plan:
    """When a resource can be booked. `notice_days`: working days between asking and the first time."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    times: tuple[str, ...] = ("7am to 12 noon", "12 noon to 5pm")
    places: int = 10
    notice_days: int = 2


class SlotDiary:
    """The house's diary, as the rooms below call it."""

    def offer(self, resource: str, from_day: date, days: int = 28) -> tuple[SlotView, ...]:
        plan = plan_of(resource)
        first = max(from_day, add_working_days(today(), plan.notice_days))
        last = min(from_day + timedelta(days=days), first + timedelta(days=_MOST_DAYS))
        open_days(resource, plan, first, last)
        rows = _with_taken(Slot.objects.filter(resource=resource, day__gte=first, day__lt=last)).order_by("day", "id")
        return tuple(view for view in (_view(row) for row in rows[:400]) if view.places_left > 0)

    def hold(self, slot_id: str, about: str, minutes: int = 60) -> SlotView:
        with transaction.atomic():
            slot = _lock_slots(slot_id, about)
            if slot is None or slot.day <= today():
                raise Conflict("That time can no longer be booked. Choose another time")
            SlotBooking.objects.filter(slot=slot, state=SlotBooking.HELD, expires_at__lte=now()).delete()
            held = SlotBooking.objects.filter(about=about).first()
            if held and held.state == SlotBooking.BOOKED:
                raise Conflict("You have already booked a time")
            if held:
                held.delete()
            place = _free_place(slot)
            if place is None:
                raise Conflict("That time is now full. Choose another time")
            moment = now()
            SlotBooking.objects.create(
                slot=slot,
                place=place,
                about=about,
                state=SlotBooking.HELD,
                expires_at=moment + timedelta(minutes=minutes),
                made_at=moment,
            )
            _tell("slot.held", slot, about)
            return _fresh(slot)

    def book(self, about: str) -> SlotView | None:
        with transaction.atomic():
            booking = _lock_booking(about)
            if booking is None:
                return None
            if booking.state == SlotBooking.HELD:
                SlotBooking.objects.filter(pk=booking.pk).update(state=SlotBooking.BOOKED, expires_at=None)
                _tell("slot.booked", booking.slot, about)
            return _fresh(booking.slot)

    def release(self, about: str) -> None:
        with transaction.atomic():
            booking = _lock_booking(about)
            if booking is None:
                return
            booking.delete()
            _tell("slot.released", booking.slot, about)


def booked_slot(about: str) -> SlotView | None:
    """The time that was booked for this, if any."""
    booking = SlotBooking.objects.select_related("slot").filter(about=about, state=SlotBooking.BOOKED).first()
    return SlotView(str(booking.slot_id), _label(booking.slot), booking.slot.day, 0) if booking else None


def free_expired() -> int:
    """Give back the places of holds that ran out; returns how many."""
    return SlotBooking.objects.filter(state=SlotBooking.HELD, expires_at__lte=now()).delete()[0]


def plan_of(resource: str) -> Plan:
    """The resource's plan, as the council wrote it down, else working days in two halves of ten places."""
    tables: dict[str, Any] = borough().facts.get("slots", {})
    given = tables.get(resource, {})
    base = Plan()
    return Plan(
        weekdays=tuple(given.get("weekdays", base.weekdays)),
        times=tuple(given.get("times", base.times)),
        places=int(given.get("places", base.places)),
        notice_days=int(given.get("notice_days", base.notice_days)),
    )


def open_days(resource: str, plan: Plan, first: date, last: date) -> None:
    """Make the rows of the days that have none yet. Asking twice, or two at once, makes them once."""
    held = set(Slot.objects.filter(resource=resource, day__gte=first, day__lt=last).values_list("day", flat=True))
    days = (first + timedelta(days=n) for n in range((last - first).days))
    missing = [day for day in days if day not in held and day.weekday() in plan.weekdays and _open(day)]
    if missing:
        Slot.objects.bulk_create(list(_rows(resource, plan, missing)), ignore_conflicts=True)


def _rows(resource: str, plan: Plan, days: Iterable[date]) -> Iterable[Slot]:
    for day in days:
        for label in plan.times:
            yield Slot(resource=resource, day=day, label=label, capacity=plan.places)


def _open(day: date) -> bool:
    """Not a bank holiday or closure day. A weekend is open when the plan says so."""
    return is_working_day(day) or day.weekday() >= 5


def _lock_slots(slot_id: str, about: str) -> Slot | None:
    """Lock the wanted slot and the one held now, always in the same order: two movers cannot block each other."""
    if not slot_id.isdecimal() or len(slot_id) > 18:
        return None
    wanted = int(slot_id)
    held = SlotBooking.objects.filter(about=about).values("slot_id")
    locked = Slot.objects.select_for_update().filter(Q(pk=wanted) | Q(pk__in=held)).order_by("pk")
    return next((slot for slot in locked if slot.pk == wanted), None)


def _lock_booking(about: str) -> SlotBooking | None:
    return SlotBooking.objects.select_related("slot").select_for_update(of=("self",)).filter(about=about).first()


def _free_place(slot: Slot) -> int | None:
    taken = set(SlotBooking.objects.filter(slot=slot).values_list("place", flat=True))
    return next((place for place in range(1, slot.capacity + 1) if place not in taken), None)


def _with_taken(rows: QuerySet[Slot]) -> QuerySet[Slot]:
    live = Q(bookings__state=SlotBooking.BOOKED) | Q(bookings__expires_at__gt=now())
    return rows.annotate(taken=Count("bookings", filter=live))


def _fresh(slot: Slot) -> SlotView:
    return _view(_with_taken(Slot.objects.filter(pk=slot.pk)).get())


def _view(row: Slot) -> SlotView:
    taken: int = row.taken  # type: ignore[attr-defined]
    return SlotView(str(row.pk), _label(row), row.day, max(0, row.capacity - taken))


def _label(row: Slot) -> str:
    return f"{row.day:%A} {row.day.day} {row.day:%B}, {row.label}"


def _tell(event: str, slot: Slot, about: str) -> None:
    data = {"resource": slot.resource, "day": slot.day.isoformat(), "label": slot.label, "about": about}
    publish(event, subject=about, data=data, actor=DIARY)
