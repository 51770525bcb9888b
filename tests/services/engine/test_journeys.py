# SPDX-License-Identifier: MIT
"""One person's way through a journey: conditions, groups, exits, rules, fees, and what comes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.services.engine.making import OUTSIDE, journey

from onecouncil.services import engine
from onecouncil.services.engine import (
    FeeError,
    add_item,
    calculate,
    carry,
    check,
    clean_declaration,
    decide,
    dump,
    evidence,
    exit_reached,
    fee,
    first_unanswered,
    is_complete,
    may_visit,
    next_page,
    parse,
    parse_table,
    path,
    prefill,
    previous_page,
    prune,
    remove_item,
    save_all,
    save_page,
)

CAR = journey(
    {"key": "car", "questions": [{"key": "has_car", "type": "yes_no", "label": "Do you have a car?"}]},
    {
        "key": "reg",
        "show_if": {"answer": "has_car", "is": True},
        "questions": [{"key": "vrm", "type": "vehicle_registration", "label": "Registration"}],
    },
    {
        "key": "sorry",
        "show_if": {"answer": "has_car", "is": False},
        "exit": {"why": "No car.", "instead": "Take the bus."},
    },
    {"key": "name", "questions": [{"key": "name", "type": "text", "label": "Name", "prefill": "person.name"}]},
)
CHILDREN = journey(
    {
        "group": "children",
        "item": "child",
        "min": 1,
        "max": 3,
        "pages": [
            {"key": "child", "title": "Child", "questions": [{"key": "child_name", "type": "text", "label": "Name"}]}
        ],
    },
    {"key": "end", "questions": [{"key": "note", "type": "text", "label": "Note", "optional": True}]},
)


def ids(definition: Any, answers: dict[str, Any]) -> list[str]:
    return [page.id for page in path(definition, answers, OUTSIDE)]


def test_an_answer_decides_the_pages_after_it() -> None:
    assert ids(CAR, {}) == ["car", "name"]
    assert ids(CAR, {"has_car": True}) == ["car", "reg", "name"]
    assert ids(CAR, {"has_car": False}) == ["car", "sorry"]


def test_an_exit_ends_the_journey() -> None:
    left = exit_reached(CAR, {"has_car": False}, OUTSIDE)
    assert left is not None
    assert left.id == "sorry"
    assert first_unanswered(CAR, {"has_car": False}, OUTSIDE) is None
    assert not is_complete(CAR, {"has_car": False}, OUTSIDE)


def test_the_draft_remembers_and_the_case_does_not() -> None:
    answers = {"has_car": True, "vrm": "AB12CDE", "name": "Alice"}
    saved = save_page(CAR, answers, "car", {"has_car": ["no"]}, OUTSIDE)
    assert saved.answers["vrm"] == "AB12CDE"
    assert prune(CAR, saved.answers, OUTSIDE) == {"has_car": False}


def test_errors_change_nothing() -> None:
    saved = save_page(CAR, {"has_car": True}, "reg", {"vrm": ["!"]}, OUTSIDE)
    assert saved.answers == {"has_car": True}
    assert list(saved.by_field()) == ["vrm"]
    with pytest.raises(KeyError):
        save_page(CAR, {}, "reg", {}, OUTSIDE)


def test_a_question_may_be_revealed_on_its_own_page() -> None:
    other = {"key": "why", "type": "text", "label": "Why", "show_if": {"answer": "ok", "is": False}}
    definition = journey({"key": "p", "questions": [{"key": "ok", "type": "yes_no", "label": "OK"}, other]})
    (page,) = path(definition, {}, OUTSIDE)
    assert [q.key for q in page.questions] == ["ok"]
    assert [q.key for q in page.fields] == ["ok", "why"]
    assert save_page(definition, {}, "p", {"ok": ["yes"], "why": ["x"]}, OUTSIDE).answers == {"ok": True}
    assert save_page(definition, {}, "p", {"ok": ["no"]}, OUTSIDE).by_field() == {"why": "Enter why"}


def test_children_one_after_another() -> None:
    answers: dict[str, Any] = {}
    assert ids(CHILDREN, answers) == ["children.1.child", "children", "end"]
    steps = [
        ("children.1.child", {"child_name": ["Ann"]}, "children"),
        ("children", {"children-more": ["yes"]}, "children.2.child"),
        ("children.2.child", {"child_name": ["Ben"]}, "children"),
        ("children", {"children-more": ["no"]}, "end"),
    ]
    for page, form, then in steps:
        saved = save_page(CHILDREN, answers, page, form, OUTSIDE)
        assert (saved.errors, saved.next_page) == ((), then)
        answers = dict(saved.answers)
    assert answers == {"children": [{"child_name": "Ann"}, {"child_name": "Ben"}]}
    assert remove_item(CHILDREN, answers, "children", 1) == {"children": [{"child_name": "Ben"}]}
    assert next_page(CHILDREN, answers, "children.1.child", OUTSIDE) == "children"


def test_a_child_begun_by_mistake_can_be_taken_out() -> None:
    answers = add_item(CHILDREN, {"children": [{"child_name": "Ann"}]}, "children")
    assert first_unanswered(CHILDREN, answers, OUTSIDE) == "children.2.child"
    assert previous_page(CHILDREN, answers, "children.2.child", OUTSIDE) == "children"
    assert may_visit(CHILDREN, answers, "children", OUTSIDE)
    assert not may_visit(CHILDREN, answers, "end", OUTSIDE)
    saved = save_page(CHILDREN, answers, "children", {"children-more": ["no"]}, OUTSIDE)
    assert saved.by_field() == {"children-more": "Finish or remove child 2"}


def test_a_rule_over_two_answers() -> None:
    dates = [{"key": key, "type": "date", "label": key} for key in ("start", "end")]
    rule = {
        "key": "order",
        "must": {"answer": "end", "gte": {"answer": "start"}},
        "message": "The end must be after the start",
        "question": "end",
    }
    definition = journey({"key": "p", "questions": dates, "rules": [rule]})
    form = {
        f"{k}-{part}": [v] for k in ("start", "end") for part, v in (("day", "1"), ("month", "2"), ("year", "2027"))
    }
    assert save_page(definition, {}, "p", form, OUTSIDE).ok
    wrong = save_page(definition, {}, "p", form | {"end-year": ["2026"]}, OUTSIDE)
    assert wrong.by_field() == {"end-day": "The end must be after the start"}
    assert not is_complete(definition, {"start": "2027-02-01", "end": "2026-02-01"}, OUTSIDE)


def test_facts_from_outside_and_nested_conditions() -> None:
    show_if = {
        "all": [{"fact": "person.has_account", "is": True}, {"not": {"any": [{"fact": "person.staff", "is": True}]}}]
    }
    definition = journey({"key": "a", "questions": []}, {"key": "b", "show_if": show_if})
    assert ids(definition, {}) == ["a"]
    known = replace(OUTSIDE, facts={"person.has_account": True})
    assert [page.id for page in path(definition, {}, known)] == ["a", "b"]


def test_an_option_that_went_away_is_no_answer() -> None:
    options = [{"value": "x", "label": "X"}, {"value": "y", "label": "Y", "show_if": {"answer": "all", "is": True}}]
    definition = journey(
        {"key": "a", "questions": [{"key": "all", "type": "yes_no", "label": "All"}]},
        {"key": "b", "questions": [{"key": "pick", "type": "radios", "label": "Pick", "options": options}]},
    )
    assert is_complete(definition, {"all": True, "pick": "y"}, OUTSIDE)
    assert first_unanswered(definition, {"all": False, "pick": "y"}, OUTSIDE) == "b"
    assert prune(definition, {"all": False, "pick": "y"}, OUTSIDE) == {"all": False}


def test_the_api_refuses_what_is_not_asked() -> None:
    saved = save_all(CAR, {"has_car": True, "vrm": "ab12cde", "name": "Bob"}, OUTSIDE)
    assert saved.answers == {"has_car": True, "vrm": "AB12CDE", "name": "Bob"}
    codes = {
        e.question: e.code for e in save_all(CAR, {"has_car": True, "zog": 1, "vrm": 7, "name": None}, OUTSIDE).errors
    }
    assert codes == {"vrm": "invalid", "name": "missing", "zog": "unknown"}
    assert [e.code for e in save_all(CAR, {"has_car": False}, OUTSIDE).errors] == ["exit"]
    assert [e.code for e in save_all(CAR, {"has_car": False, "vrm": "AB12CDE"}, OUTSIDE).errors] == ["not_asked"]
    assert [e.code for e in save_all(CHILDREN, {"children": []}, OUTSIDE).errors] == ["how_many"]


def test_never_asked_twice_and_never_broken_by_a_new_version() -> None:
    assert prefill(CAR, {"person.name": " Alice "}, {}, OUTSIDE) == {"name": "Alice"}
    assert prefill(CAR, {"person.name": "Alice"}, {"name": "Bob"}, OUTSIDE) == {}
    newer = journey({"key": "x", "questions": [{"key": "name", "type": "text", "label": "Name", "max_length": 3}]})
    assert carry({"name": "Bob", "has_car": True}, CAR, newer, OUTSIDE) == ({"name": "Bob"}, ("has_car",))
    assert carry({"name": "Alice"}, CAR, newer, OUTSIDE) == ({}, ("name",))


# --- money ------------------------------------------------------------------------------------------------------------

ITEMS = {
    "key": "items",
    "type": "items",
    "label": "Items",
    "options": ["Sofa", "Bed", {"value": "fridge", "label": "Fridge"}],
}
BAND = {"key": "band", "type": "radios", "label": "Band", "options": ["Low", "High"]}


def bulky(**items: Any) -> Any:
    line = {"key": "c", "label": "Collection", "fund": "waste", "items": {"question": "items", **items}}
    return journey({"key": "p", "questions": [ITEMS]}, fee=[line])


@pytest.mark.parametrize(
    ("items", "pence"),
    [
        ({"sofa": 1}, 4500),
        ({"sofa": 3}, 4500),
        ({"sofa": 2, "bed": 2}, 5300),
        ({"fridge": 2}, 3000),
        ({"sofa": 4, "fridge": 1}, 6800),
    ],
)
def test_a_base_price_covers_some_items(items: dict[str, int], pence: int) -> None:
    priced = bulky(base="{fees.base}", covers=3, extra="{fees.extra}", prices={"fridge": "£15.00"})
    result = fee(priced, {"items": items}, OUTSIDE)
    assert (result.total_pence, result.lines[0].fund) == (pence, "waste")


def test_no_fee_is_invented() -> None:
    with pytest.raises(FeeError, match="no items"):
        fee(bulky(base="£1"), {}, OUTSIDE)
    with pytest.raises(FeeError, match=r"fees\.gone"):
        fee(bulky(base="{fees.gone}"), {"items": {"sofa": 1}}, OUTSIDE)


def test_a_table_a_discount_and_a_count() -> None:
    rows = [
        {"when": {"answer": "band", "is": "low"}, "then": "£33.33"},
        {"when": {"answer": "band", "is": "high"}, "then": "£60"},
    ]
    lines = [
        {"key": "permit", "label": "Permit", "table": {"hit": "unique", "rows": rows}, "times": {"answer": "years"}},
        {"key": "half", "label": "Half price", "percent": -50, "show_if": {"fact": "on_benefits", "is": True}},
    ]
    years = {"key": "years", "type": "number", "label": "Years"}
    definition = journey({"key": "p", "questions": [BAND, years]}, fee=lines)
    answers = {"band": "low", "years": 3}
    assert fee(definition, answers, OUTSIDE).total_pence == 9999
    helped = fee(definition, answers, replace(OUTSIDE, facts={"on_benefits": True}))
    assert [line.pence for line in helped.lines] == [9999, -5000]
    with pytest.raises(FeeError, match="no row"):
        fee(definition, {"years": 1}, OUTSIDE)


def test_calculated_values_are_exact() -> None:
    more = [
        {"key": "many", "quantity": "items"},
        {"key": "tenth", "multiply": [{"calculated": "many"}, 0.1]},
        {
            "key": "size",
            "table": {
                "hit": "first",
                "rows": [{"when": {"calculated": "many", "gt": 2}, "then": "large"}, {"then": "small"}],
            },
        },
    ]
    definition = journey({"key": "p", "questions": [ITEMS]}, calculated=more)
    answers = {"items": {"sofa": 2, "bed": 1}}
    assert [str(calculate(definition, answers, key, OUTSIDE)) for key in ("many", "tenth", "size")] == [
        "3",
        "0.3",
        "large",
    ]
    team = parse_table(
        {"hit": "first", "rows": [{"when": {"calculated": "size", "is": "large"}, "then": "lorry"}, {"then": "van"}]}
    )
    assert decide(team, definition, answers, OUTSIDE) == "lorry"


def test_evidence_and_declaration() -> None:
    proof = {"key": "proof", "type": "file", "label": "Proof", "evidence": "proof of address"}
    more = {"declaration": {"text": "It is true.", "label": "I confirm"}}
    definition = journey({"key": "p", "questions": [proof]}, **more)
    saved = save_page(definition, {}, "p", {"proof": ["sample-1"]}, OUTSIDE)
    (given,) = evidence(definition, saved.answers, OUTSIDE)
    assert (given.kind, given.files[0]["name"]) == ("proof of address", "photo-1.jpg")
    assert [error.field for error in clean_declaration(definition, {})] == ["declaration"]
    assert clean_declaration(definition, {"declaration": ["yes"]}) == ()


def test_the_example_in_the_readme_reads_and_checks() -> None:
    text = (Path(engine.__file__).parent / "README.md").read_text()
    example = re.search(r"```yaml\n(.*?)```", text, re.S)
    assert example
    definition = parse(yaml.safe_load(example[1]))
    assert [f for f in engine.check(definition, {"person.on_benefits"}) if f.severity != "note"] == []


def test_the_readme_lists_every_setting() -> None:
    text = (Path(engine.__file__).parent / "README.md").read_text()
    for kind in engine.TYPES.values():
        assert f"{kind.name}" in text
        if kind.settings:
            assert f"- `{kind.name}`: " + ", ".join(f"`{each.name}` ({each.kind})" for each in kind.settings) in text


def test_a_fee_can_be_the_amount_that_is_answered() -> None:
    data = {
        "journey": {
            "pages": [
                {
                    "key": "pay",
                    "title": "How much do you want to pay?",
                    "questions": [{"key": "amount", "type": "money", "label": "Amount"}],
                }
            ]
        },
        "fee": [{"key": "payment", "label": "Council tax", "fund": "council-tax", "amount": {"answer": "amount"}}],
    }
    definition = parse(data)
    assert dump(definition)["fee"] == dump(parse(dump(definition)))["fee"]
    line = fee(definition, {"amount": 14650}, OUTSIDE).lines[0]
    assert (line.label, line.pence, line.quantity) == ("Council tax", 14650, 1)
    with pytest.raises(FeeError, match="no amount answered"):
        fee(definition, {"amount": None}, OUTSIDE)
    unknown = {**data, "fee": [{"key": "payment", "label": "x", "amount": {"answer": "nothing"}}]}
    assert any(finding.path == "fee[0].amount" for finding in check(parse(unknown)))
