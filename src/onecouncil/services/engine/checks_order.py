# SPDX-License-Identifier: MIT
"""Do conditions look only at what is there, and earlier? And is each group used as a group?"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from .conditions import mentioned
from .definition import Calculated, Condition, Definition, Formula, Group, Page, Ref, Table
from .results import Finding
from .supposing import tests_in
from .walking import in_table, steps


@dataclass
class _Known:
    """What may be looked at from one place: answers given before it, and groups before it."""

    definition: Definition
    facts: Set[str] | None
    answers: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)


def check_order(definition: Definition, facts: Set[str] | None) -> Iterator[Finding]:
    """Unknown names, later answers, answers inside a group seen from outside it, options that are not there."""
    known = _Known(definition, facts)
    for step_path, step in steps(definition):
        if isinstance(step, Group):
            _leave_groups(known)
            yield from _look(known, f"{step_path}.show_if", step.show_if)
            known.groups.add(step.key)
        else:
            if step_path.count(".pages[") == 1:
                _leave_groups(known)
            yield from _check_page(known, step_path, step)
    _leave_groups(known)
    yield from _check_values(known)
    yield from _check_charges(known)


def _leave_groups(known: _Known) -> None:
    known.answers -= set(known.definition.group_of)


def _check_page(known: _Known, path: str, page: Page) -> Iterator[Finding]:
    yield from _look(known, f"{path}.show_if", page.show_if)
    for index, question in enumerate(page.questions):
        at = f"{path}.questions[{index}]"
        yield from _look(known, f"{at}.show_if", question.show_if)
        for number, option in enumerate(question.options):
            yield from _look(known, f"{at}.options[{number}].show_if", option.show_if)
        known.answers.add(question.key)
    for index, rule in enumerate(page.rules):
        yield from _look(known, f"{path}.rules[{index}].must", rule.must)


def _check_values(known: _Known) -> Iterator[Finding]:
    """Calculated values look at the whole journey."""
    for index, each in enumerate(known.definition.calculated):
        path = f"journey.calculated[{index}]"
        if isinstance(each.how, Formula):
            for ref in each.how.of:
                if isinstance(ref, Ref):
                    yield from (
                        _look_total(known, path, ref.name) if each.how.op == "total" else _look_ref(known, path, ref)
                    )
        else:
            for at, condition in in_table(f"{path}.table", each.how):
                yield from _look(known, at, condition)


def _check_charges(known: _Known) -> Iterator[Finding]:
    """Fee lines look at the whole journey."""
    for index, charge in enumerate(known.definition.charges):
        yield from _look(known, f"fee[{index}].show_if", charge.show_if)
        if isinstance(charge.how, Ref):
            yield from _look_ref(known, f"fee[{index}].amount", charge.how)
        if charge.times:
            yield from _look_ref(known, f"fee[{index}].times", charge.times)
        if isinstance(charge.how, Table):
            for at, condition in in_table(f"fee[{index}].table", charge.how):
                yield from _look(known, at, condition)


def _look(known: _Known, path: str, condition: Condition | None) -> Iterator[Finding]:
    for ref in mentioned(condition):
        yield from _look_ref(known, path, ref)
    for test in tests_in(condition):
        question = known.definition.questions.get(test.subject.name) if test.subject.kind == "answer" else None
        if question and question.options and question.type != "items" and not isinstance(test.value, Ref):
            named = test.value if isinstance(test.value, (tuple, list)) else (test.value,)
            values = {option.value for option in question.options}
            for value in named if test.op in ("is", "is_not", "in", "not_in", "contains") else ():
                if value not in values:
                    yield Finding("error", path, f"“{value}” is not an option of “{question.key}”")
        if (
            question
            and question.type == "yes_no"
            and test.op in ("is", "is_not")
            and not isinstance(test.value, (bool, Ref))
        ):
            yield Finding("error", path, f"“{question.key}” is answered true or false, not {test.value!r}")


def _look_ref(known: _Known, path: str, ref: Ref, via: str = "") -> Iterator[Finding]:
    by = f" (by way of the calculated value “{via}”)" if via else ""
    reason = _wrong(known, ref)
    if reason:
        yield Finding("error", path, reason + by)
    each = known.definition.calculations.get(ref.name) if ref.kind == "calculated" and not via else None
    for inner in _needs(each) if each else ():
        if inner.kind != "calculated":
            yield from _look_ref(known, path, inner, ref.name)


def _wrong(known: _Known, ref: Ref) -> str:
    """Why a reference cannot be looked at from here, or an empty text."""
    key = ref.name.split(".")[0]
    if ref.kind == "fact":
        return f"there is no fact “{ref.name}”" if known.facts is not None and ref.name not in known.facts else ""
    if ref.kind == "count":
        if key not in known.definition.groups:
            return f"“{key}” is not a group"
        return "" if key in known.groups else f"counts the group “{key}”, which comes later"
    if ref.kind == "answer" and key not in known.answers and key not in known.groups:
        return _why_not(known, key)
    return ""


def _why_not(known: _Known, key: str) -> str:
    if key not in known.definition.questions and key not in known.definition.groups:
        return f"there is no question “{key}”"
    group = known.definition.group_of.get(key)
    if group and group in known.groups:
        return f"“{key}” is repeated in the group “{group}”: from outside only its count or total can be seen"
    return f"looks at “{key}”, which is asked later"


def _needs(each: Calculated) -> list[Ref]:
    if isinstance(each.how, Formula):
        return [] if each.how.op == "total" else [ref for ref in each.how.of if isinstance(ref, Ref)]
    return [ref for row in each.how.rows for ref in mentioned(row.when)]


def _look_total(known: _Known, path: str, name: str) -> Iterator[Finding]:
    group, _, key = name.partition(".")
    question = known.definition.questions.get(key)
    if known.definition.group_of.get(key) != group or question is None or question.type not in ("number", "money"):
        yield Finding("error", path, f"“{name}” is not a number or an amount asked in a group (write group.question)")
