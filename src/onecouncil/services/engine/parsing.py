# SPDX-License-Identifier: MIT
"""Read a definition from plain data (the `journey:` and `fee:` parts of a service's file)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from .conditions import mentioned
from .definition import (
    Calculated,
    Charge,
    Condition,
    Declaration,
    Definition,
    Exit,
    Formula,
    Group,
    Json,
    Link,
    Option,
    Page,
    PerItem,
    Question,
    Ref,
    Rule,
    Table,
)
from .parsing_logic import KEY, KEY_RULE, optional_condition, read_calculated, read_charge, read_condition, read_table
from .reading import Fields, Problems, plain
from .results import DefinitionError
from .types import TYPES, Setting
from .walking import conditions_in

_PAGE_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def parse(data: Json) -> Definition:
    """The definition in `{"journey": {…}, "fee": […]}`; other keys are not read. Raises DefinitionError with every
    problem."""
    problems = Problems()
    whole = dict(data) if isinstance(data, Mapping) else {}
    journey = Fields(whole.get("journey"), "journey", problems)
    pages = tuple(_read_step(each, at, problems) for each, at in journey.items("pages"))
    if not pages:
        journey.fail("pages", "must hold at least one page")
    calculated = tuple(read_calculated(each, at, problems) for each, at in journey.items("calculated"))
    declaration = _read_declaration(journey)
    journey.done()
    charges = _read_fee(whole.get("fee"), problems)
    definition = Definition(pages, calculated, charges, declaration)
    _check_keys(definition, problems)
    _check_calculations(definition, problems)
    if problems.found:
        raise DefinitionError(tuple(problems.found))
    return definition


def parse_condition(data: Json, path: str = "condition") -> Condition:
    """One condition. Raises DefinitionError."""
    problems = Problems()
    condition = read_condition(data, path, problems)
    if problems.found:
        raise DefinitionError(tuple(problems.found))
    return condition


def parse_table(data: Json, path: str = "table") -> Table:
    """One decision table (`{hit, rows}`), for example a service's routing. Raises DefinitionError."""
    problems = Problems()
    table = read_table(data, path, problems)
    if problems.found:
        raise DefinitionError(tuple(problems.found))
    return table


def _read_fee(data: Json, problems: Problems) -> tuple[Charge, ...]:
    if data is not None and not isinstance(data, list):
        problems.add("fee", "must be a list of fee lines")
        return ()
    return tuple(read_charge(each, f"fee[{index}]", problems) for index, each in enumerate(data or []))


def _read_declaration(journey: Fields) -> Declaration | None:
    if not journey.has("declaration"):
        return None
    fields = Fields(journey.raw("declaration"), journey.at("declaration"), journey.problems)
    out = Declaration(fields.text("text", required=True), fields.text("label", required=True), fields.text("message"))
    fields.done()
    return out


# --- pages ----------------------------------------------------------------------------------------------------------


def _read_step(data: Json, path: str, problems: Problems) -> Page | Group:
    if isinstance(data, Mapping) and "group" in data:
        return _read_group(data, path, problems)
    return _read_page(data, path, problems)


def _read_group(data: Json, path: str, problems: Problems) -> Group:
    fields = Fields(data, path, problems)
    key = fields.key("group", KEY, KEY_RULE)
    pages = tuple(_read_page(each, at, problems) for each, at in fields.items("pages"))
    least, most = fields.whole("min", 1), fields.whole("max", 10)
    if not pages:
        fields.fail("pages", "must hold at least one page")
    if not 0 <= least <= most or not 1 <= most <= 100:
        fields.fail("max", "must be from 1 to 100, and not below min")
    title, item, guidance = (
        fields.text("title", required=True),
        fields.text("item", required=True),
        fields.text("guidance"),
    )
    group = Group(key, title, item, pages, guidance, least, most, optional_condition(fields, "show_if"))
    fields.done()
    return group


def _read_page(data: Json, path: str, problems: Problems) -> Page:
    fields = Fields(data, path, problems)
    if isinstance(data, Mapping) and "group" in data:
        fields.raw("group")
        fields.fail("group", "a group cannot hold a group")
    page = Page(
        key=fields.key("key", _PAGE_KEY, "small letters and digits, with single - between them"),
        title=fields.text("title", required=True),
        section=fields.text("section"),
        guidance=fields.text("guidance"),
        questions=tuple(_read_question(each, at, problems) for each, at in fields.items("questions")),
        rules=tuple(_read_rule(each, at, problems) for each, at in fields.items("rules")),
        exit=_read_exit(fields),
        show_if=optional_condition(fields, "show_if"),
    )
    if page.exit and (page.questions or page.rules):
        fields.fail("exit", "a page with an exit asks no questions")
    asked = {question.key for question in page.questions}
    for index, rule in enumerate(page.rules):
        if rule.question not in asked:
            fields.fail(f"rules[{index}].question", f"“{rule.question}” is not a question of this page")
    fields.done()
    return page


def _read_exit(fields: Fields) -> Exit | None:
    if not fields.has("exit"):
        return None
    inner = Fields(fields.raw("exit"), fields.at("exit"), fields.problems)
    links = []
    for data, path in inner.items("links"):
        link = Fields(data, path, fields.problems)
        links.append(Link(link.text("label", required=True), link.text("url", required=True)))
        if links[-1].url and not re.match(r"/(?!/)|https?://|mailto:|tel:", links[-1].url):
            link.fail("url", "must begin with / or https://")
        link.done()
    out = Exit(inner.text("why", required=True), inner.text("instead", required=True), tuple(links))
    inner.done()
    return out


def _read_rule(data: Json, path: str, problems: Problems) -> Rule:
    fields = Fields(data, path, problems)
    if not fields.has("must"):
        fields.fail("must", "is missing")
    must = read_condition(fields.raw("must", {"all": []}), fields.at("must"), problems)
    key, message = fields.text("key", required=True), fields.text("message", required=True)
    rule = Rule(key, must, message, fields.text("question", required=True))
    fields.done()
    return rule


# --- questions ------------------------------------------------------------------------------------------------------


def _read_question(data: Json, path: str, problems: Problems) -> Question:
    fields = Fields(data, path, problems)
    kind = fields.text("type", required=True)
    if kind and kind not in TYPES:
        fields.fail("type", f"“{kind}” is not one of {', '.join(TYPES)}")
    question = Question(
        key=fields.key("key", KEY, KEY_RULE),
        type=kind,
        label=fields.text("label"),
        hint=fields.text("hint"),
        optional=fields.flag("optional"),
        noun=fields.text("noun"),
        options=tuple(_read_option(each, at, problems) for each, at in fields.items("options")),
        settings=_read_settings(kind, fields),
        messages=fields.texts("messages"),
        prefill=fields.text("prefill"),
        show_if=optional_condition(fields, "show_if"),
    )
    if kind in TYPES:
        _check_question(question, fields)
    fields.done()
    return question


def _check_question(question: Question, fields: Fields) -> None:
    kind = TYPES[question.type]
    if kind.has_options and not question.options:
        fields.fail("options", "must hold at least one option")
        return
    if question.options and not kind.has_options:
        fields.fail("options", f"a {question.type} question has no options")
    for value, count in Counter(option.value for option in question.options).items():
        if count > 1:
            fields.fail("options", f"two options have the value “{value}”")
    for reason in kind.problems(question):
        fields.fail("", reason)


def _read_option(data: Json, path: str, problems: Problems) -> Option:
    if isinstance(data, str):
        data = {"value": re.sub(r"[^a-z0-9]+", "-", data.lower()).strip("-"), "label": data}
    fields = Fields(data, path, problems)
    value = fields.key("value", _OPTION, "letters, digits, - and _")
    label, hint = fields.text("label"), fields.text("hint")
    option = Option(value, label, hint, fields.flag("exclusive"), optional_condition(fields, "show_if"))
    fields.done()
    return option


def _read_settings(kind: str, fields: Fields) -> dict[str, Json]:
    out = {}
    for setting in TYPES[kind].settings if kind in TYPES else ():
        if fields.has(setting.name):
            value = plain(fields.raw(setting.name))
            if reason := _setting_problem(setting, value):
                fields.fail(setting.name, reason)
            else:
                out[setting.name] = value
    return out


def _setting_problem(setting: Setting, value: Json) -> str:
    """Why `value` does not fit, or an empty text."""
    if setting.kind == "bool":
        return "" if isinstance(value, bool) else "must be true or false"
    if setting.kind == "int":
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**9
        return "" if good else "must be a whole number, 0 or more"
    if setting.kind == "text":
        return "" if isinstance(value, str) and value else "must be text"
    if setting.kind == "texts":
        good = isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
        return "" if good else "must be a list of texts"
    if setting.kind == "date":
        return "" if _is_date(value) else "must be a date like 2026-11-23"
    if setting.kind == "number":
        return "" if _is_number(value) else "must be a number"
    return _bounds_problem(value)


def _bounds_problem(value: Json) -> str:
    sides = ("south", "west", "north", "east")
    if not isinstance(value, Mapping) or set(value) != set(sides) or not all(_is_number(value[side]) for side in sides):
        return "must have south, west, north and east"
    good = float(value["south"]) < float(value["north"]) and float(value["west"]) < float(value["east"])
    return "" if good else "south must be below north, and west below east"


def _is_date(value: Json) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: Json) -> bool:
    try:
        return not isinstance(value, bool) and isinstance(value, (int, float, str)) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


# --- the whole ------------------------------------------------------------------------------------------------------


def _check_keys(definition: Definition, problems: Problems) -> None:
    """Every address, every answer and every value has one name."""
    addresses = [step.key for step in definition.pages]
    answers = [q.key for _, page in definition.all_pages() for q in page.questions] + list(definition.groups)
    for step in definition.pages:
        if isinstance(step, Group):
            _no_doubles([page.key for page in step.pages], "page", problems)
    _no_doubles(addresses, "page", problems)
    _no_doubles(answers, "question or group", problems)
    _no_doubles([each.key for each in definition.calculated], "calculated value", problems)
    _no_doubles([each.key for each in definition.charges], "fee line", problems)


def _no_doubles(keys: list[str], what: str, problems: Problems) -> None:
    for key, count in Counter(keys).items():
        if key and count > 1:
            problems.add("journey", f"the {what} “{key}” is there {count} times")


def _check_calculations(definition: Definition, problems: Problems) -> None:
    """Every calculated value named is there, and none needs itself; formulas and fee lines name questions of the
    right type."""
    needs = {each.key: _needs(each) for each in definition.calculated}
    for index, each in enumerate(definition.calculated):
        path = f"journey.calculated[{index}]"
        if _reaches_itself(each.key, needs):
            problems.add(path, f"“{each.key}” needs itself")
        if isinstance(each.how, Formula) and each.how.op in ("quantity", "age") and isinstance(each.how.of[0], Ref):
            _need_type(
                definition, each.how.of[0].name, "items" if each.how.op == "quantity" else "date", path, problems
            )
    for index, charge in enumerate(definition.charges):
        if isinstance(charge.how, PerItem):
            _need_type(definition, charge.how.question, "items", f"fee[{index}].items.question", problems)
    for path, ref in _calculated_refs(definition):
        if ref.name not in definition.calculations:
            problems.add(path, f"there is no calculated value “{ref.name}”")


def _need_type(definition: Definition, key: str, kind: str, path: str, problems: Problems) -> None:
    question = definition.questions.get(key)
    if question is None or question.type != kind:
        problems.add(path, f"“{key}” is not a question of type {kind}")


def _needs(each: Calculated) -> list[Ref]:
    if isinstance(each.how, Formula):
        return [ref for ref in each.how.of if isinstance(ref, Ref)]
    return [ref for row in each.how.rows for ref in mentioned(row.when)]


def _reaches_itself(key: str, needs: Mapping[str, list[Ref]]) -> bool:
    todo, seen = [key], set()
    while todo:
        for ref in needs.get(todo.pop(), []):
            if ref.kind == "calculated" and ref.name == key:
                return True
            if ref.kind == "calculated" and ref.name not in seen:
                seen.add(ref.name)
                todo.append(ref.name)
    return False


def _calculated_refs(definition: Definition) -> list[tuple[str, Ref]]:
    """Every mention of a calculated value, with the path of the part it stands in."""
    out = [(path, ref) for path, condition in conditions_in(definition) for ref in mentioned(condition)]
    for index, each in enumerate(definition.calculated):
        out += [(f"journey.calculated[{index}]", ref) for ref in _needs(each)]
    out += [(f"fee[{i}].times", c.times) for i, c in enumerate(definition.charges) if c.times]
    out += [(f"fee[{i}].amount", c.how) for i, c in enumerate(definition.charges) if isinstance(c.how, Ref)]
    return [(path, ref) for path, ref in out if ref.kind == "calculated"]
