# SPDX-License-Identifier: MIT
"""The evaluator: conditions, decision tables and calculated values over one `Scope`. Exact: no float is ever made.

The three live together because they call each other: a table's rows have conditions, a condition may look at a
calculated
value, and a calculated value may be a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from .definition import (
    AnyOf,
    Condition,
    Formula,
    Json,
    Money,
    Not,
    Operand,
    Outcome,
    Placeholder,
    Ref,
    Table,
    Test,
)
from .results import FeeError
from .scope import Scope

Number = int | Decimal
OPS = (
    "is", "is_not", "in", "not_in", "contains", "gt", "gte", "lt", "lte",
    "answered", "not_answered", "age_gte", "age_lt",
)  # fmt: skip
_NUMERIC = re.compile(r"-?\d+(\.\d+)?")


def holds(condition: Condition | None, scope: Scope) -> bool:
    """Whether `condition` holds over what `scope` knows; None always holds. A test of something unanswered is
    false."""
    return condition is None or bool(_verdict(condition, scope, unknown=False))


def broken(condition: Condition, scope: Scope) -> bool:
    """Whether a rule is certainly broken: a comparison with something unanswered breaks nothing."""
    return _verdict(condition, scope, unknown=None) is False


def _verdict(condition: Condition, scope: Scope, unknown: bool | None) -> bool | None:
    """Kleene's three-valued logic; `unknown` is what a comparison with something unanswered yields."""
    if isinstance(condition, Test):
        return _test(condition, scope, unknown)
    if isinstance(condition, Not):
        verdict = _verdict(condition.part, scope, unknown)
        return None if verdict is None else not verdict
    verdicts = [_verdict(part, scope, unknown) for part in condition.parts]
    decisive = isinstance(condition, AnyOf)
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _test(test: Test, scope: Scope, unknown: bool | None) -> bool | None:
    left = look_up(test.subject, scope)
    if test.op in ("answered", "not_answered"):
        return is_answered(left) == (test.op == "answered")
    right = look_up(test.value, scope) if isinstance(test.value, Ref) else test.value
    if not is_answered(left) or (isinstance(test.value, Ref) and not is_answered(right)):
        return True if test.op in ("is_not", "not_in") else unknown
    if test.op in ("age_gte", "age_lt"):
        age = age_on(left, scope.outside.today)
        return unknown if age is None else (age >= int(right)) == (test.op == "age_gte")
    return _COMPARE[test.op](left, right)


def is_answered(value: Json) -> bool:
    """An empty text, list or mapping is no answer; `False` and 0 are."""
    return value is not None and value not in ("", [], {})


def _same(left: Json, right: Json) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    pair = _numbers(left, right)
    return pair[0] == pair[1] if pair else bool(left == right)


def _numbers(left: Json, right: Json) -> tuple[Decimal, Decimal] | None:
    """Both as numbers, or None when either is not one."""
    out = []
    for side in (left, right):
        if isinstance(side, bool) or not _NUMERIC.fullmatch(str(side)):
            return None
        out.append(Decimal(str(side)))
    return out[0], out[1]


def _ordered(compare: Callable[[Json, Json], bool]) -> Callable[[Json, Json], bool]:
    """Order numbers as numbers and texts (ISO dates among them) as texts; anything else has no order."""

    def run(left: Json, right: Json) -> bool:
        pair = _numbers(left, right)
        if pair:
            return compare(*pair)
        return isinstance(left, str) and isinstance(right, str) and compare(left, right)

    return run


def _contains(left: Json, right: Json) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right.casefold() in left.casefold()
    return isinstance(left, (list, Mapping)) and any(_same(each, right) for each in left)


_COMPARE: dict[str, Callable[[Json, Json], bool]] = {
    "is": _same,
    "is_not": lambda a, b: not _same(a, b),
    "in": lambda a, b: any(_same(a, each) for each in b),
    "not_in": lambda a, b: not any(_same(a, each) for each in b),
    "contains": _contains,
    "gt": _ordered(lambda a, b: bool(a > b)),
    "gte": _ordered(lambda a, b: bool(a >= b)),
    "lt": _ordered(lambda a, b: bool(a < b)),
    "lte": _ordered(lambda a, b: bool(a <= b)),
}


def look_up(ref: Ref, scope: Scope) -> Json:
    """What a reference stands for now, or None."""
    if scope.fixed is not None and ref in scope.fixed:
        return scope.fixed[ref]
    if ref.kind == "answer":
        return scope.answer(ref.name)
    if ref.kind == "fact":
        return scope.outside.facts.get(ref.name)
    if ref.kind == "count":
        return scope.count(ref.name)
    return work_out(ref.name, scope)


def age_on(born: Json, today: date) -> int | None:
    """Whole years between an ISO date and `today`; None when it is no date. 29 February ages on 1 March."""
    try:
        day = date.fromisoformat(str(born))
    except ValueError:
        return None
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))


def work_out(key: str, scope: Scope) -> Json:
    """The calculated value called `key`; None when what it needs is not answered."""
    how = scope.definition.calculations[key].how
    return decide_in(how, scope, key) if isinstance(how, Table) else _formula(how, scope)


def decide_in(table: Table, scope: Scope, what: str = "table") -> Json:
    """The outcome of a decision table; None when no row matches. Raises FeeError when `unique` finds two rows."""
    matching = (row for row in table.rows if holds(row.when, scope))
    if table.hit == "first":
        row = next(matching, None)
        return None if row is None else settle(row.then, scope)
    rows = list(matching)
    if table.hit == "unique":
        if len(rows) > 1:
            raise FeeError(f"{what}: {len(rows)} rows match, where one may")
        return settle(rows[0].then, scope) if rows else None
    return exact(sum((number(settle(row.then, scope), what) for row in rows), Decimal(0)))


def settle(outcome: Outcome, scope: Scope) -> Json:
    """An outcome as a plain value: money and the council's own facts become pence (or what the fact is)."""
    if isinstance(outcome, Money):
        return outcome.pence
    if isinstance(outcome, Placeholder):
        try:
            return scope.outside.lookup(outcome.key)
        except LookupError:
            raise FeeError(f"the council has no fact “{outcome.key}”") from None
    return outcome


def number(value: Json, what: str) -> Decimal:
    """`value` as an exact number. Raises FeeError (a float or a word is none)."""
    if isinstance(value, bool) or not _NUMERIC.fullmatch(str(value)):
        raise FeeError(f"{what}: {value!r} is not a number")
    return Decimal(str(value))


def exact(value: Decimal) -> Number:
    """An int when it is whole."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def _formula(formula: Formula, scope: Scope) -> Json:
    if formula.op in ("quantity", "age", "total"):
        ref = formula.of[0]
        assert isinstance(ref, Ref), "parse allows only a reference here"
        return _measure(formula.op, ref.name, scope)
    values = [_operand(each, scope) for each in formula.of]
    known = [Decimal(str(v)) for v in values if v is not None and _NUMERIC.fullmatch(str(v))]
    if len(known) < len(values) or not known:
        return None
    return exact(_ARITHMETIC[formula.op](known))


def _operand(operand: Operand, scope: Scope) -> Json:
    return look_up(operand, scope) if isinstance(operand, Ref) else settle(operand, scope)


def _measure(op: str, name: str, scope: Scope) -> Json:
    if op == "quantity":
        items = scope.answer(name)
        return sum(items.values()) if isinstance(items, Mapping) else 0
    if op == "age":
        return age_on(scope.answer(name), scope.outside.today)
    group, _, question = name.partition(".")
    items = scope.answers.get(group)
    values = [item.get(question) for item in items] if isinstance(items, list) else []
    return exact(sum((Decimal(str(v)) for v in values if is_answered(v)), Decimal(0)))


def _product(values: list[Decimal]) -> Decimal:
    out = Decimal(1)
    for value in values:
        out *= value
    return out


_ARITHMETIC: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "add": lambda v: sum(v, Decimal(0)),
    "subtract": lambda v: v[0] - sum(v[1:], Decimal(0)),
    "multiply": _product,
    "least": min,
    "greatest": max,
}


def mentioned(condition: Condition | None) -> list[Ref]:
    """Every reference in a condition, in order."""
    if condition is None:
        return []
    if isinstance(condition, Test):
        return [condition.subject, *([condition.value] if isinstance(condition.value, Ref) else [])]
    if isinstance(condition, Not):
        return mentioned(condition.part)
    return [ref for part in condition.parts for ref in mentioned(part)]
