# SPDX-License-Identifier: MIT
"""What every question type is, and how one refuses an answer.

The form and the HTTP API meet in one place: `from_form` turns form fields into loose JSON, `check` turns loose JSON
(texts
where the form gives texts, proper JSON where the API does) into the normal form. So both doors agree by construction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import Outside

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Setting:
    """One setting of a question type: its name in the file, what it holds, and what it means."""

    name: str
    kind: Literal["int", "bool", "number", "text", "texts", "date", "bounds"]
    label: str


@dataclass(frozen=True)
class Fault:
    """One thing wrong: `part` names the form field after the question's key (`day`), or is empty."""

    code: str
    message: str
    part: str = ""


class Refused(Exception):
    """An answer that cannot be taken, with everything that is wrong with it."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.message for fault in faults))


def refuse(code: str, message: str, part: str = "") -> Refused:
    """One fault, ready to raise."""
    return Refused(Fault(code, message, part))


class QuestionType:
    """The contract. Subclasses are stateless; one instance of each lives in `TYPES`.

    `noun` is what messages call an answer when neither the question's `noun` nor its label serves.
    """

    name = ""
    label = ""
    noun = "an answer"
    verb: Literal["Enter", "Select", "Upload"] = "Enter"
    settings: tuple[Setting, ...] = ()
    has_options = False
    parts: tuple[str, ...] = ()  # form fields: `key-part`; none means the field is `key` itself

    def from_form(self, question: Question, form: Form) -> Json:
        """The form's fields as loose JSON."""
        if self.parts:
            return {part: one(form, f"{question.key}-{part}") for part in self.parts}
        return one(form, question.key)

    def is_blank(self, loose: Json) -> bool:
        """Whether nothing was given."""
        if isinstance(loose, Mapping):
            return all(self.is_blank(value) for value in loose.values())
        return loose is None or loose == [] or (isinstance(loose, str) and not loose.strip())

    def missing(self, question: Question) -> Refused:
        """The refusal of a blank answer to a question that is not optional."""
        return refuse("missing", f"{self.verb} {thing(question, self)}", self.parts[0] if self.parts else "")

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        """The normal form of a non-blank answer. Raises Refused."""
        raise NotImplementedError

    def show(self, question: Question, value: Json) -> str | list[str]:
        """The value as a person reads it; a list for several lines."""
        return str(value)

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        """The form fields that give this value again."""
        if self.parts:
            return {f"{question.key}-{part}": [str(value.get(part) or "")] for part in self.parts}
        return {question.key: [str(value)]}

    def sample(self, question: Question, outside: Outside) -> Json:
        """A value that `check` takes, for previews and tests."""
        raise NotImplementedError

    def problems(self, question: Question) -> list[str]:
        """What is wrong with the question's settings, beyond their kinds."""
        return []


def one(form: Form, field: str) -> str:
    """The last value of a form field, or an empty text."""
    values = form.get(field)
    return values[-1] if values else ""


def thing(question: Question, kind: QuestionType) -> str:
    """What a message calls the answer inside a sentence: the noun, the label unless it is a question, or the type's
    noun."""
    if question.noun:
        return question.noun
    label = question.label.strip()
    if not label or label.endswith("?"):
        return kind.noun
    first_word = label.split()[0]
    return label if any(c.isupper() for c in first_word[1:]) or first_word == "I" else label[0].lower() + label[1:]


def subject(question: Question, kind: QuestionType) -> str:
    """The same at the start of a sentence."""
    text = thing(question, kind)
    if text == kind.noun:
        return "Your answer"
    return text[0].upper() + text[1:]


def text_of(loose: Json) -> str:
    """Loose JSON as text. Raises Refused for anything that is no text or number."""
    if isinstance(loose, bool) or not isinstance(loose, (str, int)) or (isinstance(loose, int) and abs(loose) > 10**20):
        raise refuse("kind", "Give this answer as text")
    return str(loose)


def whole(question: Question, name: str) -> int | None:
    """A whole-number setting, or None."""
    value = question.settings.get(name)
    return int(value) if value is not None else None
