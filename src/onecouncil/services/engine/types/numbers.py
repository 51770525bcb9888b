# SPDX-License-Identifier: MIT
"""number and money: exact, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import Outside

from .base import QuestionType, Setting, refuse, subject, whole
from .cards import refuse_cards

_NUMBER = re.compile(r"[-+]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,9})?")


def read_decimal(text: str) -> Decimal | None:
    """`1,250.5` as a Decimal, or None."""
    text = text.strip().replace("\u2212", "-")
    return Decimal(text.replace(",", "")) if text.isascii() and _NUMBER.fullmatch(text) else None


class Number(QuestionType):
    """An int, or a text such as "12.5" where decimals are allowed."""

    name, label, noun = "number", "Number", "a number"
    settings = (
        Setting("min", "number", "Least"),
        Setting("max", "number", "Most"),
        Setting("decimals", "int", "Decimal places allowed"),
    )

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        if isinstance(loose, (bool, float)) or not isinstance(loose, (str, int)):
            raise refuse("kind", f"{subject(question, self)} must be a whole number, or a decimal given as text")
        if isinstance(loose, int) and abs(loose) >= 10**15:
            refuse_cards(str(loose)[:20])
            raise refuse("too_big", f"{subject(question, self)} is too large")
        refuse_cards(str(loose))
        value = read_decimal(str(loose))
        if value is None:
            raise refuse("invalid", f"{subject(question, self)} must be a number, like 12")
        places = whole(question, "decimals") or 0
        if value != round(value, places):
            rule = "a whole number" if not places else f"a number with no more than {places} decimal places"
            raise refuse("decimals", f"{subject(question, self)} must be {rule}")
        self._limits(question, value)
        return int(value) if value == int(value) else format(value.normalize(), "f")

    def _limits(self, question: Question, value: Decimal) -> None:
        least, most = _limit(question, "min"), _limit(question, "max")
        if least is not None and value < least:
            raise refuse("too_small", f"{subject(question, self)} must be {least:,} or more")
        if most is not None and value > most:
            raise refuse("too_big", f"{subject(question, self)} must be {most:,} or less")

    def show(self, question: Question, value: Json) -> str:
        return f"{Decimal(str(value)):,}"

    def sample(self, question: Question, outside: Outside) -> Json:
        least, most = _limit(question, "min"), _limit(question, "max")
        value = least if least is not None else min(Decimal(1), most) if most is not None else Decimal(1)
        return int(value) if value == int(value) else format(value.normalize(), "f")

    def problems(self, question: Question) -> list[str]:
        least, most = _limit(question, "min"), _limit(question, "max")
        return ["min must not be above max"] if least is not None and most is not None and least > most else []


def _limit(question: Question, name: str) -> Decimal | None:
    value = question.settings.get(name)
    return Decimal(str(value)) if value is not None else None


class Money(QuestionType):
    """Integer pence. A text is pounds, as a person writes them; a JSON integer is pence."""

    name, label, noun = "money", "Amount of money", "an amount"
    settings = (Setting("min", "int", "Least, in pence"), Setting("max", "int", "Most, in pence"))

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        pence = self._pence(question, loose)
        least, most = whole(question, "min") or 0, whole(question, "max")
        if pence < least:
            raise refuse("too_small", f"{subject(question, self)} must be {pounds(least)} or more")
        if most is not None and pence > most:
            raise refuse("too_big", f"{subject(question, self)} must be {pounds(most)} or less")
        return pence

    def _pence(self, question: Question, loose: Json) -> int:
        if isinstance(loose, int) and not isinstance(loose, bool):
            if abs(loose) > 10**15:
                raise refuse("too_big", f"{subject(question, self)} is too large")
            return loose
        if not isinstance(loose, str):
            raise refuse("kind", f"{subject(question, self)} must be whole pence, or pounds given as text")
        value = read_decimal(loose.strip().removeprefix("£"))
        if value is None:
            raise refuse("invalid", f"{subject(question, self)} must be an amount of money, like 12.50")
        if value * 100 != int(value * 100):
            raise refuse("invalid", f"{subject(question, self)} must be in pounds and pence, like 12.50")
        return int(value * 100)

    def show(self, question: Question, value: Json) -> str:
        return pounds(value)

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        return {question.key: [pounds(value).replace("£", "").replace(",", "")]}

    def sample(self, question: Question, outside: Outside) -> Json:
        least, most = whole(question, "min") or 0, whole(question, "max")
        return max(least, min(1250, most)) if most is not None else max(least, 1250)

    def problems(self, question: Question) -> list[str]:
        least, most = whole(question, "min") or 0, whole(question, "max")
        return ["min must not be above max"] if most is not None and least > most else []


def pounds(pence: int) -> str:
    """`£12.50`"""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
