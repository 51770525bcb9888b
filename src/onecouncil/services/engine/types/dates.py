# SPDX-License-Identifier: MIT
"""date: three fields, and limits by day or by age. The value is an ISO date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import Outside

from .base import Fault, QuestionType, Refused, Setting, refuse, subject, whole

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True)
class _Limit:
    """A first or last day, the error code, and the end of the sentence."""

    day: date
    code: str
    rule: str


class Date(QuestionType):
    name, label, noun = "date", "Date", "a date"
    parts = ("day", "month", "year")
    settings = (
        Setting("past", "bool", "Must be in the past"),
        Setting("today_or_past", "bool", "Must be today or in the past"),
        Setting("future", "bool", "Must be in the future"),
        Setting("today_or_future", "bool", "Must be today or in the future"),
        Setting("min_age", "int", "Youngest age in years"),
        Setting("max_age", "int", "Oldest age in years"),
        Setting("earliest", "date", "First day allowed"),
        Setting("latest", "date", "Last day allowed"),
        Setting("max_days_ago", "int", "Most days ago"),
        Setting("max_days_ahead", "int", "Most days ahead"),
        Setting("min_days_ahead", "int", "Fewest days ahead"),
    )

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        day = self._read(question, loose)
        for limit in _first_days(question, outside.today):
            if day < limit.day:
                raise refuse(limit.code, f"{subject(question, self)} must be {limit.rule}", "day")
        for limit in _last_days(question, outside.today):
            if day > limit.day:
                raise refuse(limit.code, f"{subject(question, self)} must be {limit.rule}", "day")
        return day.isoformat()

    def _read(self, question: Question, loose: Json) -> date:
        if isinstance(loose, str):
            iso = _ISO.fullmatch(loose.strip())
            loose = dict(zip(("year", "month", "day"), iso.groups(), strict=True)) if iso else {}
            if not iso:
                raise refuse("invalid", f"{subject(question, self)} must be a date like 2026-11-23", "day")
        if not isinstance(loose, Mapping):
            raise refuse("kind", f"{subject(question, self)} must be a date like 2026-11-23", "day")
        texts = {part: str(loose.get(part) or "").strip() for part in self.parts}
        self._all_there(question, texts)
        numbers = {part: _part(part, text) for part, text in texts.items()}
        wrong = [part for part, value in numbers.items() if value is None]
        if wrong:
            raise refuse("invalid", f"{subject(question, self)} must be a real date", wrong[0])
        day, month, year = (numbers[part] or 0 for part in self.parts)
        if not 1000 <= year <= 9999:
            raise refuse("year", "Year must include 4 numbers", "year")
        try:
            return date(year, month, day)
        except ValueError:
            raise refuse("invalid", f"{subject(question, self)} must be a real date", "day") from None

    def _all_there(self, question: Question, texts: Mapping[str, str]) -> None:
        gone = [part for part in self.parts if not texts[part]]
        if gone:
            message = f"{subject(question, self)} must include a {' and '.join(gone)}"
            raise Refused(*(Fault("incomplete", message, part) for part in gone))

    def show(self, question: Question, value: Json) -> str:
        day = date.fromisoformat(value)
        return f"{day.day} {_FULL[day.month - 1]} {day.year}"

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        day = date.fromisoformat(value)
        return {f"{question.key}-{part}": [str(getattr(day, part))] for part in self.parts}

    def sample(self, question: Question, outside: Outside) -> Json:
        firsts = [limit.day for limit in _first_days(question, outside.today)]
        lasts = [limit.day for limit in _last_days(question, outside.today)]
        day = max([outside.today, *firsts]) if firsts else outside.today
        return min([day, *lasts]).isoformat()

    def problems(self, question: Question) -> list[str]:
        if any((whole(question, name) or 0) > 150 for name in ("min_age", "max_age")):
            return ["an age must be 150 or less"]
        if any((whole(question, name) or 0) > 36_500 for name in ("max_days_ago", "max_days_ahead", "min_days_ahead")):
            return ["days ago or ahead must be 36500 or fewer"]
        today = date(2025, 6, 15)
        firsts = [limit.day for limit in _first_days(question, today)]
        lasts = [limit.day for limit in _last_days(question, today)]
        return ["no date can meet these limits"] if firsts and lasts and max(firsts) > min(lasts) else []


def _part(part: str, text: str) -> int | None:
    if (
        part == "month"
        and text[:3].lower() in _MONTHS
        and _FULL[_MONTHS.index(text[:3].lower())].lower().startswith(text.lower())
    ):
        return _MONTHS.index(text[:3].lower()) + 1
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _words(day: date) -> str:
    return f"{day.day} {_FULL[day.month - 1]} {day.year}"


def _first_days(question: Question, today: date) -> list[_Limit]:
    """Every limit from below."""
    out, settings = [], question.settings
    if settings.get("future"):
        out.append(_Limit(today + timedelta(1), "not_future", "in the future"))
    if settings.get("today_or_future"):
        out.append(_Limit(today, "not_future", "today or in the future"))
    if (age := whole(question, "max_age")) is not None:
        first = _years_before(today, age + 1) + timedelta(1)
        out.append(_Limit(first, "too_old", f"a date that makes the person {age} or younger"))
    if earliest := settings.get("earliest"):
        day = date.fromisoformat(earliest)
        out.append(_Limit(day, "too_early", f"the same as or after {_words(day)}"))
    if (days := whole(question, "max_days_ago")) is not None:
        out.append(_Limit(today - timedelta(days), "too_early", f"no more than {days} days ago"))
    if (days := whole(question, "min_days_ahead")) is not None:
        out.append(_Limit(today + timedelta(days), "too_soon", f"at least {days} days from today"))
    return out


def _last_days(question: Question, today: date) -> list[_Limit]:
    """Every limit from above."""
    out, settings = [], question.settings
    if settings.get("past"):
        out.append(_Limit(today - timedelta(1), "not_past", "in the past"))
    if settings.get("today_or_past"):
        out.append(_Limit(today, "not_past", "today or in the past"))
    if (age := whole(question, "min_age")) is not None:
        out.append(_Limit(_years_before(today, age), "too_young", f"a date that makes the person {age} or older"))
    if latest := settings.get("latest"):
        day = date.fromisoformat(latest)
        out.append(_Limit(day, "too_late", f"the same as or before {_words(day)}"))
    if (days := whole(question, "max_days_ahead")) is not None:
        out.append(_Limit(today + timedelta(days), "too_late", f"no more than {days} days from today"))
    return out
