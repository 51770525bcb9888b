# SPDX-License-Identifier: MIT
"""Read conditions, tables, calculated values and fee lines from plain data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from .conditions import OPS
from .definition import (
    All,
    AnyOf,
    Calculated,
    Charge,
    Condition,
    Formula,
    Json,
    Money,
    Not,
    Operand,
    Outcome,
    Percent,
    PerItem,
    Placeholder,
    Ref,
    Row,
    Table,
    Test,
)
from .reading import Fields, Problems, plain

SUBJECTS = ("answer", "fact", "calculated", "count")
FORMULAS = ("add", "subtract", "multiply", "least", "greatest", "quantity", "age", "total")
VAT = ("outside", "exempt", "zero", "standard", "reduced")
KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
KEY_RULE = "small letters, digits and single _, beginning with a letter"
_MONEY = re.compile(r"(-?)£(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d\d))?")
_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)*)\}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_DEEPEST = 20
_NEVER = AnyOf(())


def read_condition(data: Json, path: str, problems: Problems, depth: int = 0) -> Condition:
    """A condition; where it cannot be read, one that never holds."""
    fields = Fields(data, path, problems)
    if depth > _DEEPEST:
        problems.add(path, f"is nested more than {_DEEPEST} deep")
        return _NEVER
    for name in ("all", "any"):
        if fields.has(name):
            if not isinstance(data[name], list) or not data[name]:
                fields.raw(name)
                fields.fail(name, "must be a list of at least one condition")
                return _NEVER
            parts = tuple(read_condition(each, at, problems, depth + 1) for each, at in fields.items(name))
            fields.done()
            return All(parts) if name == "all" else AnyOf(parts)
    if fields.has("not"):
        part = read_condition(fields.raw("not"), fields.at("not"), problems, depth + 1)
        fields.done()
        return Not(part)
    return _read_test(fields)


def optional_condition(fields: Fields, name: str) -> Condition | None:
    """The condition in a field, or None when the field is not there."""
    if not fields.has(name):
        return None
    return read_condition(fields.raw(name), fields.at(name), fields.problems)


def _read_test(fields: Fields) -> Condition:
    subjects = [name for name in SUBJECTS if fields.has(name)]
    ops = [name for name in OPS if fields.has(name)]
    if len(subjects) != 1 or len(ops) != 1:
        fields.fail("", f"must be all, any or not, or name one of {', '.join(SUBJECTS)} and one of {', '.join(OPS)}")
        return _NEVER
    subject = _ref(subjects[0], fields)
    test = Test(subject, *_read_right(ops[0], fields))
    fields.done()
    return test


def _read_right(op: str, fields: Fields) -> tuple[str, Json]:
    value = fields.raw(op)
    if op in ("answered", "not_answered"):
        if not isinstance(value, bool):
            fields.fail(op, "must be true or false")
        return (op, None) if value is not False else ("not_answered" if op == "answered" else "answered", None)
    if isinstance(value, Mapping):
        inner = Fields(value, fields.at(op), fields.problems)
        kind = next((name for name in SUBJECTS if inner.has(name)), None)
        if kind is None or op in ("in", "not_in"):
            fields.fail(op, "must be a value, or one of answer, fact, calculated, count")
            return op, None
        ref = _ref(kind, inner)
        inner.done()
        return op, ref
    if op in ("in", "not_in"):
        if not isinstance(value, list) or not value:
            fields.fail(op, "must be a list of at least one value")
            return op, ()
        return op, tuple(plain(each) for each in value)
    if op in ("age_gte", "age_lt") and (isinstance(value, bool) or not isinstance(value, int)):
        fields.fail(op, "must be a whole number of years")
        return op, 0
    if value is None:
        fields.fail(op, "must be a value")
    return op, plain(value)


def _ref(kind: str, fields: Fields) -> Ref:
    return Ref(cast(Any, kind), fields.text(kind, required=True))


def read_outcome(value: Json, path: str, problems: Problems) -> Outcome:
    """`£45.00` → Money, `{fees.x}` → Placeholder, any other scalar as it is."""
    value = plain(value)
    if isinstance(value, str):
        if match := _PLACEHOLDER.fullmatch(value):
            return Placeholder(match[1])
        if match := _MONEY.fullmatch(value):
            pence = int(match[2].replace(",", "")) * 100 + int(match[3] or 0)
            return Money(-pence if match[1] else pence)
        return value
    if value is not None and not isinstance(value, (bool, int)):
        problems.add(path, "must be one value")
        return None
    return value


def read_amount(value: Json, path: str, problems: Problems) -> Money | Placeholder:
    """An amount of money. Bare numbers are refused: nobody can tell pounds from pence."""
    outcome = read_outcome(value, path, problems)
    if isinstance(outcome, (Money, Placeholder)):
        return outcome
    problems.add(
        path, f"must be an amount like £45.00, or one of the council's facts like {{fees.name}}, not {value!r}"
    )
    return Money(0)


def read_table(data: Json, path: str, problems: Problems, *, money: bool = False) -> Table:
    """A decision table; with `money`, every outcome must be an amount."""
    fields = Fields(data, path, problems)
    if not fields.has("hit"):
        fields.fail("hit", "is missing: say first, unique or sum")
    hit = fields.one_of("hit", ("first", "unique", "sum"), "first")
    rows = tuple(_read_row(each, at, problems, money) for each, at in fields.items("rows"))
    if not rows:
        fields.fail("rows", "must hold at least one row")
    fields.done()
    return Table(cast(Any, hit), rows)


def _read_row(data: Json, path: str, problems: Problems, money: bool) -> Row:
    fields = Fields(data, path, problems)
    if not fields.has("then"):
        fields.fail("then", "is missing")
    read = read_amount if money else read_outcome
    row = Row(read(fields.raw("then"), fields.at("then"), problems), optional_condition(fields, "when"))
    fields.done()
    return row


def read_calculated(data: Json, path: str, problems: Problems) -> Calculated:
    """A calculated value: a table or a formula."""
    fields = Fields(data, path, problems)
    key, label = fields.key("key", KEY, KEY_RULE), fields.text("label")
    ways = [name for name in ("table", *FORMULAS) if fields.has(name)]
    how: Table | Formula = Table("first", (Row(None),))
    if len(ways) != 1:
        fields.fail("", f"must have one of table, {', '.join(FORMULAS)}")
    elif ways[0] == "table":
        how = read_table(fields.raw("table"), fields.at("table"), problems)
    else:
        how = Formula(cast(Any, ways[0]), _read_operands(ways[0], fields))
    fields.done()
    return Calculated(key, how, label)


def _read_operands(op: str, fields: Fields) -> tuple[Operand, ...]:
    if op in ("quantity", "age", "total"):
        return (Ref("answer", fields.text(op, required=True)),)
    operands = tuple(_read_operand(each, at, fields.problems) for each, at in fields.items(op))
    if not operands:
        fields.fail(op, "must be a list of at least one value")
    return operands


def _read_operand(value: Json, path: str, problems: Problems) -> Operand:
    if isinstance(value, Mapping):
        fields = Fields(value, path, problems)
        kind = next((name for name in SUBJECTS if fields.has(name)), None)
        if kind is None:
            problems.add(path, f"must name one of {', '.join(SUBJECTS)}")
            return 0
        ref = _ref(kind, fields)
        fields.done()
        return ref
    outcome = read_outcome(value, path, problems)
    if isinstance(outcome, str) and _NUMBER.fullmatch(outcome):
        return Decimal(outcome)
    if isinstance(outcome, (Money, Placeholder)) or (isinstance(outcome, int) and not isinstance(outcome, bool)):
        return outcome
    problems.add(path, f"{value!r} is not a number, an amount or a reference")
    return 0


def read_charge(data: Json, path: str, problems: Problems) -> Charge:
    """One line of the fee."""
    fields = Fields(data, path, problems)
    key, label = fields.key("key", KEY, KEY_RULE), fields.text("label", required=True)
    fund, vat = fields.text("fund"), fields.one_of("vat", VAT, "outside")
    ways = [name for name in ("amount", "table", "items", "percent") if fields.has(name)]
    how: Money | Placeholder | Ref | Table | PerItem | Percent = Money(0)
    if len(ways) != 1:
        fields.fail("", "must have one of amount, table, items, percent")
    for way in ways[:1]:
        how = _read_way(way, fields)
    times = None
    if fields.has("times"):
        operand = _read_operand(fields.raw("times"), fields.at("times"), problems)
        times = operand if isinstance(operand, Ref) else None
        if times is None:
            fields.fail("times", "must be one of answer, calculated, count, fact")
    charge = Charge(key, label, how, fund, cast(Any, vat), times, optional_condition(fields, "show_if"))
    fields.done()
    return charge


def _read_way(way: str, fields: Fields) -> Money | Placeholder | Ref | Table | PerItem | Percent:
    value, path, problems = fields.raw(way), fields.at(way), fields.problems
    if way == "amount" and isinstance(value, Mapping):
        operand = _read_operand(value, path, problems)
        return operand if isinstance(operand, Ref) else Money(0)
    if way == "amount":
        return read_amount(value, path, problems)
    if way == "table":
        return read_table(value, path, problems, money=True)
    if way == "percent":
        text = str(plain(value))
        if isinstance(value, bool) or not _NUMBER.fullmatch(text):
            problems.add(path, "must be a number, like -50")
            return Percent(Decimal(0))
        return Percent(Decimal(text))
    return _read_per_item(value, path, problems)


def _read_per_item(data: Json, path: str, problems: Problems) -> PerItem:
    fields = Fields(data, path, problems)
    question = fields.text("question", required=True)
    base = read_amount(fields.raw("base"), fields.at("base"), problems)
    covers = fields.whole("covers", 1)
    extra = read_amount(fields.raw("extra", "£0"), fields.at("extra"), problems)
    prices = Fields(fields.raw("prices", {}), fields.at("prices"), problems)
    by_kind = {name: read_amount(prices.raw(name), prices.at(name), problems) for name in prices.names()}
    if covers < 0:
        fields.fail("covers", "must be 0 or more")
    fields.done()
    return PerItem(question, base, covers, extra, by_kind)
