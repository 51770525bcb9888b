# SPDX-License-Identifier: MIT
"""The filters of the list of requests: what was asked for, within the standard's bounds (90 days, 1000 requests)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MOST = 1000
LONGEST = timedelta(days=90)
_STATES = {"open", "closed"}


class BadFilter(Exception):
    """The filter that is wrong, in a sentence."""


@dataclass(frozen=True)
class Wanted:
    """`state`: open, closed or "" for both. Asked for by reference, dates do not count."""

    references: tuple[str, ...]
    codes: tuple[str, ...]
    state: str
    start: datetime | None
    end: datetime | None


def wanted(given: Mapping[str, str], moment: datetime) -> Wanted:
    """What is asked for.

    Raises:
        BadFilter: a date or a status that cannot be read.
    """
    references = _listed(given.get("service_request_id", ""))
    if references:
        return Wanted(references, (), "", None, None)
    states = {state.lower() for state in _listed(given.get("status", ""))}
    if states - _STATES:
        raise BadFilter("status must be open, closed or both with a comma between")
    start, end = _moment(given, "start_date"), _moment(given, "end_date")
    if start is None:
        start = (end or moment) - LONGEST
    if end is None or end - start > LONGEST:
        end = start + LONGEST
    return Wanted((), _listed(given.get("service_code", "")), states.pop() if len(states) == 1 else "", start, end)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip()[:80].replace("\x00", "") for part in text.split(",")[:MOST] if part.strip())


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+", 1) if "T" in text else text)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        return min(max(found, _EARLIEST), _LATEST)
    except (ValueError, OverflowError) as error:
        raise BadFilter(f"{name} must be a date and time, like 2026-11-23T00:00:00Z") from error


_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
