# SPDX-License-Identifier: MIT
"""Read plain data field by field, and note every problem with its path instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from .definition import Json
from .results import Problem

_MISSING = object()


class Problems:
    """The list that fills while reading."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: str, reason: str) -> None:
        self.found.append(Problem(path, reason))


class Fields:
    """One mapping of the file. Each field is taken once; `done` notes those that nobody took.

    Every `take` returns a value of the kind asked for even when the data is wrong, so that reading goes on.
    """

    def __init__(self, data: Json, path: str, problems: Problems) -> None:
        self.path, self.problems = path, problems
        if not isinstance(data, Mapping):
            problems.add(path, f"must be a list of named values, not {_kind(data)}")
            data = {}
        self._left: dict[str, Json] = {str(key): value for key, value in data.items()}

    def at(self, name: str) -> str:
        return f"{self.path}.{name}"

    def fail(self, name: str, reason: str) -> None:
        self.problems.add(self.at(name) if name else self.path, reason)

    def has(self, name: str) -> bool:
        return name in self._left

    def names(self) -> list[str]:
        return list(self._left)

    def raw(self, name: str, default: Json = None) -> Json:
        return self._left.pop(name, default)

    def text(self, name: str, *, required: bool = False) -> str:
        value = self._left.pop(name, _MISSING)
        if value is _MISSING or value is None:
            if required:
                self.fail(name, "is missing")
            return ""
        if not isinstance(value, str):
            self.fail(name, f"must be text, not {_kind(value)}" + (" (put it in quotes)" if _scalar(value) else ""))
            return ""
        if required and not value.strip():
            self.fail(name, "must not be empty")
        return value.strip("\n")

    def key(self, name: str, pattern: re.Pattern[str], rule: str) -> str:
        value = self.text(name, required=True)
        if value and not pattern.fullmatch(value):
            self.fail(name, f"“{value}” must be {rule}")
        return value

    def flag(self, name: str) -> bool:
        value = self._left.pop(name, False)
        if not isinstance(value, bool):
            self.fail(name, f"must be true or false, not {_kind(value)}")
            return False
        return value

    def whole(self, name: str, default: int) -> int:
        value = self._left.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(name, f"must be a whole number, not {_kind(value)}")
            return default
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._left.pop(name, default)
        if value not in allowed:
            self.fail(name, f"must be one of {', '.join(allowed)}, not {value!r}")
            return default
        return str(value)

    def items(self, name: str) -> list[tuple[Json, str]]:
        """The members of a list, each with its path."""
        value = self._left.pop(name, None)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(name, f"must be a list, not {_kind(value)}")
            return []
        return [(each, f"{self.at(name)}[{index}]") for index, each in enumerate(value)]

    def texts(self, name: str) -> dict[str, str]:
        """A mapping of texts."""
        value = self._left.pop(name, None) or {}
        if not isinstance(value, Mapping) or not all(
            isinstance(k, str) and isinstance(v, str) for k, v in value.items()
        ):
            self.fail(name, "must be texts by name")
            return {}
        return dict(value)

    def done(self) -> None:
        for name in self._left:
            self.fail(name, "is not known here")


def plain(value: Json) -> Json:
    """A scalar or list from YAML as engine data: dates as ISO text, decimals as text (never a float)."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value


def _scalar(value: Json) -> bool:
    return isinstance(value, (bool, int, float, date))


def _kind(value: Json) -> str:
    if value is None:
        return "nothing"
    names = {bool: "true/false", int: "a number", float: "a number", str: "text", list: "a list", dict: "values"}
    return names.get(type(value), "a date" if isinstance(value, date) else type(value).__name__)
