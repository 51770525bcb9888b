# SPDX-License-Identifier: MIT
"""What a condition can see: the answers given so far on the path, the current item's, and the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .definition import Definition, Json, Ref
from .outside import Outside


@dataclass(frozen=True)
class Scope:
    """`answers` holds only answers on the path; `item` those of the group item being asked (they come first).

    `fixed` is for the static checks: values supposed for references, in place of any answer.
    """

    definition: Definition
    answers: Mapping[str, Json]
    outside: Outside
    item: Mapping[str, Json] = field(default_factory=dict)
    fixed: Mapping[Ref, Json] | None = None

    def answer(self, name: str) -> Json:
        """The answer called `name`, or None. Dots reach inside: `home.postcode`."""
        key, *inner = name.split(".")
        value = self.item[key] if key in self.item else self.answers.get(key)
        for part in inner:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def count(self, group: str) -> int:
        """How many items a group has."""
        items = self.answers.get(group)
        return len(items) if isinstance(items, list) else 0
