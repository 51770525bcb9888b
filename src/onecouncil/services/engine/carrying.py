# SPDX-License-Identifier: MIT
"""Carrying answers over: to a newer version of the journey, and from what is already known (never ask twice)."""

from __future__ import annotations

from collections.abc import Mapping

from .definition import Answers, Definition, Group, Json, Question
from .outside import Outside
from .path import items_of
from .types import clean_json


def carry(
    answers: Answers, old: Definition, new: Definition, outside: Outside
) -> tuple[dict[str, Json], tuple[str, ...]]:
    """The answers that still fit `new`, and the keys of those dropped (`children.2.name` inside a group).

    An answer is kept when its question has the same key, type and group in both and the new question takes the
    value as it
    is. It is asked again otherwise; nothing is changed silently.
    """
    kept: dict[str, Json] = {}
    dropped: list[str] = []
    for key, value in answers.items():
        if key in old.groups:
            items = items_of(answers, old.groups[key])
            if key in new.groups:
                kept[key] = [_carry_item(item, key, at, old, new, outside, dropped) for at, item in enumerate(items, 1)]
                _cut(kept, new.groups[key], dropped)
            else:
                dropped.append(key)
        elif _fits(key, value, "", old, new, outside):
            kept[key] = value
        else:
            dropped.append(key)
    return kept, tuple(dropped)


def _cut(kept: dict[str, Json], group: Group, dropped: list[str]) -> None:
    """Items above a group's new `max` go."""
    dropped += [f"{group.key}.{index}" for index in range(group.max + 1, len(kept[group.key]) + 1)]
    kept[group.key] = kept[group.key][: group.max]


def _carry_item(
    item: Mapping[str, Json],
    group: str,
    index: int,
    old: Definition,
    new: Definition,
    outside: Outside,
    dropped: list[str],
) -> dict[str, Json]:
    kept = {key: value for key, value in item.items() if _fits(key, value, group, old, new, outside)}
    dropped += [f"{group}.{index}.{key}" for key in item if key not in kept]
    return kept


def _fits(key: str, value: Json, group: str, old: Definition, new: Definition, outside: Outside) -> bool:
    before, after = old.questions.get(key), new.questions.get(key)
    if before is None or after is None or before.type != after.type:
        return False
    if old.group_of.get(key, "") != group or new.group_of.get(key, "") != group:
        return False
    cleaned = clean_json(after, value, outside)
    return cleaned.ok and cleaned.value == value


def prefill(definition: Definition, known: Mapping[str, Json], answers: Answers, outside: Outside) -> dict[str, Json]:
    """For each question outside groups that has `prefill`, is not answered yet, and whose known value it takes: the
    value.

    Draw these in the form for the person to confirm, or put them into the draft to pass over their pages.
    """
    out: dict[str, Json] = {}
    for key, question in definition.questions.items():
        if question.prefill and key not in answers and key not in definition.group_of:
            value = _known(question, known, outside)
            if value is not None:
                out[key] = value
    return out


def _known(question: Question, known: Mapping[str, Json], outside: Outside) -> Json:
    if known.get(question.prefill) is None:
        return None
    cleaned = clean_json(question, known[question.prefill], outside)
    return cleaned.value if cleaned.ok else None
