# SPDX-License-Identifier: MIT
"""What the engine's tests are made of: an outside, a short way to write journeys, and generated ones."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from onecouncil.services.engine import (
    AddressChoice,
    Definition,
    FileMeta,
    Group,
    Outside,
    Question,
    SlotChoice,
    parse,
    sample,
)

TODAY = date(2026, 11, 23)
FILES = {f"sample-{n}": FileMeta(f"sample-{n}", f"photo-{n}.jpg", "jpg", 1000 * n) for n in range(1, 7)} | {
    "huge": FileMeta("huge", "huge.pdf", "pdf", 99_000_000),
    "odd": FileMeta("odd", "run.exe", "exe", 10),
}
HOMES = (
    AddressChoice("100001", "1 Mill Lane", "Lindmere", "LM1 4QX"),
    AddressChoice("100002", "2 Mill Lane", "Lindmere", "LM1 4QX"),
)
SLOTS = (SlotChoice("mon", "Monday 30 November"), SlotChoice("tue", "Tuesday 1 December"))
FACTS = {"fees.base": 4500, "fees.extra": 800}

OUTSIDE = Outside(
    today=TODAY,
    lookup=FACTS.__getitem__,
    addresses=lambda postcode: HOMES if postcode == "LM1 4QX" else (),
    files=FILES.get,
    slots=lambda pool: SLOTS,
)


def journey(*pages: dict[str, Any], fee: list[Any] | None = None, **more: Any) -> Definition:
    """A definition from its pages; a page may be short: `{"key": …, "questions": […]}`."""
    full = [{"title": str(page.get("key") or page.get("group")), **page} for page in pages]
    return parse({"journey": {"pages": full, **more}, "fee": fee or []})


def question(type: str, key: str = "q", **more: Any) -> Question:
    """One question of a type, as parsed."""
    page = {"key": "p", "questions": [{"key": key, "type": type, "label": "Answer", **more}]}
    return journey(page).questions[key]


# --- generated definitions ------------------------------------------------------------------------------------------

OPTIONS = [
    {"value": "a", "label": "A"},
    {"value": "b", "label": "B"},
    {"value": "none", "label": "None", "exclusive": True},
]
TYPES_WITH_OPTIONS = ("radios", "select", "checkboxes", "items")
ASKED = (
    "yes_no", "yes_no", "radios", "radios", "number", "checkboxes", "date", "text", "items", "address", "place",
    "money", "email", "phone_uk", "postcode", "vehicle_registration",
    "ni_number", "bank_details", "signature", "slot", "file",
    "select", "textarea",
)  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, earlier: list[tuple[str, str]], depth: int = 0) -> dict[str, Any]:
    """A condition over earlier questions, given as (key, type)."""
    if depth < 2 and draw(st.integers(0, 4)) == 0:
        shape = draw(st.sampled_from(("all", "any", "not")))
        if shape == "not":
            return {"not": draw(conditions(earlier, depth + 1))}
        return {shape: draw(st.lists(conditions(earlier, depth + 1), min_size=1, max_size=2))}
    key, kind = draw(st.sampled_from(earlier))
    if kind == "yes_no":
        return {"answer": key, "is": draw(st.booleans())}
    if kind in ("radios", "select"):
        return {"answer": key, draw(st.sampled_from(("is", "is_not"))): draw(st.sampled_from(("a", "b")))}
    if kind == "checkboxes":
        return {"answer": key, "contains": draw(st.sampled_from(("a", "none")))}
    if kind in ("number", "money"):
        return {"answer": key, draw(st.sampled_from(("gt", "lte"))): draw(st.integers(0, 5))}
    if kind == "date":
        return {"answer": key, "age_gte": draw(st.integers(0, 30))}
    return {"answer": key, draw(st.sampled_from(("answered", "not_answered"))): True}


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A journey of pages, groups, exits and conditions, of every question type."""
    count = 0

    def asked(earlier: list[tuple[str, str]]) -> dict[str, Any]:
        nonlocal count
        count += 1
        kind = draw(st.sampled_from(ASKED))
        out: dict[str, Any] = {
            "key": f"q{count}",
            "type": kind,
            "label": f"Question {count}",
            "optional": draw(st.booleans()),
        }
        if kind in TYPES_WITH_OPTIONS:
            out["options"] = OPTIONS if kind != "items" else OPTIONS[:2]
        if earlier and draw(st.booleans()):
            out["show_if"] = draw(conditions(earlier))
        earlier.append((out["key"], kind))
        return out

    def page(key: str, earlier: list[tuple[str, str]]) -> dict[str, Any]:
        out: dict[str, Any] = {"key": key, "title": f"Page {key}"}
        if earlier and draw(st.booleans()):
            out["show_if"] = draw(conditions(list(earlier)))
            if draw(st.integers(0, 7)) == 0:
                return out | {"exit": {"why": "You cannot use this.", "instead": "Call us."}}
        return out | {"questions": [asked(earlier) for _ in range(draw(st.integers(0, 2)))]}

    earlier: list[tuple[str, str]] = []
    steps: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 5))):
        if draw(st.integers(0, 3)) > 0:
            steps.append(page(f"p{n}", earlier))
            continue
        inside = list(earlier)
        least = draw(st.integers(0, 2))
        pages = [page(f"i{m}", inside) for m in range(draw(st.integers(1, 2)))]
        steps.append(
            {"group": f"g{n}", "title": f"Group {n}", "item": "child", "min": least, "max": least + 2, "pages": pages}
        )
    return parse({"journey": {"pages": steps}})


def values(asked: Question) -> st.SearchStrategy[Any]:
    """Valid answers to a question, None too where it is optional."""
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "yes_no": st.booleans(),
        "radios": st.sampled_from(("a", "b")),
        "select": st.sampled_from(("a", "b")),
        "checkboxes": st.sampled_from((["a"], ["b"], ["a", "b"], ["none"])),
        "number": st.integers(0, 8),
        "money": st.integers(0, 800),
        "date": st.dates(date(1930, 1, 1), TODAY).map(date.isoformat),
        "text": st.sampled_from(("Alice", "Bob", "Charlie")),
        "items": st.sampled_from(({"a": 1}, {"a": 2, "b": 3})),
        "slot": st.sampled_from([{"id": slot.id, "label": slot.label} for slot in SLOTS]),
    }
    valid = by_type.get(asked.type, st.just(sample(asked, OUTSIDE)))
    return st.one_of(st.none(), valid) if asked.optional else valid


@st.composite
def answers_to(draw: st.DrawFn, definition: Definition) -> dict[str, Any]:
    """Answers to some of the questions, on the path or off it."""
    out: dict[str, Any] = {}
    for step in definition.pages:
        pages = step.pages if isinstance(step, Group) else (step,)
        asked = [each for page in pages for each in page.questions]

        def some(asked: list[Question] = asked) -> dict[str, Any]:
            return {each.key: draw(values(each)) for each in asked if draw(st.integers(0, 5))}

        if isinstance(step, Group):
            if draw(st.booleans()):
                out[step.key] = [some() for _ in range(draw(st.integers(0, step.max)))]
        else:
            out |= some()
    return out


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Definition, dict[str, Any]]:
    """A definition and answers to it."""
    definition = draw(definitions())
    return definition, draw(answers_to(definition))
