# SPDX-License-Identifier: MIT
"""The council's own facts: name, hours, phones, fees, rules. One readable file, `borough.toml`, in the data folder.

Words in services and pages name a fact as `{fees.bulky_waste_base}`; fees are integer pence and print as pounds.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from onecouncil.core.money import pounds

_PLACEHOLDER = re.compile(r"\{([a-z_]+\.[a-z0-9_]+)\}")


@dataclass(frozen=True)
class Borough:
    """The facts of one council, as read from its file."""

    facts: dict[str, dict[str, Any]]
    closure_days: frozenset[date]

    @property
    def name(self) -> str:
        return str(self.facts["borough"]["name"])

    @property
    def short_name(self) -> str:
        return str(self.facts["borough"]["short_name"])

    @property
    def code(self) -> str:
        """The letters that start every reference."""
        return str(self.facts["borough"]["code"])

    def fact(self, key: str) -> Any:
        """The fact at `table.name`.

        Raises:
            KeyError: when the file has no such fact; the message says where to add it.
        """
        table, _, name = key.partition(".")
        try:
            return self.facts[table][name]
        except KeyError as error:
            raise KeyError(f"borough.toml has no {name!r} under [{table}]. Add it there.") from error

    def has(self, key: str) -> bool:
        table, _, name = key.partition(".")
        return name in self.facts.get(table, {})

    def fill(self, text: str) -> str:
        """`text` with each `{table.name}` replaced by its fact as a person reads it."""
        return _PLACEHOLDER.sub(lambda match: self.show(match.group(1)), text)

    def show(self, key: str) -> str:
        value = self.fact(key)
        return pounds(value).removesuffix(".00") if key.startswith("fees.") else str(value)


def placeholders(text: str) -> set[str]:
    """The fact keys a text names."""
    return set(_PLACEHOLDER.findall(text))


_cache: dict[str, tuple[float, Borough]] = {}


def borough() -> Borough:
    """The council's facts, re-read when the file changes."""
    path = Path(settings.BOROUGH_FILE)
    stamp = path.stat().st_mtime
    held = _cache.get(str(path))
    if held and held[0] == stamp:
        return held[1]
    _cache[str(path)] = (stamp, read_borough(path))
    return _cache[str(path)][1]


def read_borough(path: Path) -> Borough:
    with path.open("rb") as file:
        data = tomllib.load(file)
    days = frozenset(data.pop("closure_days", []))
    return Borough(facts=data, closure_days=days)
