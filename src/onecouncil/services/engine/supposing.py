# SPDX-License-Identifier: MIT
"""Suppose every combination of answers that a set of conditions can tell apart.

For each reference the conditions mention there is a small finite domain: the options of a question, yes and no, or the
values just below, at and above each number or date it is compared with. A combination counts only when a journey could
hold it: a question that is not shown has no answer, one that is shown and not optional has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import prod

from .conditions import holds, is_answered, mentioned
from .definition import All, Condition, Definition, Formula, Json, Not, Question, Ref, Table, Test
from .outside import Outside
from .scope import Scope

MOST = 20_000  # combinations; beyond it a check says that it cannot tell
_TODAY = date(2026, 1, 1)
_AGES = ("age_gte", "age_lt")


class TooMany(Exception):
    """More combinations than a check can go through."""


class Supposing:
    """All situations that `conditions` can tell apart, as scopes with fixed values. Raises TooMany when made."""

    def __init__(self, definition: Definition, conditions: Iterable[Condition | None]) -> None:
        self.definition = definition
        self.shown = _shown_if(definition)
        wanted = list(conditions)
        if any(isinstance(test.value, Ref) for each in wanted for test in tests_in(each)):
            raise TooMany  # two answers compared with each other: no finite domain tells them apart
        self.refs = _closure([ref for each in wanted for ref in mentioned(each)], self.shown)
        tests = [t for each in [*wanted, *self.shown.values()] for t in tests_in(each)]
        self.domains = [_domain(definition, ref, tests) for ref in self.refs]
        if prod(map(len, self.domains)) > MOST:
            raise TooMany

    def scopes(self) -> Iterator[Scope]:
        """Each situation that a finished journey could be in."""
        outside = Outside(_TODAY)
        for values in product(*self.domains):
            fixed = dict(zip(self.refs, values, strict=True))
            scope = Scope(self.definition, {}, outside, fixed=fixed)
            if self._possible(scope, fixed):
                yield scope

    def _possible(self, scope: Scope, fixed: Mapping[Ref, Json]) -> bool:
        for ref, value in fixed.items():
            question = self.definition.questions.get(ref.name) if ref.kind == "answer" else None
            if question is None or ref.name in self.definition.group_of:
                continue
            shown = holds(self.shown[ref.name], scope)
            if is_answered(value) and not shown:
                return False
            if not is_answered(value) and shown and not question.optional:
                return False
        return True


def _shown_if(definition: Definition) -> dict[str, Condition | None]:
    """For each question outside groups, the condition under which it is asked."""
    out: dict[str, Condition | None] = {}
    for group, page in definition.all_pages():
        for question in page.questions:
            parts = tuple(each for each in (page.show_if, question.show_if) if each)
            out[question.key] = None if group or not parts else All(parts)
    return out


def _closure(refs: list[Ref], shown: Mapping[str, Condition | None]) -> list[Ref]:
    """`refs`, and those that decide whether their questions are shown."""
    out: list[Ref] = []
    todo = list(refs)
    while todo:
        ref = todo.pop(0)
        if ref not in out:
            out.append(ref)
            todo += mentioned(shown.get(ref.name)) if ref.kind == "answer" else []
    return out


def tests_in(condition: Condition | None) -> list[Test]:
    """Every single test of a condition."""
    if condition is None:
        return []
    if isinstance(condition, Test):
        return [condition]
    if isinstance(condition, Not):
        return tests_in(condition.part)
    return [test for part in condition.parts for test in tests_in(part)]


def _domain(definition: Definition, ref: Ref, tests: list[Test]) -> list[Json]:
    compared = [value for test in tests if test.subject == ref for value in _constants(test)]
    ages = [int(t.value) for t in tests if t.subject == ref and t.op in _AGES and not isinstance(t.value, Ref)]
    question = definition.questions.get(ref.name) if ref.kind == "answer" else None
    if question is not None:
        return _of_question(question, compared, ages)
    if ref.kind == "count":
        group = definition.groups.get(ref.name)
        least, most = (group.min, group.max) if group else (0, 1)
        return [n for n in _around(compared) + [least, most] if isinstance(n, int) and least <= n <= most]
    how = (
        definition.calculations[ref.name].how
        if ref.kind == "calculated" and ref.name in definition.calculations
        else None
    )
    if isinstance(how, Table) and how.hit != "sum" and all(isinstance(row.then, (str, bool)) for row in how.rows):
        return list(dict.fromkeys(row.then for row in how.rows))
    if ref.kind == "calculated":
        return [value for value in _around(compared) if _in_reach(how, value)] or [0]
    return [*_around(compared), None]


def _in_reach(how: Table | Formula | None, value: Json) -> bool:
    """A quantity, an age and a total are never below nothing."""
    measured = isinstance(how, Formula) and how.op in ("quantity", "age", "total")
    return not measured or not isinstance(value, (int, str)) or not str(value).startswith("-")


def _of_question(question: Question, compared: list[Json], ages: list[int]) -> list[Json]:
    values: list[Json]
    if question.type == "yes_no":
        values = [True, False]
    elif question.type in ("radios", "select"):
        values = [option.value for option in question.options]
    elif question.type == "checkboxes":
        named = [option.value for option in question.options if option.value in compared]
        other = [option.value for option in question.options if option.value not in compared][:1]
        values = (
            [list(each) for size in (0, 1) for each in ([[n] for n in named + other] if size else [named])]
            if named
            else [other]
        )
    elif question.type == "date":
        values = [
            (_TODAY.replace(year=_TODAY.year - age) + timedelta(days)).isoformat()
            for age in ages
            for days in (-1, 0, 1)
        ]
        values += [each for text in compared for each in _around_day(text)] or ["2000-01-01"]
    else:
        values = [value for value in _around(compared) if _in_limits(question, value)] or ["something"]
    return [*[value for value in values if is_answered(value)], None]


def _constants(test: Test) -> list[Json]:
    if test.op in ("answered", "not_answered", "age_gte", "age_lt") or isinstance(test.value, Ref):
        return []
    return list(test.value) if isinstance(test.value, tuple) else [test.value]


def _around(compared: list[Json]) -> list[Json]:
    """Each value compared with; for numbers also those beside it; for words also another word."""
    out: list[Json] = []
    for value in compared:
        try:
            exact = Decimal(str(value))
        except ArithmeticError:
            out += [value, not value] if isinstance(value, bool) else [value, "(something else)"]
            continue
        if exact == int(exact):
            out += [int(exact) - 1, int(exact), int(exact) + 1]
        else:
            out += [str(exact - 1), str(exact), str(exact + 1)]
    return list(dict.fromkeys(out))


def _around_day(text: Json) -> list[str]:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return []
    return [(day + timedelta(days)).isoformat() for days in (-1, 0, 1)]


def _in_limits(question: Question, value: Json) -> bool:
    if question.type not in ("number", "money") or isinstance(value, bool):
        return True
    try:
        exact = Decimal(str(value))
    except ArithmeticError:
        return False
    least, most = question.settings.get("min", 0 if question.type == "money" else None), question.settings.get("max")
    return (least is None or exact >= Decimal(str(least))) and (most is None or exact <= Decimal(str(most)))


def words(scope: Scope) -> str:
    """A situation in words: `band is 'a' and permit is not answered`."""
    parts = [
        f"{ref.name} is {'not answered' if value is None else repr(value)}"
        for ref, value in (scope.fixed or {}).items()
    ]
    return " and ".join(parts) or "nothing is answered"
