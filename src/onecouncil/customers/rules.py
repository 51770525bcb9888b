# SPDX-License-Identifier: MIT
"""The law of the room, pure: how a timeline is merged and paged, how long a stated purpose holds, what is searched.

The timeline has several sources, each newest first and each paginated by a key of its own. A page takes from their
heads, newest of all first, and remembers for each source the last key it took: nothing is told twice or left out, and
a page costs one query a source however long the history is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

SUBMISSIONS, ENTRIES, PAYMENTS, MESSAGES = "submissions", "entries", "payments", "messages"
SOURCES = (SUBMISSIONS, ENTRIES, PAYMENTS, MESSAGES)
"""In this order when two things happened at the same moment: what was told last stands first."""

PURPOSE_HOLDS = timedelta(minutes=30)

_KEY = re.compile(r"^[A-Z0-9-]{0,24}$")
_STREET = re.compile(r"^(?:(?:flat|unit|apartment)\s+)?\d+[a-z]?,?\s+[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `key` is its key in its own source; `note` marks what the customer does not see."""

    source: str
    key: str
    at: datetime
    title: str
    text: str = ""
    reference: str = ""
    by: str = ""
    note: bool = False


Place = Mapping[str, str]
"""How far a reader has come: source → the last key read there."""


@dataclass(frozen=True)
class Page:
    """`place` is where the next page begins; empty on the last one."""

    lines: tuple[Line, ...]
    place: dict[str, str]


def merge(sources: Mapping[str, Sequence[Line]], start: Place, size: int) -> Page:
    """The newest `size` lines of all sources. Give each source's next `size + 1` lines, so that the end is known."""
    heads = {name: 0 for name in SOURCES}
    reached = dict(start)
    taken: list[Line] = []
    while len(taken) < size:
        name = _newest(sources, heads)
        if name is None:
            return Page(tuple(taken), {})
        line = sources[name][heads[name]]
        heads[name] += 1
        reached[name] = line.key
        taken.append(line)
    more = _newest(sources, heads) is not None
    return Page(tuple(taken), reached if more else {})


def _newest(sources: Mapping[str, Sequence[Line]], heads: Mapping[str, int]) -> str | None:
    """The source whose next line is the newest; the later source wins a tie."""
    waiting = [name for name in SOURCES if heads[name] < len(sources.get(name, ()))]
    if not waiting:
        return None
    return max(waiting, key=lambda name: (sources[name][heads[name]].at, SOURCES.index(name)))


def write_place(place: Place) -> str:
    """A place as part of an address: `LM-7KQ4-29XR~12~~9`; empty for no place."""
    return "~".join(place.get(name, "") for name in SOURCES) if place else ""


def read_place(text: str) -> dict[str, str]:
    """The place that `write_place` wrote; anything else is the beginning."""
    parts = text.split("~")
    if len(parts) != len(SOURCES) or not all(_KEY.match(part) for part in parts):
        return {}
    found = {name: part for name, part in zip(SOURCES, parts, strict=True) if part}
    numbered = all(found.get(name, "0").isdigit() for name in SOURCES if name != SUBMISSIONS)
    return found if numbered else {}


def still_holds(stated: datetime, moment: datetime) -> bool:
    """Whether a purpose that was stated then still opens the record now."""
    return timedelta(0) <= moment - stated < PURPOSE_HOLDS


def is_street(text: str) -> bool:
    """`14 Heron Street` and `Flat 2, Kestrel House` are an address; `Heron Street 14` is looked for as a name."""
    return bool(_STREET.match(text.strip()))


def birth_date(day: str, month: str, year: str) -> date | None:
    """The date in three typed parts; None when all are empty.

    Raises:
        ValueError: they are no date.
    """
    parts = [part.strip() for part in (day, month, year)]
    if not any(parts):
        return None
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[2]) != 4:
        raise ValueError("not a date")
    return date(int(parts[2]), int(parts[1]), int(parts[0]))
