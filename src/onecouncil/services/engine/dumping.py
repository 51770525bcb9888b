# SPDX-License-Identifier: MIT
"""Write a definition as plain data, so that `parse(dump(definition)) == definition`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .definition import (
    All,
    AnyOf,
    Calculated,
    Charge,
    Condition,
    Definition,
    Exit,
    Group,
    Json,
    Money,
    Not,
    Operand,
    Option,
    Outcome,
    Page,
    Percent,
    PerItem,
    Placeholder,
    Question,
    Ref,
    Rule,
    Table,
)


def dump(definition: Definition) -> dict[str, Json]:
    """`{"journey": {…}, "fee": […]}`, ready for YAML or JSON; what is at its default is left out."""
    declaration = definition.declaration
    journey = _full(
        pages=[_step(step) for step in definition.pages],
        calculated=[_calculated(each) for each in definition.calculated],
        declaration=declaration and _full(text=declaration.text, label=declaration.label, message=declaration.message),
    )
    return _full(journey=journey, fee=[_charge(charge) for charge in definition.charges])


def _full(**fields: Json) -> dict[str, Json]:
    """Only the fields that say something."""
    return {
        name: value
        for name, value in fields.items()
        if value not in (None, "", [], {}, False) or (value == 0 and value is not False)
    }


def _step(step: Page | Group) -> dict[str, Json]:
    if isinstance(step, Page):
        return _page(step)
    return _full(
        group=step.key,
        title=step.title,
        item=step.item,
        guidance=step.guidance,
        min=step.min,
        max=step.max,
        show_if=dump_condition(step.show_if),
        pages=[_page(page) for page in step.pages],
    )


def _page(page: Page) -> dict[str, Json]:
    return _full(
        key=page.key,
        title=page.title,
        section=page.section,
        show_if=dump_condition(page.show_if),
        guidance=page.guidance,
        questions=[_question(question) for question in page.questions],
        rules=[_rule(rule) for rule in page.rules],
        exit=_exit(page.exit),
    )


def _exit(exit: Exit | None) -> Json:
    if exit is None:
        return None
    return _full(
        why=exit.why, instead=exit.instead, links=[_full(label=link.label, url=link.url) for link in exit.links]
    )


def _rule(rule: Rule) -> dict[str, Json]:
    return _full(key=rule.key, must=dump_condition(rule.must), message=rule.message, question=rule.question)


def _question(question: Question) -> dict[str, Json]:
    out = _full(
        key=question.key,
        type=question.type,
        label=question.label,
        hint=question.hint,
        optional=question.optional,
        noun=question.noun,
        options=[_option(option) for option in question.options],
        messages=dict(question.messages),
        prefill=question.prefill,
        show_if=dump_condition(question.show_if),
    )
    return out | dict(question.settings)


def _option(option: Option) -> dict[str, Json]:
    return _full(
        value=option.value,
        label=option.label,
        hint=option.hint,
        exclusive=option.exclusive,
        show_if=dump_condition(option.show_if),
    )


def dump_condition(condition: Condition | None) -> Json:
    """A condition as plain data; None for none."""
    if condition is None:
        return None
    if isinstance(condition, All):
        return {"all": [dump_condition(part) for part in condition.parts]}
    if isinstance(condition, AnyOf):
        return {"any": [dump_condition(part) for part in condition.parts]}
    if isinstance(condition, Not):
        return {"not": dump_condition(condition.part)}
    value = condition.value
    if condition.op in ("answered", "not_answered"):
        value = True
    elif isinstance(value, Ref):
        value = _ref(value)
    elif isinstance(value, tuple):
        value = list(value)
    return _ref(condition.subject) | {condition.op: value}


def _ref(ref: Ref) -> dict[str, Json]:
    return {ref.kind: ref.name}


def dump_table(table: Table) -> dict[str, Json]:
    """A decision table as plain data."""
    rows = []
    for row in table.rows:
        when = {"when": dump_condition(row.when)} if row.when else {}
        rows.append(when | {"then": _outcome(row.then)})
    return {"hit": table.hit, "rows": rows}


def _outcome(outcome: Outcome) -> Json:
    if isinstance(outcome, Money):
        sign = "-" if outcome.pence < 0 else ""
        return f"{sign}£{abs(outcome.pence) // 100}.{abs(outcome.pence) % 100:02d}"
    if isinstance(outcome, Placeholder):
        return "{" + outcome.key + "}"
    return str(outcome) if isinstance(outcome, Decimal) else outcome


def _operand(operand: Operand) -> Json:
    return _ref(operand) if isinstance(operand, Ref) else _outcome(operand)


def _calculated(each: Calculated) -> dict[str, Json]:
    out = _full(key=each.key, label=each.label)
    if isinstance(each.how, Table):
        return out | {"table": dump_table(each.how)}
    operands = [_operand(operand) for operand in each.how.of]
    first = each.how.of[0] if each.how.of else None
    if each.how.op in ("quantity", "age", "total") and isinstance(first, Ref):
        return out | {each.how.op: first.name}
    return out | {each.how.op: operands}


def _charge(charge: Charge) -> dict[str, Json]:
    out = _full(key=charge.key, label=charge.label, fund=charge.fund, vat=charge.vat)
    how = charge.how
    if isinstance(how, Table):
        out["table"] = dump_table(how)
    elif isinstance(how, PerItem):
        prices = {kind: _outcome(price) for kind, price in how.prices.items()}
        out["items"] = _full(
            question=how.question, base=_outcome(how.base), covers=how.covers, extra=_outcome(how.extra), prices=prices
        )
    elif isinstance(how, Percent):
        out["percent"] = int(how.of_total) if how.of_total == int(how.of_total) else str(how.of_total)
    elif isinstance(how, Ref):
        out["amount"] = _ref(how)
    else:
        out["amount"] = _outcome(how)
    times = {"times": _ref(charge.times)} if charge.times else {}
    show_if: Mapping[str, Json] = {"show_if": dump_condition(charge.show_if)} if charge.show_if else {}
    return out | times | dict(show_if)
