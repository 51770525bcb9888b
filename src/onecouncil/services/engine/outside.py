# SPDX-License-Identifier: MIT
"""What the engine is told from outside, in one object: the day, facts, and ways to look things up.

The engine never reads a clock, a database or a setting. Whoever calls it hands over an `Outside`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .definition import Json


@dataclass(frozen=True)
class AddressChoice:
    """One address offered for a postcode."""

    uprn: str
    line1: str
    town: str
    postcode: str
    line2: str = ""


@dataclass(frozen=True)
class SlotChoice:
    """One appointment or collection slot that may be chosen now."""

    id: str
    label: str


@dataclass(frozen=True)
class FileMeta:
    """A file already received and looked at; `kind` is what its content is: `pdf`, `jpg`, `png`, …"""

    id: str
    name: str
    kind: str
    size: int


def _no_lookup(key: str) -> object:
    raise KeyError(key)


def _no_addresses(postcode: str) -> Sequence[AddressChoice]:
    return ()


def _no_file(file_id: str) -> FileMeta | None:
    return None


def _no_slots(pool: str) -> Sequence[SlotChoice]:
    return ()


@dataclass(frozen=True)
class Outside:
    """`today`: the day in Europe/London. `facts`: for conditions (`{"person.has_account": True}`).
    `lookup`: the council's own facts (`fees.bulky_waste_base` → pence), raises KeyError.
    `addresses`: postcode → choices. `files`: id → metadata or None (give only this draft's files). `slots`: pool →
    choices.
    """

    today: date
    facts: Mapping[str, Json] = field(default_factory=dict)
    lookup: Callable[[str], object] = _no_lookup
    addresses: Callable[[str], Sequence[AddressChoice]] = _no_addresses
    files: Callable[[str], FileMeta | None] = _no_file
    slots: Callable[[str], Sequence[SlotChoice]] = _no_slots
