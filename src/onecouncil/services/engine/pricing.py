# SPDX-License-Identifier: MIT
"""The fee, calculated values and free-standing decision tables, over the answers on the path only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from .conditions import decide_in, exact, holds, is_answered, look_up, number, settle, work_out
from .definition import Answers, Charge, Definition, Json, Money, Percent, PerItem, Placeholder, Ref, Table
from .outside import Outside
from .results import FeeError, FeeLine, FeeResult
from .saving import prune
from .scope import Scope


def calculate(definition: Definition, answers: Answers, key: str, outside: Outside) -> Json:
    """The calculated value `key` (int, Decimal, str, bool or None). Raises KeyError, FeeError."""
    return work_out(key, _scope(definition, answers, outside))


def decide(table: Table, definition: Definition, answers: Answers, outside: Outside) -> Json:
    """The outcome of any decision table over these answers, or None when no row matches. Raises FeeError."""
    return decide_in(table, _scope(definition, answers, outside))


def fee(definition: Definition, answers: Answers, outside: Outside) -> FeeResult:
    """What there is to pay, line by line, in pence; lines that come to nothing are left out.

    Raises FeeError when a table has no row for these answers (or two, where one may match), when a fact of the
    council is
    missing, or when the answers that a line counts are not there yet.
    """
    scope = _scope(definition, answers, outside)
    lines: list[FeeLine] = []
    for charge in definition.charges:
        if holds(charge.show_if, scope):
            lines += [line for line in _lines(charge, scope, lines) if line.pence]
    total = sum(line.pence for line in lines)
    if total < 0:
        raise FeeError(f"the fee comes to {total} pence")
    return FeeResult(total, tuple(lines))


def _scope(definition: Definition, answers: Answers, outside: Outside) -> Scope:
    return Scope(definition, prune(definition, answers, outside), outside)


def _lines(charge: Charge, scope: Scope, above: list[FeeLine]) -> list[FeeLine]:
    times = _times(charge, scope)
    how = charge.how
    if isinstance(how, PerItem):
        return [_line(charge, charge.label, pence, times) for pence in [_per_item(charge.key, how, scope)]]
    if isinstance(how, Percent):
        pence = half_up(Decimal(sum(line.pence for line in above)) * how.of_total / 100)
        return [_line(charge, charge.label, pence, times)]
    if isinstance(how, Table):
        outcome = decide_in(how, scope, charge.key)
        if outcome is None:
            raise FeeError(f"{charge.key}: no row of the table fits these answers")
        return [_line(charge, charge.label, _pence(outcome, charge.key), times)]
    if isinstance(how, Ref):
        return [_line(charge, charge.label, _answered(how, charge.key, scope), times)]
    return [_line(charge, charge.label, _amount(how, charge.key, scope), times)]


def _line(charge: Charge, label: str, pence: int, times: Decimal) -> FeeLine:
    quantity = int(times) if times == times.to_integral_value() else 1
    return FeeLine(label, half_up(pence * times), charge.fund, charge.vat, quantity)


def _times(charge: Charge, scope: Scope) -> Decimal:
    if charge.times is None:
        return Decimal(1)
    value = look_up(charge.times, scope)
    if not is_answered(value):
        raise FeeError(f"{charge.key}: there is no answer to multiply by")
    times = number(value, charge.key)
    if times < 0:
        raise FeeError(f"{charge.key}: cannot multiply by {exact(times)}")
    return times


def _per_item(key: str, how: PerItem, scope: Scope) -> int:
    items = scope.answer(how.question)
    if not isinstance(items, Mapping) or not items:
        raise FeeError(f"{key}: no items are chosen yet")
    own_price: int = sum(
        _amount(how.prices[kind], key, scope) * count for kind, count in items.items() if kind in how.prices
    )
    others: int = sum(count for kind, count in items.items() if kind not in how.prices)
    if not others:
        return own_price
    further = max(0, others - how.covers)
    return own_price + _amount(how.base, key, scope) + (further * _amount(how.extra, key, scope) if further else 0)


def _amount(amount: Money | Placeholder, key: str, scope: Scope) -> int:
    return _pence(settle(amount, scope), key)


def _answered(ref: Ref, key: str, scope: Scope) -> int:
    """The amount that a money question was answered with."""
    value = look_up(ref, scope)
    if not is_answered(value):
        raise FeeError(f"{key}: there is no amount answered yet")
    return _pence(value, key)


def _pence(value: Json, key: str) -> int:
    """Whole pence. Raises FeeError: a float or a fraction of a penny is no amount."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise FeeError(f"{key}: {value!r} is not whole pence")
    return value


def half_up(pence: Decimal) -> int:
    """To the nearest penny, a half away from zero."""
    return int(pence.quantize(Decimal(1), rounding=ROUND_HALF_UP))
