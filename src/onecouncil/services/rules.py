# SPDX-License-Identifier: MIT
"""The law of the room: pure functions over a journey and its answers."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from onecouncil.services.engine import Definition, Question

Json = Any
DRAFT_LIFE = timedelta(days=30)
MOST_FILES = 20
VAT_RATES = {"outside": 0, "exempt": 0, "zero": 0, "standard": 20, "reduced": 5}


@dataclass(frozen=True)
class Contact:
    """How to reach the person, as far as their answers say."""

    name: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""


def digest(data: Json) -> str:
    """The same for the same data, whatever the order of keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def given(definition: Definition, answers: Mapping[str, Json]) -> Iterator[tuple[Question, Json]]:
    """Every answered question with its value, group items included. `answers` must be pruned."""
    for key, question in definition.questions.items():
        group = definition.group_of.get(key)
        holders = answers.get(group) or [] if group else [answers]
        for holder in holders:
            if holder.get(key) is not None:
                yield question, holder[key]


def contact_of(definition: Definition, answers: Mapping[str, Json], known: Mapping[str, Json]) -> Contact:
    """From the questions prefilled with the person's own facts, else from what we know of them."""
    told = {question.prefill: value for question, value in given(definition, answers) if question.prefill}
    facts = {**known, **told}
    return Contact(
        name=str(facts.get("person.name") or "")[:120],
        email=str(facts.get("person.email") or "")[:254],
        phone=str(facts.get("person.phone") or "")[:20],
        postcode=_told_postcode(definition, answers, told) or str(known.get("person.postcode") or ""),
    )


def _told_postcode(definition: Definition, answers: Mapping[str, Json], told: Mapping[str, Json]) -> str:
    """The person's own postcode as they gave it: asked for by itself, of their address, or of the first address."""
    if told.get("person.postcode"):
        return str(told["person.postcode"])
    first = told.get("person.address") or next((v for q, v in given(definition, answers) if q.type == "address"), None)
    return str(first["postcode"]) if first else ""


def place_of(definition: Definition, answers: Mapping[str, Json]) -> dict[str, Json] | None:
    """Where the matter is: the place question's answer, else the first address."""
    values = list(given(definition, answers))
    for question, value in values:
        if question.type == "place":
            return {"text": value["text"], "lat": value["lat"], "lon": value["lon"], "uprn": ""}
    for question, value in values:
        if question.type == "address":
            lines = [value[part] for part in ("line1", "line2", "town", "postcode") if value.get(part)]
            return {"text": ", ".join(lines), "lat": None, "lon": None, "uprn": value.get("uprn") or ""}
    return None


def slot_of(definition: Definition, answers: Mapping[str, Json]) -> str:
    """The id of the slot chosen, or ""."""
    return next((str(v["id"]) for q, v in given(definition, answers) if q.type == "slot"), "")


def slot_label(answers: Mapping[str, Json], slot_id: str) -> str:
    """The time booked as a person reads it, from answers that hold it as `{id, label}`; "" without one."""
    held = [value for value in answers.values() if isinstance(value, Mapping) and slot_id]
    return next((str(value.get("label") or "") for value in held if value.get("id") == slot_id), "")


def file_ids_of(definition: Definition, answers: Mapping[str, Json]) -> list[str]:
    return [str(file["id"]) for q, value in given(definition, answers) if q.type == "file" for file in value]


def all_file_ids(held: Json) -> set[str]:
    """Every file named anywhere in a draft's answers, on the path or off it."""
    if isinstance(held, Mapping):
        own = {str(held["id"])} if {"id", "kind", "size"} <= set(held) else set()
        return own.union(*(all_file_ids(value) for value in held.values()))
    if isinstance(held, list):
        return set().union(*(all_file_ids(value) for value in held)) if held else set()
    return set()


def without_file(held: Json, file_id: str) -> Json:
    """Answers without that file; a question whose last file goes is no longer answered."""
    if isinstance(held, Mapping):
        kept = {key: without_file(value, file_id) for key, value in held.items()}
        return {key: value for key, value in kept.items() if value != [] or held[key] == []}
    if isinstance(held, list):
        return [without_file(v, file_id) for v in held if not (isinstance(v, Mapping) and v.get("id") == file_id)]
    return held


def signs_in_at(journey: Mapping[str, Json]) -> str | None:
    """The page before which a person must sign in ("check": before check-your-answers); None when they need not."""
    if journey.get("sign_in") != "required":
        return None
    return str(journey.get("sign_in_at") or "check")


def is_at_or_after(page_id: str, gate: str, path_ids: Sequence[str]) -> bool:
    """Whether `page_id` lies at or behind the page `gate` on the path (`check` lies behind all)."""
    if page_id in ("check", gate):
        return True
    if gate not in path_ids or page_id not in path_ids:
        return False
    return path_ids.index(page_id) >= path_ids.index(gate)
