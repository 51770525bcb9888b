# SPDX-License-Identifier: MIT
"""Free text: text, textarea, email, signature."""

from __future__ import annotations

import re

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import Outside

from .base import QuestionType, Setting, refuse, subject, text_of, whole
from .cards import refuse_cards

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LOWEST_SURROGATE, _HIGHEST_SURROGATE = "\ud800", "\udfff"


def tidy_line(text: str) -> str:
    """One line: control characters and lone surrogates out, white space to single spaces."""
    return " ".join(printable(text).split())


def tidy_lines(text: str) -> str:
    """Several lines: ends of lines as `\\n`, no blanks at the end of a line or of the text."""
    lines = printable(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def printable(text: str) -> str:
    """Without control and direction-override characters."""
    return "".join(c for c in _CONTROL.sub("", text) if not _LOWEST_SURROGATE <= c <= _HIGHEST_SURROGATE)


_LENGTHS = (
    Setting("max_length", "int", "Most characters"),
    Setting("min_length", "int", "Fewest characters"),
    Setting("max_words", "int", "Most words"),
)


class Text(QuestionType):
    name, label = "text", "One line of text"
    settings: tuple[Setting, ...] = _LENGTHS
    longest = 200

    def tidy(self, text: str) -> str:
        return tidy_line(text)

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        text = self.tidy(text_of(loose))
        if not text:
            raise self.missing(question)
        most = whole(question, "max_length") or self.longest
        fewest = whole(question, "min_length") or 0
        words = whole(question, "max_words")
        if len(text) > most:
            raise refuse("too_long", f"{subject(question, self)} must be {most:,} characters or fewer")
        if len(text) < fewest:
            raise refuse("too_short", f"{subject(question, self)} must be {fewest:,} characters or more")
        if words and len(text.split()) > words:
            raise refuse("too_many_words", f"{subject(question, self)} must be {words:,} words or fewer")
        return refuse_cards(text)

    def sample(self, question: Question, outside: Outside) -> Json:
        most = whole(question, "max_length") or self.longest
        text = "Sample"[:most]
        return text + "a" * max(0, (whole(question, "min_length") or 0) - len(text))

    def problems(self, question: Question) -> list[str]:
        most, fewest = whole(question, "max_length"), whole(question, "min_length") or 0
        if most is not None and (most < 1 or most < fewest):
            return ["max_length must be at least 1, and at least min_length"]
        return []


class TextArea(Text):
    name, label = "textarea", "Several lines of text"
    longest = 5000

    def tidy(self, text: str) -> str:
        return tidy_lines(text)

    def show(self, question: Question, value: Json) -> str | list[str]:
        lines = str(value).split("\n")
        return lines if len(lines) > 1 else lines[0]


class Signature(Text):
    """A typed name, taken as a signature."""

    name, label, noun = "signature", "Signature: type your name", "your full name"
    settings: tuple[Setting, ...] = ()
    longest = 120

    def sample(self, question: Question, outside: Outside) -> Json:
        return "Alice Sample"


class Email(QuestionType):
    name, label, noun = "email", "Email address", "an email address"
    _shape = re.compile(
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
    )

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        text = tidy_line(text_of(loose)).removeprefix("mailto:")
        local, _, domain = text.partition("@")
        odd_dots = local.startswith(".") or local.endswith(".") or ".." in local
        if len(text) > 254 or odd_dots or not self._shape.fullmatch(text):
            raise refuse("invalid", "Enter an email address in the correct format, like name@example.com")
        return f"{local}@{domain.lower()}"

    def sample(self, question: Question, outside: Outside) -> Json:
        return "alice@example.org"
