# SPDX-License-Identifier: MIT
"""Choosing: yes_no, radios, select, checkboxes, slot, items."""

from __future__ import annotations

from collections.abc import Mapping

from onecouncil.services.engine.definition import Json, Option, Question
from onecouncil.services.engine.outside import Outside

from .base import Fault, Form, QuestionType, Refused, Setting, one, refuse, subject, thing, whole


class YesNo(QuestionType):
    name, label, noun, verb = "yes_no", "Yes or no", "yes or no", "Select"
    _words = {"yes": True, "true": True, "no": False, "false": False}

    def missing(self, question: Question) -> Refused:
        return refuse("missing", f"Select {question.noun or 'yes or no'}")

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        if isinstance(loose, bool):
            return loose
        answer = self._words.get(loose.strip().lower()) if isinstance(loose, str) else None
        if answer is None:
            raise self.missing(question)
        return answer

    def show(self, question: Question, value: Json) -> str:
        return "Yes" if value else "No"

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        return {question.key: ["yes" if value else "no"]}

    def sample(self, question: Question, outside: Outside) -> Json:
        return True


class Radios(QuestionType):
    name, label, noun, verb = "radios", "One of several", "an option", "Select"
    has_options = True

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        value = loose.strip() if isinstance(loose, str) else None
        if value not in {option.value for option in question.options}:
            raise refuse("unknown", f"{self.verb} {thing(question, self)} from the list")
        return value

    def show(self, question: Question, value: Json) -> str:
        return _label(question, value)

    def sample(self, question: Question, outside: Outside) -> Json:
        return question.options[0].value


class Select(Radios):
    name, label = "select", "One from a long list"


class Checkboxes(QuestionType):
    name, label, noun, verb = "checkboxes", "Any of several", "at least one option", "Select"
    has_options = True
    settings = (
        Setting("min_choices", "int", "Fewest choices"),
        Setting("max_choices", "int", "Most choices"),
    )

    def from_form(self, question: Question, form: Form) -> Json:
        return [value for value in form.get(question.key, ()) if value]

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        if not isinstance(loose, list) or not all(isinstance(value, str) for value in loose):
            raise refuse("kind", f"{subject(question, self)} must be a list of choices")
        if not set(loose) <= {option.value for option in question.options}:
            raise refuse("unknown", "Select only from the list")
        chosen = [option for option in question.options if option.value in loose]
        alone = next((option for option in chosen if option.exclusive), None)
        if alone and len(chosen) > 1:
            raise refuse("exclusive", f"Select “{alone.label}”, or other options, not both")
        self._how_many(question, len(chosen), bool(alone))
        return [option.value for option in chosen]

    def _how_many(self, question: Question, count: int, alone: bool) -> None:
        fewest, most = whole(question, "min_choices"), whole(question, "max_choices")
        if fewest and count < fewest and not alone:
            raise refuse("too_few", f"Select {fewest} or more options")
        if most and count > most:
            raise refuse("too_many", f"Select {most} options or fewer")

    def show(self, question: Question, value: Json) -> list[str]:
        return [_label(question, each) for each in value]

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        return {question.key: list(value)}

    def sample(self, question: Question, outside: Outside) -> Json:
        plain = [option.value for option in question.options if not option.exclusive]
        return plain[: max(1, whole(question, "min_choices") or 1)] or [question.options[0].value]

    def problems(self, question: Question) -> list[str]:
        fewest, most = whole(question, "min_choices") or 0, whole(question, "max_choices")
        plain = sum(not option.exclusive for option in question.options)
        if fewest > plain or (most is not None and (most < 1 or most < fewest)):
            return ["min_choices and max_choices leave nothing to choose"]
        return []


def _label(question: Question, value: str) -> str:
    return next((option.label for option in question.options if option.value == value), value)


class Slot(QuestionType):
    """A time offered from outside (`Outside.slots`), by id. What was offered then is kept as the label."""

    name, label, noun, verb = "slot", "Appointment or collection slot", "a time", "Select"
    settings = (Setting("pool", "text", "Which slots to offer"),)

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        slot_id = loose.get("id") if isinstance(loose, Mapping) else loose
        for slot in outside.slots(str(question.settings.get("pool") or question.key)):
            if slot.id == slot_id:
                return {"id": slot.id, "label": slot.label}
        raise refuse("gone", f"Select {thing(question, self)} again: that one is no longer free")

    def show(self, question: Question, value: Json) -> str:
        return str(value["label"])

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        return {question.key: [str(value["id"])]}

    def sample(self, question: Question, outside: Outside) -> Json:
        slots = outside.slots(str(question.settings.get("pool") or question.key))
        return {"id": slots[0].id, "label": slots[0].label} if slots else None


class Items(QuestionType):
    """How many of each kind; only those above 0 are kept."""

    name, label, noun = "items", "How many of each", "how many of each item"
    has_options = True
    settings = (
        Setting("max_each", "int", "Most of one kind"),
        Setting("min_total", "int", "Fewest in all"),
        Setting("max_total", "int", "Most in all"),
    )

    def from_form(self, question: Question, form: Form) -> Json:
        return {option.value: one(form, f"{question.key}-{option.value}") for option in question.options}

    def is_blank(self, loose: Json) -> bool:
        if isinstance(loose, Mapping):
            return all(value in (0, None) or str(value).strip() in ("", "0") for value in loose.values())
        return super().is_blank(loose)

    def missing(self, question: Question) -> Refused:
        first = question.options[0].value if question.options else ""
        return refuse("missing", f"Enter {thing(question, self)}", first)

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        if not isinstance(loose, Mapping):
            raise refuse("kind", f"{subject(question, self)} must say how many of each item")
        known = {option.value for option in question.options}
        if not {str(key) for key in loose} <= known:
            raise refuse("unknown", "Choose only items from the list")
        faults: list[Fault] = []
        counts = {o.value: self._count(question, o, loose.get(o.value), faults) for o in question.options}
        if faults:
            raise Refused(*faults)
        total = sum(counts.values())
        fewest, most = whole(question, "min_total") or 1, whole(question, "max_total")
        if total < fewest:
            raise refuse("too_few", f"Choose at least {fewest}", question.options[0].value)
        if most is not None and total > most:
            raise refuse("too_many", f"Choose {most} or fewer in all. You chose {total}", question.options[0].value)
        return {key: count for key, count in counts.items() if count}

    def _count(self, question: Question, option: Option, loose: Json, faults: list[Fault]) -> int:
        text = "0" if loose is None else str(loose).strip() or "0"
        most = whole(question, "max_each") or 99
        if isinstance(loose, bool) or not (text.isascii() and text.isdigit() and len(text) <= 4):
            faults.append(Fault("invalid", f"{option.label}: enter a whole number, like 2", option.value))
            return 0
        if int(text) > most:
            faults.append(Fault("too_many_each", f"{option.label}: enter {most} or fewer", option.value))
        return int(text)

    def show(self, question: Question, value: Json) -> list[str]:
        return [f"{count} × {_label(question, key)}" for key, count in value.items()]

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        return {f"{question.key}-{o.value}": [str(value.get(o.value) or "")] for o in question.options}

    def sample(self, question: Question, outside: Outside) -> Json:
        wanted, each = whole(question, "min_total") or 1, whole(question, "max_each") or 99
        out: dict[str, int] = {}
        for option in question.options:
            if take := min(each, wanted):
                out[option.value] = take
                wanted -= take
        return out

    def problems(self, question: Question) -> list[str]:
        fewest, most = whole(question, "min_total") or 1, whole(question, "max_total")
        room = len(question.options) * (whole(question, "max_each") or 99)
        return ["min_total, max_total and max_each leave nothing to choose"] if fewest > min(room, most or room) else []
