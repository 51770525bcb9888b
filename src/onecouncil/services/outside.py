# SPDX-License-Identifier: MIT
"""What the engine is told from outside: the day, the person, addresses, files, slots. Read when asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onecouncil.core import addresses, files, ports
from onecouncil.core.borough import borough
from onecouncil.core.calendar import today
from onecouncil.core.problems import NotFound, Unavailable
from onecouncil.services.engine import AddressChoice, FileMeta, Outside, SlotChoice

_KINDS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


@dataclass
class Lookups:
    """Addresses and slots, asked once for each request. `addresses_down`: the address service did not answer."""

    addresses_down: bool = False
    _addresses: dict[str, list[AddressChoice]] = field(default_factory=dict)
    _slots: dict[str, list[SlotChoice]] = field(default_factory=dict)

    def addresses(self, postcode: str) -> Sequence[AddressChoice]:
        if postcode not in self._addresses:
            try:
                found = addresses.find_by_postcode(postcode)
            except Unavailable:
                self.addresses_down, found = True, []
            self._addresses[postcode] = [address_choice(one) for one in found]
        return self._addresses[postcode]

    def slots(self, pool: str) -> Sequence[SlotChoice]:
        if pool not in self._slots:
            offered = ports.slots().offer(pool, today())
            self._slots[pool] = [SlotChoice(slot.id, slot.label) for slot in offered if slot.places_left > 0]
        return self._slots[pool]


def outside(
    known: Mapping[str, Any], allowed_files: set[str], lookups: Lookups, addresses: Callable[..., Any] | None = None
) -> Outside:
    """The engine's view of the world for one draft; files only of those allowed."""
    return Outside(
        today=today(),
        facts=known,
        lookup=borough().fact,
        addresses=addresses or lookups.addresses,
        files=lambda file_id: file_meta(file_id) if file_id in allowed_files else None,
        slots=lookups.slots,
    )


def address_choice(found: addresses.Address) -> AddressChoice:
    """`1 Heron Street, Larkmere` → the line and the town."""
    line, _, town = found.line.rpartition(", ")
    return AddressChoice(uprn=found.uprn, line1=line or found.line, town=town if line else "", postcode=found.postcode)


def file_meta(file_id: str) -> FileMeta | None:
    try:
        held = files.file_view(file_id)
    except NotFound:
        return None
    return FileMeta(held.id, held.name, _KINDS.get(held.kind, ""), held.size)


def kind_of(content: bytes) -> str:
    """The kind of a file not kept yet, as journeys name it (`pdf`); "" for one we never take."""
    return _KINDS.get(files.kind_of(content), "")


def stored_addresses(held: Any) -> Callable[[str], Sequence[AddressChoice]]:
    """Choices from a draft's own answers, so that checking it again never calls the outside."""
    found: dict[str, list[AddressChoice]] = {}
    _gather(held, found)
    return lambda postcode: found.get(postcode, ())


def _gather(held: Any, found: dict[str, list[AddressChoice]]) -> None:
    if isinstance(held, Mapping):
        if held.get("uprn") and "line1" in held:
            choice = AddressChoice(held["uprn"], held["line1"], held["town"], held["postcode"], held.get("line2") or "")
            found.setdefault(held["postcode"], []).append(choice)
        for value in held.values():
            _gather(value, found)
    elif isinstance(held, list):
        for value in held:
            _gather(value, found)
