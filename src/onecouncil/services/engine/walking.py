# SPDX-License-Identifier: MIT
"""Every condition of a definition with its path, for the checks and for "where is this question used"."""

from __future__ import annotations

from collections.abc import Iterator

from .definition import Condition, Definition, Group, Page, Table


def conditions_in(definition: Definition) -> Iterator[tuple[str, Condition]]:
    """(path, condition) for each condition there is."""
    for path, step in steps(definition):
        if isinstance(step, Group):
            if step.show_if:
                yield f"{path}.show_if", step.show_if
        else:
            yield from _in_page(path, step)
    for index, each in enumerate(definition.calculated):
        if isinstance(each.how, Table):
            yield from in_table(f"journey.calculated[{index}].table", each.how)
    for index, charge in enumerate(definition.charges):
        if charge.show_if:
            yield f"fee[{index}].show_if", charge.show_if
        if isinstance(charge.how, Table):
            yield from in_table(f"fee[{index}].table", charge.how)


def steps(definition: Definition) -> Iterator[tuple[str, Page | Group]]:
    """(path, page or group), a group before its pages."""
    for index, step in enumerate(definition.pages):
        path = f"journey.pages[{index}]"
        yield path, step
        if isinstance(step, Group):
            yield from ((f"{path}.pages[{inner}]", page) for inner, page in enumerate(step.pages))


def in_table(path: str, table: Table) -> Iterator[tuple[str, Condition]]:
    """(path, condition) for each row that has one."""
    for index, row in enumerate(table.rows):
        if row.when:
            yield f"{path}.rows[{index}].when", row.when


def _in_page(path: str, page: Page) -> Iterator[tuple[str, Condition]]:
    if page.show_if:
        yield f"{path}.show_if", page.show_if
    for index, question in enumerate(page.questions):
        at = f"{path}.questions[{index}]"
        if question.show_if:
            yield f"{at}.show_if", question.show_if
        for number, option in enumerate(question.options):
            if option.show_if:
                yield f"{at}.options[{number}].show_if", option.show_if
    for index, rule in enumerate(page.rules):
        yield f"{path}.rules[{index}].must", rule.must
