# SPDX-License-Identifier: MIT
"""Interfaces that lower rooms call and higher rooms implement. What crosses is a frozen dataclass."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from onecouncil.core.actors import Actor


@dataclass(frozen=True)
class BillLine:
    """One thing to pay for. `pence` with VAT; `vat_rate` in percent (0 for outside the scope)."""

    label: str
    pence: int
    fund: str
    vat_rate: int = 0


@dataclass(frozen=True)
class BillRequest:
    """`about`: the submission's reference; `return_path`: where the payer goes on, a path of ours."""

    about: str
    description: str
    lines: tuple[BillLine, ...]
    return_path: str
    person_id: str | None = None
    payer_email: str = ""

    @property
    def total_pence(self) -> int:
        return sum(line.pence for line in self.lines)


@dataclass(frozen=True)
class BillView:
    """`state`: raised, paid or cancelled. `pay_path`: our page that takes the payment; needs no account."""

    reference: str
    about: str
    description: str
    total_pence: int
    state: str
    pay_path: str
    paid_at: datetime | None = None


class Payments(Protocol):
    """Taking money. The payments room provides it."""

    def raise_bill(self, request: BillRequest, actor: Actor) -> BillView:
        """Inside the caller's transaction. Asking again about the same thing returns the same bill."""

    def bill_about(self, about: str) -> BillView | None: ...

    def cancel_bill(self, about: str, reason: str, actor: Actor) -> None:
        """A bill that is not paid is cancelled.

        Raises:
            Conflict: it is paid, or a payment is under way.
        """


@dataclass(frozen=True)
class SlotView:
    """One time that can be booked. `label` as a person reads it: "Tuesday 1 December, 7am to 12 noon"."""

    id: str
    label: str
    day: date
    places_left: int


class Slots(Protocol):
    """Times that can be booked. The casework room provides it."""

    def offer(self, resource: str, from_day: date, days: int = 28) -> tuple[SlotView, ...]: ...

    def hold(self, slot_id: str, about: str, minutes: int = 60) -> SlotView:
        """Keep a place for `about`; holding again moves it.

        Raises:
            Conflict: the slot is full or past.
        """

    def book(self, about: str) -> SlotView | None:
        """Turn the hold into a booking; None when nothing was held."""

    def release(self, about: str) -> None: ...


_provided: dict[str, Any] = {}


def provide(name: str, implementation: object) -> None:
    """Called once by the room that implements `name`, in its `AppConfig.ready`."""
    _provided[name] = implementation


def payments() -> Payments:
    found: Payments = _provided["payments"]
    return found


def slots() -> Slots:
    found: Slots = _provided["slots"]
    return found
