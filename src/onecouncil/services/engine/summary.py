# SPDX-License-Identifier: MIT
"""Check your answers: exactly the path, a row for each question asked. And the evidence given on it."""

from __future__ import annotations

from collections.abc import Mapping

from .definition import Answers, Definition, Group, Json, Page, Question
from .outside import Outside
from .path import items_of, walk
from .results import EvidenceGiven, PageOnPath, SummaryRow, SummarySection
from .types import TYPES, show


def summary(definition: Definition, answers: Answers, outside: Outside) -> list[SummarySection]:
    """The sections of the path in order: pages with the same `section` side by side share one, each item has its own.

    A question not yet answered has the row "Not answered"; a group's list page has one row that counts its items.
    """
    out: list[SummarySection] = []
    seen: dict[str, Json] = {}
    for page in walk(definition, answers, outside, seen):
        if page.kind == "exit":
            continue
        section = _section(page, seen, items_of(answers, page.page) if isinstance(page.page, Group) else [], definition)
        if not section.rows:
            continue
        last = out[-1] if out else None
        if last and (last.title, last.group, last.index) == (section.title, section.group, section.index):
            out[-1] = SummarySection(last.title, last.rows + section.rows, last.group, last.index)
        else:
            out.append(section)
    return out


def _section(
    page: PageOnPath, seen: Mapping[str, Json], items: list[Mapping[str, Json]], definition: Definition
) -> SummarySection:
    if isinstance(page.page, Group):
        row = SummaryRow(page.page.key, page.title, (str(len(items)),), page.id, f"{page.page.key}-more")
        return SummarySection(page.title, (row,))
    given = seen
    if page.group:
        items = seen.get(page.group) or []
        given = items[page.index - 1] if page.index <= len(items) else {}
    rows = tuple(_row(question, page.id, given) for question in page.questions)
    return SummarySection(_title(page.page, page, definition), rows, page.group, page.index)


def _title(page: Page, on_path: PageOnPath, definition: Definition) -> str:
    if on_path.group:
        item = definition.groups[on_path.group].item
        return f"{item[0].upper()}{item[1:]} {on_path.index}"
    return page.section or page.title


def _row(question: Question, page_id: str, given: Mapping[str, Json]) -> SummaryRow:
    shown = show(question, given[question.key]) if question.key in given else "Not answered"
    lines = (shown,) if isinstance(shown, str) else tuple(shown)
    return SummaryRow(question.key, question.label, lines, page_id, first_field(question))


def first_field(question: Question) -> str:
    """The form field to land on for a question."""
    kind = TYPES[question.type]
    if kind.parts:
        return f"{question.key}-{kind.parts[0]}"
    if question.type == "items" and question.options:
        return f"{question.key}-{question.options[0].value}"
    return question.key


def evidence(definition: Definition, answers: Answers, outside: Outside) -> list[EvidenceGiven]:
    """Each file question on the path, with what it proves and the files given so far."""
    out: list[EvidenceGiven] = []
    seen: dict[str, Json] = {}
    for page in walk(definition, answers, outside, seen):
        given: Mapping[str, Json] = seen
        if page.group:
            items = seen.get(page.group) or []
            given = items[page.index - 1] if page.index <= len(items) else {}
        for question in page.questions:
            if question.type == "file":
                kind = str(question.settings.get("evidence") or question.key)
                out.append(EvidenceGiven(kind, question.label, question.key, tuple(given.get(question.key) or ())))
    return out
