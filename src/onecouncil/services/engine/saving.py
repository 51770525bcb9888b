# SPDX-License-Identifier: MIT
"""Taking answers: a page of the form, an item of a group, or a whole journey as JSON. And what goes to the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from .conditions import holds
from .definition import Answers, Definition, Group, Json, Page, Question
from .outside import Outside
from .path import broken_rules, items_of, next_page, offered, walk
from .results import Cleaned, FieldError, PageOnPath, Saved
from .scope import Scope
from .summary import first_field
from .types import Form, clean, clean_json
from .types.base import one

Take = Callable[[Question], Cleaned]


def save_page(definition: Definition, answers: Answers, page_id: str, form: Form, outside: Outside) -> Saved:
    """Clean a page's form and add it to the answers; with errors nothing changes. Raises KeyError when the page is
    not on
    the path. On a group's list page the field `<group>-more` says yes (an item is begun) or no."""
    seen: dict[str, Json] = {}
    found = next((page for page in walk(definition, answers, outside, seen) if page.id == page_id), None)
    if found is None:
        raise KeyError(page_id)
    if isinstance(found.page, Group):
        return _save_list(definition, answers, found.page, form, outside)
    item = _item(answers, found, seen)
    given, errors = _take_page(found.page, Scope(definition, seen, outside, item), lambda q: clean(q, form, outside))
    if errors:
        return Saved(dict(answers), tuple(errors))
    after = _put(answers, found, given)
    return Saved(after, next_page=next_page(definition, after, page_id, outside))


def _item(answers: Answers, found: PageOnPath, seen: dict[str, Json]) -> dict[str, Json]:
    """The answers of the item being asked, as seen on the path so far (the last of the group that the walk
    reached)."""
    if not found.group:
        return {}
    items = seen.get(found.group)
    return dict(items[found.index - 1]) if isinstance(items, list) and found.index <= len(items) else {}


def _take_page(page: Page, scope: Scope, take: Take) -> tuple[dict[str, Json], list[FieldError]]:
    """Ask the page's questions in order, each with the answers before it; then its rules.

    Returns the answers given and the errors. The page's old answers play no part.
    """
    own = {question.key for question in page.questions}
    before = {key: value for key, value in scope.answers.items() if key not in own}
    item = {key: value for key, value in scope.item.items() if key not in own}
    given: dict[str, Json] = {}
    asked: list[Question] = []
    errors: list[FieldError] = []
    for each in page.questions:
        now = Scope(scope.definition, before, scope.outside, item | given)
        if not holds(each.show_if, now):
            continue
        question = offered(each, now)
        asked.append(question)
        cleaned = take(question)
        errors.extend(cleaned.errors)
        if cleaned.ok:
            given[question.key] = cleaned.value
    if not errors:
        now = Scope(scope.definition, before, scope.outside, item | given)
        errors = [
            FieldError(r.question, _first_field(asked, r.question), r.key, r.message)
            for r in broken_rules(page, asked, now)
        ]
    return given, errors


def _first_field(asked: list[Question], key: str) -> str:
    return next((first_field(question) for question in asked if question.key == key), key)


def _put(answers: Answers, found: PageOnPath, given: Mapping[str, Json]) -> dict[str, Json]:
    """The answers with a page's answers in their place."""
    if not found.group:
        return {**answers, **given}
    items = [dict(item) for item in answers.get(found.group) or []]
    items += [{} for _ in range(found.index - len(items))]
    items[found.index - 1].update(given)
    return {**answers, found.group: items}


# --- groups ---------------------------------------------------------------------------------------------------------


def _save_list(definition: Definition, answers: Answers, group: Group, form: Form, outside: Outside) -> Saved:
    more = one(form, f"{group.key}-more").strip().lower()
    items = items_of(answers, group)
    if more == "yes" and len(items) >= group.max:
        return _refuse_list(answers, group, "too_many", f"You can add {group.max} at most")
    if more == "yes":
        after = add_item(definition, answers, group.key)
        begun = f"{group.key}.{len(items) + 1}."
        first = next((p.id for p in walk(definition, after, outside, {}) if p.id.startswith(begun)), group.key)
        return Saved(after, next_page=first)
    if more != "no" and len(items) < group.max:
        return _refuse_list(
            answers, group, "missing", f"Select yes if you want to add {'another' if items else 'a'} {group.item}"
        )
    undone = [
        p.index
        for p in walk(definition, answers, outside, {})
        if p.group == group.key and not p.answered and p.kind == "page"
    ]
    if undone:
        return _refuse_list(answers, group, "unfinished", f"Finish or remove {group.item} {undone[0]}")
    padded = [dict(item) for item in items] + [{} for _ in range(group.min - len(items))]
    after = {**answers, group.key: padded}
    return Saved(after, next_page=next_page(definition, after, group.key, outside))


def _refuse_list(answers: Answers, group: Group, code: str, message: str) -> Saved:
    return Saved(dict(answers), (FieldError(group.key, f"{group.key}-more", code, message),))


def add_item(definition: Definition, answers: Answers, group: str) -> dict[str, Json]:
    """Begin one more item of a group. Raises KeyError (no such group), ValueError (as many as there may be)."""
    items = items_of(answers, definition.groups[group])
    if len(items) >= definition.groups[group].max:
        raise ValueError(f"{group}: {len(items)} is the most")
    return {**answers, group: [*map(dict, items), {}]}


def remove_item(definition: Definition, answers: Answers, group: str, index: int) -> dict[str, Json]:
    """Take item `index` (from 1) out of a group. Raises KeyError (no such group), IndexError (no such item)."""
    items = items_of(answers, definition.groups[group])
    if not 1 <= index <= len(items):
        raise IndexError(f"{group}: there is no item {index}")
    return {**answers, group: [dict(item) for at, item in enumerate(items, 1) if at != index]}


# --- the whole journey ----------------------------------------------------------------------------------------------


def prune(definition: Definition, answers: Answers, outside: Outside) -> dict[str, Json]:
    """Only the answers on the path: what may go to the case. Pruning twice is pruning once."""
    seen: dict[str, Json] = {}
    for _ in walk(definition, answers, outside, seen):
        pass
    return seen


@dataclass
class _Taking:
    """The state of `save_all`: what is taken so far, and what was wrong."""

    definition: Definition
    outside: Outside
    given: dict[str, Json] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def page(self, page: Page, page_id: str, data: Mapping[str, Json], item: dict[str, Json] | None) -> None:
        scope = Scope(self.definition, self.given, self.outside, item or {})
        given, errors = _take_page(page, scope, lambda q: clean_json(q, data.get(q.key), self.outside))
        self.errors += [replace(error, page=page_id) for error in errors]
        (self.given if item is None else item).update(given)


def save_all(definition: Definition, data: Json, outside: Outside) -> Saved:
    """A whole journey given as JSON (question key → value, group key → list). With errors, `answers` is empty.

    Also refused, with the code in brackets: an answer that the path does not ask for (`not_asked`), a name that is no
    question (`unknown`), answers that lead to an exit (`exit`).
    """
    if not isinstance(data, Mapping):
        return Saved({}, (FieldError("", "", "kind", "Give the answers by name"),))
    taking = _Taking(definition, outside)
    exit_page = _take_steps(taking, data)
    taking.errors += _not_asked(definition, data, taking)
    if exit_page and not taking.errors:
        taking.errors.append(FieldError("", "", "exit", exit_page.title, exit_page.key))
    return Saved({}, tuple(taking.errors)) if taking.errors else Saved(taking.given)


def _take_steps(taking: _Taking, data: Mapping[str, Json]) -> Page | None:
    """Take page after page; returns the exit page when one is reached."""
    for step in taking.definition.pages:
        if not holds(step.show_if, Scope(taking.definition, taking.given, taking.outside)):
            continue
        if isinstance(step, Page):
            if step.exit:
                return step
            taking.page(step, step.key, data, None)
        elif exit_page := _take_group(taking, step, data):
            return exit_page
    return None


def _take_group(taking: _Taking, group: Group, data: Mapping[str, Json]) -> Page | None:
    taking.known.add(group.key)
    raw = data.get(group.key, [])
    if not isinstance(raw, list) or not all(isinstance(each, Mapping) for each in raw):
        taking.errors.append(FieldError(group.key, group.key, "kind", f"{group.title}: give a list", group.key))
        return None
    if not group.min <= len(raw) <= group.max:
        message = f"{group.title}: give from {group.min} to {group.max}"
        taking.errors.append(FieldError(group.key, group.key, "how_many", message, group.key))
        return None
    items: list[dict[str, Json]] = []
    taking.given[group.key] = items
    for index, each in enumerate(raw, 1):
        item: dict[str, Json] = {}
        items.append(item)
        for page in group.pages:
            if holds(page.show_if, Scope(taking.definition, taking.given, taking.outside, item)):
                if page.exit:
                    return page
                taking.page(page, f"{group.key}.{index}.{page.key}", each, item)
        for key in each.keys() - item.keys():
            if not any(error.question == key for error in taking.errors):
                taking.errors.append(_stray(taking.definition, str(key), f"{group.key}.{index}"))
    return None


def _not_asked(definition: Definition, data: Mapping[str, Json], taking: _Taking) -> list[FieldError]:
    faulty = {error.question for error in taking.errors}
    return [
        _stray(definition, str(key), "") for key in data if key not in taking.given and key not in faulty | taking.known
    ]


def _stray(definition: Definition, key: str, page: str) -> FieldError:
    if key in definition.questions or key in definition.groups:
        return FieldError(key, key, "not_asked", "These answers do not lead to this question: leave it out", page)
    return FieldError(key, key, "unknown", "There is no question of this name", page)


def clean_declaration(definition: Definition, form: Form) -> tuple[FieldError, ...]:
    """Errors of the check-your-answers page: none when there is no declaration, or its box (`declaration`) is
    ticked."""
    declaration = definition.declaration
    if declaration is None or one(form, "declaration").strip():
        return ()
    message = declaration.message or "Confirm the declaration to go on"
    return (FieldError("declaration", "declaration", "missing", message),)
