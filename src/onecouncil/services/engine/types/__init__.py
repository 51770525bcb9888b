# SPDX-License-Identifier: MIT
"""The question types: a plain dict as registry, and the few calls that work for each of them."""

from __future__ import annotations

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import Outside
from onecouncil.services.engine.results import Cleaned, FieldError

from .base import Form, QuestionType, Refused, Setting
from .choices import Checkboxes, Items, Radios, Select, Slot, YesNo
from .dates import Date
from .files import File
from .identity import BankDetails, NINumber, PhoneUK, VehicleRegistration
from .numbers import Money, Number
from .places import Address, Place, Postcode
from .words import Email, Signature, Text, TextArea

_KINDS: tuple[QuestionType, ...] = (
    Text(), TextArea(), Number(), Money(), Date(), YesNo(), Radios(), Checkboxes(), Select(), Email(), PhoneUK(),
    Postcode(), Address(), Place(), VehicleRegistration(), NINumber(), File(), BankDetails(), Signature(), Slot(),
    Items(),
)  # fmt: skip

TYPES: dict[str, QuestionType] = {kind.name: kind for kind in _KINDS}


def clean(question: Question, form: Form, outside: Outside) -> Cleaned:
    """The answer in the form's fields, in its normal form, or plain-English errors. A blank optional answer is
    None."""
    return _settle(question, TYPES[question.type].from_form(question, form), outside)


def clean_json(question: Question, value: Json, outside: Outside) -> Cleaned:
    """The same for an answer given as JSON."""
    return _settle(question, value, outside)


def _settle(question: Question, loose: Json, outside: Outside) -> Cleaned:
    kind = TYPES[question.type]
    try:
        if not kind.is_blank(loose):
            return Cleaned(kind.check(question, loose, outside))
        if question.optional:
            return Cleaned(None)
        raise kind.missing(question)
    except Refused as refused:
        return Cleaned(
            errors=tuple(_error(question, fault.code, fault.message, fault.part) for fault in refused.faults)
        )


def _error(question: Question, code: str, message: str, part: str) -> FieldError:
    field = f"{question.key}-{part}" if part else question.key
    return FieldError(question.key, field, code, question.messages.get(code, message))


def show(question: Question, value: Json) -> str | list[str]:
    """The value as a person reads it; "Not given" for a blank one."""
    return "Not given" if value is None else TYPES[question.type].show(question, value)


def to_form(question: Question, value: Json) -> dict[str, list[str]]:
    """The form fields that hold the value, to draw it again; empty for a blank one."""
    return {} if value is None else TYPES[question.type].to_form(question, value)


def sample(question: Question, outside: Outside) -> Json:
    """A value that `clean_json` takes, for previews and tests."""
    return TYPES[question.type].sample(question, outside)


__all__ = [
    "TYPES",
    "Form",
    "QuestionType",
    "Refused",
    "Setting",
    "clean",
    "clean_json",
    "sample",
    "show",
    "to_form",
]
