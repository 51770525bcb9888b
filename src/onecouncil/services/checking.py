# SPDX-License-Identifier: MIT
"""Faults in a definition, and how a room above checks the part of the file that is its own (`case:` is casework's)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a definition: where (`journey.pages[3].title`), why, and the line when it is known."""

    path: str
    reason: str
    line: int | None = None
    severity: str = "error"

    def at(self, line: int | None) -> "Fault":
        return replace(self, line=line)

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


PartCheck = Callable[[Any, Mapping[str, Any]], list[Fault]]
_parts: dict[str, PartCheck] = {}


def check_part(key: str, check: PartCheck) -> None:
    """Hang up the check of one top-level key. `check(part, whole)` gets that part and the whole definition.

    Called once by the room that reads the part, in its `AppConfig.ready`. Paths of faults start with the key.
    """
    _parts[key] = check


def part_faults(content: Mapping[str, Any]) -> list[Fault]:
    """What the rooms above say about their parts."""
    return [fault for key, check in _parts.items() if key in content for fault in check(content[key], content)]
