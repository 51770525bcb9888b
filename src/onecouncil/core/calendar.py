# SPDX-License-Identifier: MIT
"""Clocks and working days. Storage is UTC, screens are Europe/London.

A working day is a day that is not a Saturday, a Sunday, a bank holiday in England (Banking and Financial Dealings Act
1971) or one of the council's own closure days. The day something arrives is day 0.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The time now, in UTC, aware."""
    from django.utils import timezone

    return timezone.now().astimezone(UTC)


def today() -> date:
    """The date in London, where the council is."""
    return now().astimezone(LONDON).date()


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays(day.year) and day not in _closure_days()


def add_working_days(start: date, days: int) -> date:
    """The date `days` working days after `start` (day 0). `days` may be 0: then `start` itself."""
    if days < 0:
        raise ValueError("days must not be negative")
    day = start
    while days:
        day += timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days after `start`, up to and with `end`; negative when `end` is before `start`."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=n + 1)) for n in range((end - start).days))


def end_of_day(day: date) -> datetime:
    """The last moment of a London day, in UTC: when a clock that ends on that day runs out."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON).astimezone(UTC)


def screen_date(moment: date | datetime) -> str:
    """`23 November 2026`, in London."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%B %Y}"


def screen_time(moment: datetime) -> str:
    """`23 November 2026 at 4:05pm`, in London (GOV.UK style)."""
    local = moment.astimezone(LONDON)
    clock = f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
    return f"{screen_date(moment)} at {clock}"


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def _closure_days() -> frozenset[date]:
    from onecouncil.core.borough import borough

    return borough().closure_days
