# SPDX-License-Identifier: MIT
"""Static checks of a definition, run when it is saved and in the build.

An `error` is something that will fail a person; a `warning` something that will trouble one; a `note` is advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from .checks_order import check_order
from .conditions import holds
from .definition import All, Condition, Definition, Group, Not, Page, Question, Table
from .dumping import dump
from .parsing import parse
from .reading_age import reading_age
from .results import DefinitionError, Finding
from .scope import Scope
from .supposing import Supposing, TooMany, words
from .types import TYPES
from .walking import steps

OLDEST_READER = 11


def check(definition: Definition, facts_known: Set[str] | None = None) -> list[Finding]:
    """Everything a designer should look at, errors first. `facts_known`: the facts that will be given from outside;
    without it facts are not checked."""
    try:
        parse(dump(definition))
    except DefinitionError as error:
        return [Finding("error", problem.path, problem.reason) for problem in error.problems]
    found = list(check_order(definition, facts_known))
    if not found:  # what looks at names that are not there reaches nothing, and that is told already
        found += [*_check_reach(definition), *_check_tables(definition)]
    found += [*_check_texts(definition), *_check_reading(definition)]
    return sorted(found, key=lambda finding: ("error", "warning", "note").index(finding.severity))


# --- words ----------------------------------------------------------------------------------------------------------


def _check_texts(definition: Definition) -> Iterator[Finding]:
    for path, step in steps(definition):
        if isinstance(step, Page):
            for index, question in enumerate(step.questions):
                yield from _check_question(
                    f"{path}.questions[{index}]", question, bool(definition.group_of.get(question.key))
                )


def _check_question(path: str, question: Question, in_group: bool) -> Iterator[Finding]:
    kind = TYPES[question.type]
    if not question.label.strip():
        yield Finding("error", f"{path}.label", f"“{question.key}” has no label")
    for number, option in enumerate(question.options):
        if not option.label.strip():
            yield Finding("error", f"{path}.options[{number}].label", f"the option “{option.value}” has no label")
    vague = question.label.endswith("?") and not question.noun and "missing" not in question.messages
    if vague and not question.optional and kind.noun == "an answer":
        message = f"“{question.key}” has no noun and no message for a missing answer: it will say “Enter an answer”"
        yield Finding("warning", f"{path}.messages", message)
    if question.prefill and in_group:
        yield Finding("note", f"{path}.prefill", "answers inside a group are not filled in")


def _check_reading(definition: Definition) -> Iterator[Finding]:
    for path, text in _texts(definition):
        age = reading_age(text)
        if age is not None and age > OLDEST_READER:
            yield Finding("warning", path, f"needs a reading age of {age}; aim for {OLDEST_READER} or less")


def _texts(definition: Definition) -> Iterator[tuple[str, str]]:
    for path, step in steps(definition):
        yield f"{path}.guidance", step.guidance
        if isinstance(step, Page) and step.exit:
            yield f"{path}.exit.why", step.exit.why
            yield f"{path}.exit.instead", step.exit.instead
        for index, question in enumerate(step.questions if isinstance(step, Page) else ()):
            yield f"{path}.questions[{index}].hint", question.hint
    if definition.declaration:
        yield "journey.declaration.text", definition.declaration.text


# --- reach ----------------------------------------------------------------------------------------------------------


def _check_reach(definition: Definition) -> Iterator[Finding]:
    """Pages, groups and questions that no answers lead to."""
    exits: list[Condition] = []
    ended = ""
    group_if: Condition | None = None
    for path, step in steps(definition):
        inside = ".pages[" in path.removeprefix("journey.pages[")
        group_if = step.show_if if isinstance(step, Group) else group_if if inside else None
        if ended:
            yield Finding("error", path, f"“{step.key}” is never reached: everybody leaves at “{ended}”")
            continue
        own = [each for each in (group_if if inside else None, step.show_if) if each]
        if own and not _can_hold(definition, own, exits):
            yield Finding("error", f"{path}.show_if", f"“{step.key}” is never reached: no answers meet its condition")
        for index, question in enumerate(step.questions if isinstance(step, Page) else ()):
            if question.show_if and not _can_hold(definition, [*own, question.show_if], exits):
                yield Finding("error", f"{path}.questions[{index}].show_if", f"“{question.key}” is never asked")
        if isinstance(step, Page) and step.exit and not inside:
            exits += [step.show_if] if step.show_if else []
            ended = "" if step.show_if else step.key


def _can_hold(definition: Definition, own: list[Condition], exits: list[Condition]) -> bool:
    """Whether some journey meets all of `own` and none of the exits before; True when it cannot be told."""
    for wanted in ([*own, *map(Not, exits)], own):
        try:
            return any(holds(All(tuple(wanted)), scope) for scope in Supposing(definition, wanted).scopes())
        except TooMany:
            continue
    return True


# --- tables ---------------------------------------------------------------------------------------------------------


def _check_tables(definition: Definition) -> Iterator[Finding]:
    for index, each in enumerate(definition.calculated):
        if isinstance(each.how, Table):
            yield from check_table(definition, f"journey.calculated[{index}].table", each.how, None, "warning")
    for index, charge in enumerate(definition.charges):
        if isinstance(charge.how, Table):
            yield from check_table(definition, f"fee[{index}].table", charge.how, charge.show_if, "error")


def check_table(
    definition: Definition, path: str, table: Table, only_if: Condition | None, gap: str = "error"
) -> Iterator[Finding]:
    """Gaps (no row fits), overlaps (`unique`, and two rows fit) and rows that never act, over all situations."""
    conditions = [row.when for row in table.rows]
    exits = [Not(p.show_if) for p in definition.pages if isinstance(p, Page) and p.exit and p.show_if]
    situations = _situations(definition, [*conditions, only_if], exits)
    if situations is None:
        yield Finding("note", path, "has too many combinations to look for gaps and overlaps")
        return
    scopes, exits = situations
    acted: set[int] = set()
    holes, clashes = [], []
    for scope in scopes:
        if not holds(only_if, scope) or not holds(All(tuple(exits)), scope):
            continue
        fitting = [at for at, when in enumerate(conditions) if holds(when, scope)]
        acted |= set(fitting[:1] if table.hit == "first" else fitting)
        holes += [scope] if not fitting else []
        clashes += [(scope, fitting)] if len(fitting) > 1 else []
    if holes and table.hit != "sum":
        more = f" (and {len(holes) - 1} more)" if len(holes) > 1 else ""
        yield Finding("error" if gap == "error" else "warning", path, f"no row fits when {words(holes[0])}{more}")
    if clashes and table.hit == "unique":
        scope, rows = clashes[0]
        yield Finding("error", path, f"rows {' and '.join(str(r + 1) for r in rows)} both fit when {words(scope)}")
    for at in sorted(set(range(len(table.rows))) - acted):
        yield Finding("warning", f"{path}.rows[{at}]", "never acts: rows before it take every case, or it cannot hold")


def _situations(
    definition: Definition, conditions: list[Condition | None], exits: list[Not]
) -> tuple[list[Scope], list[Not]] | None:
    """The situations to try, and the exits that count (none, where they would make too many). None: still too many."""
    for counted in (exits, []):
        try:
            return list(Supposing(definition, [*conditions, *counted]).scopes()), counted
        except TooMany:
            continue
    return None
