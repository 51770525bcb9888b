# SPDX-License-Identifier: MIT
"""The path: which pages this person meets, as a function of their answers.

One walk does it all. It goes through the pages in order and carries the answers *seen so far on the path*; a
condition looks
at those only. So an answer whose page has left the path cannot act on anything, and what the walk has seen at its
end is
exactly what may go to the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .conditions import broken, holds, is_answered, mentioned
from .definition import Answers, Definition, Group, Json, Page, Question, Rule
from .outside import Outside
from .results import PageOnPath
from .scope import Scope


def path(definition: Definition, answers: Answers, outside: Outside) -> list[PageOnPath]:
    """The pages this person meets, in order, as far as the answers tell; an exit page ends it."""
    return list(walk(definition, answers, outside, {}))


def find_page(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> PageOnPath | None:
    """The page with that id, or None when it is not on the path."""
    return next((page for page in walk(definition, answers, outside, {}) if page.id == page_id), None)


def next_page(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> str | None:
    """The id after `page_id`; None means check-your-answers (or that an exit page is the end).

    After the last page of a group's item comes the list of items, unless the group needs more of them.
    """
    pages = path(definition, answers, outside)
    at = _position(pages, page_id)
    if at is None or at + 1 == len(pages):
        return None
    here, after = pages[at], pages[at + 1]
    if (
        here.group
        and after.group == here.group
        and here.index < after.index
        and after.index > _least(after, definition)
    ):
        return here.group
    return after.id


def previous_page(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> str | None:
    """The id before `page_id`; None means the start. Back from a further item leads to the list of items."""
    pages = path(definition, answers, outside)
    at = _position(pages, page_id)
    if not at:
        return None
    here, before = pages[at], pages[at - 1]
    starts_an_item = here.group and (before.group, before.index) != (here.group, here.index)
    if starts_an_item and here.index > _least(here, definition):
        return here.group
    return before.id


def first_unanswered(definition: Definition, answers: Answers, outside: Outside) -> str | None:
    """The id of the first page still to be answered; None when there is none (all answered, or an exit is
    reached)."""
    for page in walk(definition, answers, outside, {}):
        if page.kind == "exit":
            return None
        if not page.answered:
            return page.id
    return None


def may_visit(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> bool:
    """Whether everything before `page_id` is answered. The list of a group's items opens as soon as the least are
    there."""
    for page in walk(definition, answers, outside, {}):
        if page.id == page_id:
            return True
        spare = page.group == page_id and page.index > _least(page, definition)
        if not page.answered and not spare:
            return False
    return False


def is_complete(definition: Definition, answers: Answers, outside: Outside) -> bool:
    """Whether every page on the path is answered, every rule holds, and no exit is reached."""
    return all(page.answered for page in walk(definition, answers, outside, {}))


def exit_reached(definition: Definition, answers: Answers, outside: Outside) -> PageOnPath | None:
    """The exit page that these answers lead to, once everything before it is answered."""
    for page in walk(definition, answers, outside, {}):
        if page.kind == "exit":
            return page
        if not page.answered:
            return None
    return None


def _position(pages: list[PageOnPath], page_id: str) -> int | None:
    return next((at for at, page in enumerate(pages) if page.id == page_id), None)


def _least(page: PageOnPath, definition: Definition) -> int:
    return definition.groups[page.group].min


# --- the walk -------------------------------------------------------------------------------------------------------


def walk(definition: Definition, answers: Answers, outside: Outside, seen: dict[str, Json]) -> Iterator[PageOnPath]:
    """Yield the path page by page; `seen` fills with the answers on it (the answers of a page before it is
    yielded)."""
    for step in definition.pages:
        if not holds(step.show_if, Scope(definition, seen, outside)):
            continue
        if isinstance(step, Group):
            for on_path in _walk_group(definition, step, answers, outside, seen):
                yield on_path
                if on_path.kind == "exit":
                    return
            continue
        scope = Scope(definition, seen, outside)
        yield _visit(step, scope, answers, seen)
        if step.exit:
            return


def _walk_group(
    definition: Definition, group: Group, answers: Answers, outside: Outside, seen: dict[str, Json]
) -> Iterator[PageOnPath]:
    items = items_of(answers, group)
    given: list[dict[str, Json]] = []
    if group.key in answers:
        seen[group.key] = given
    for index in range(1, max(len(items), group.min) + 1):
        item: Mapping[str, Json] = items[index - 1] if index <= len(items) else {}
        item_seen: dict[str, Json] = {}
        if index <= len(items):
            given.append(item_seen)
        scope = Scope(definition, seen, outside, item_seen)
        for page in group.pages:
            if holds(page.show_if, scope):
                on_path = _visit(page, scope, item, item_seen)
                yield replace(on_path, id=f"{group.key}.{index}.{page.key}", group=group.key, index=index)
                if page.exit:
                    return
    answered = group.key in answers and len(items) >= group.min
    yield PageOnPath(group.key, "group", group, group.title, answered=answered)


def items_of(answers: Answers, group: Group) -> list[Mapping[str, Json]]:
    """The items given for a group, never more than its `max`."""
    items = answers.get(group.key)
    if not isinstance(items, list):
        return []
    return [item if isinstance(item, Mapping) else {} for item in items[: group.max]]


def _visit(page: Page, scope: Scope, answers: Answers, seen: dict[str, Json]) -> PageOnPath:
    """`page` as met with `scope`; adds its answers to `seen` (which is `scope.answers` or `scope.item`)."""
    asked: list[Question] = []
    answered = True
    for each in page.questions:
        if not holds(each.show_if, scope):
            continue
        question = offered(each, scope)
        asked.append(question)
        value = answers.get(question.key)
        if question.key in answers and fits_options(question, value):
            seen[question.key] = value
        answered &= question.key in seen and (question.optional or value is not None)
    return PageOnPath(
        id=page.key,
        kind="exit" if page.exit else "page",
        page=page,
        title=page.title,
        questions=tuple(asked),
        fields=_fields(page, asked, scope),
        answered=answered and page.exit is None and not broken_rules(page, asked, scope),
    )


def _fields(page: Page, asked: list[Question], scope: Scope) -> tuple[Question, ...]:
    """The questions to draw: those asked, and those that hang on an answer of the same page."""
    by_key = {question.key: question for question in asked}
    here = {question.key for question in page.questions}
    return tuple(
        by_key.get(question.key) or offered(question, scope)
        for question in page.questions
        if question.key in by_key
        or here & {ref.name.split(".")[0] for ref in mentioned(question.show_if) if ref.kind == "answer"}
    )


def offered(question: Question, scope: Scope) -> Question:
    """The question with the options that are offered now."""
    if all(option.show_if is None for option in question.options):
        return question
    return replace(question, options=tuple(o for o in question.options if holds(o.show_if, scope)))


def fits_options(question: Question, value: Json) -> bool:
    """Whether every option chosen is still offered (true for questions without options)."""
    if not question.options or not is_answered(value):
        return True
    chosen = [value] if isinstance(value, str) else list(value)
    return {option.value for option in question.options}.issuperset(chosen)


def broken_rules(page: Page, asked: list[Question], scope: Scope) -> list[Rule]:
    """The page's rules that the answers break. A rule whose question is not asked now does not count."""
    keys = {question.key for question in asked}
    return [rule for rule in page.rules if rule.question in keys and broken(rule.must, scope)]
