# SPDX-License-Identifier: MIT
"""A wrong definition is refused with the place and the reason; a poor one is reported by the checks."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from tests.services.engine.making import journey

from onecouncil.services.engine import DefinitionError, Finding, check, find_line, parse, parse_condition, with_lines
from onecouncil.services.engine.reading_age import reading_age

YES = {"key": "ok", "type": "yes_no", "label": "OK"}
BAND = {"key": "band", "type": "radios", "label": "Band", "options": ["Low", "Middle", "High"]}
WRONG = """\
journey:
  pages:
    - key: First Page
      title: 2026
      questions:
        - key: q
          type: zog
        - key: n
          type: text
          label: N
          max_length: many
          colour: red
      show_if: {answer: q}
    - key: second
"""


def test_every_problem_is_told_with_its_line() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(yaml.safe_load(WRONG))
    told = {(p.path, p.line) for p in with_lines(caught.value, WRONG).problems}
    assert told == {
        ("journey.pages[0].key", 3),
        ("journey.pages[0].title", 4),
        ("journey.pages[0].questions[0].type", 7),
        ("journey.pages[0].questions[1].max_length", 11),
        ("journey.pages[0].questions[1].colour", 12),
        ("journey.pages[0].show_if", 13),
        ("journey.pages[1].title", 14),
    }


@pytest.mark.parametrize(
    "junk", [None, 3, "x", [], {}, {"journey": 1}, {"journey": {"pages": "x"}}, {"journey": {"pages": [None, 1, []]}}]
)
def test_data_of_any_shape_is_refused_not_crashed_on(junk: Any) -> None:
    with pytest.raises(DefinitionError):
        parse(junk)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ({"key": "p", "questions": [YES, YES]}, "“ok” is there 2 times"),
        ({"key": "p", "questions": [{"key": "r", "type": "radios", "label": "R"}]}, "at least one option"),
        ({"key": "p", "questions": [YES], "exit": {"why": "w", "instead": "i"}}, "asks no questions"),
        ({"key": "p", "show_if": {"calculated": "gone", "is": 1}}, "no calculated value “gone”"),
        (
            {"key": "p", "exit": {"why": "w", "instead": "i", "links": [{"label": "l", "url": "javascript:x"}]}},
            "must begin with",
        ),
        ({"group": "g", "item": "i", "pages": [], "min": 4, "max": 2}, "not below min"),
        (
            {"key": "p", "questions": [{"key": "d", "type": "date", "label": "D", "past": True, "future": True}]},
            "no date can meet",
        ),
    ],
)
def test_a_definition_that_cannot_work_is_refused(page: dict[str, Any], reason: str) -> None:
    with pytest.raises(DefinitionError, match=reason):
        journey(page)


def test_a_value_that_needs_itself_is_refused() -> None:
    loop = [{"key": "a", "add": [{"calculated": "b"}, 1]}, {"key": "b", "add": [{"calculated": "a"}]}]
    with pytest.raises(DefinitionError, match="needs itself"):
        journey({"key": "p"}, calculated=loop)


def test_bare_numbers_are_no_money() -> None:
    with pytest.raises(DefinitionError, match=r"£45\.00"):
        journey({"key": "p"}, fee=[{"key": "f", "label": "F", "amount": 45}])


def test_conditions_nested_without_end_are_refused() -> None:
    deep: dict[str, Any] = {"answer": "x", "is": 1}
    for _ in range(50):
        deep = {"not": deep}
    with pytest.raises(DefinitionError, match="deep"):
        parse_condition(deep)


def test_a_path_that_ends_early_gives_the_nearest_line() -> None:
    assert find_line(WRONG, "journey.pages[1].title") == 14
    assert find_line(WRONG, "fee[0]") == 1
    assert find_line("{", "journey") is None


# --- static checks ----------------------------------------------------------------------------------------------------


def told(found: list[Finding], severity: str = "error") -> list[str]:
    return [finding.message for finding in found if finding.severity == severity]


def test_conditions_on_later_unknown_and_repeated_questions() -> None:
    later = journey({"key": "a", "show_if": {"answer": "ok", "is": True}}, {"key": "b", "questions": [YES]})
    assert any("asked later" in message for message in told(check(later)))
    unknown = journey({"key": "a", "show_if": {"answer": "zog", "answered": True}})
    assert told(check(unknown)) == ["there is no question “zog”"]
    group = {"group": "g", "item": "i", "pages": [{"key": "x", "title": "X", "questions": [YES]}]}
    outside = journey(group, {"key": "b", "show_if": {"answer": "ok", "is": True}})
    assert "only its count or total" in told(check(outside))[0]
    assert told(check(journey(group, {"key": "b", "show_if": {"count": "g", "gt": 1}}))) == []
    assert told(check(journey({"key": "a", "show_if": {"fact": "zog", "is": True}}), {"person.has_account"})) == [
        "there is no fact “zog”"
    ]
    stray = journey({"key": "a", "questions": [BAND]}, {"key": "b", "show_if": {"answer": "band", "is": "huge"}})
    assert "“huge” is not an option of “band”" in told(check(stray))


def test_pages_that_nobody_reaches() -> None:
    both = {"all": [{"answer": "ok", "is": True}, {"answer": "ok", "is": False}]}
    assert "never reached" in told(check(journey({"key": "a", "questions": [YES]}, {"key": "b", "show_if": both})))[0]
    gone = {"key": "out", "exit": {"why": "w", "instead": "i"}}
    assert told(check(journey(gone, {"key": "b"}))) == ["“b” is never reached: everybody leaves at “out”"]
    some = {**gone, "show_if": {"answer": "ok", "is": True}}
    dead = journey({"key": "a", "questions": [YES]}, some, {"key": "b", "show_if": {"answer": "ok", "is": True}})
    assert "never reached" in told(check(dead))[0]
    numbers = {"all": [{"answer": "n", "gt": 5}, {"answer": "n", "lt": 5}]}
    asked = {"key": "a", "questions": [{"key": "n", "type": "number", "label": "N"}]}
    assert "never reached" in told(check(journey(asked, {"key": "b", "show_if": numbers})))[0]


def fee_table(hit: str, *rows: dict[str, Any]) -> list[Finding]:
    line = {"key": "f", "label": "F", "table": {"hit": hit, "rows": list(rows)}}
    return check(journey({"key": "a", "questions": [BAND, YES]}, fee=[line]))


def test_gaps_and_overlaps_in_fees() -> None:
    low, middle, high = ({"when": {"answer": "band", "is": each}, "then": "£1"} for each in ("low", "middle", "high"))
    assert told(fee_table("unique", low, middle, high)) == []
    assert "no row fits when band is 'high'" in told(fee_table("first", low, middle))[0]
    dear = {"when": {"answer": "ok", "is": True}, "then": "£2"}
    assert "rows 1 and 4 both fit" in told(fee_table("unique", low, middle, high, dear))[0]
    assert told(fee_table("first", {"then": "£1"}, low), "warning") == [
        "never acts: rows before it take every case, or it cannot hold"
    ]


def test_gaps_between_numbers() -> None:
    rows = [{"when": {"answer": "n", "lt": 100}, "then": "£1"}, {"when": {"answer": "n", "gt": 100}, "then": "£2"}]
    asked = {"key": "a", "questions": [{"key": "n", "type": "number", "label": "CO2", "min": 0}]}
    gap = check(journey(asked, fee=[{"key": "f", "label": "F", "table": {"hit": "unique", "rows": rows}}]))
    assert told(gap) == ["no row fits when n is 100"]


def test_labels_nouns_and_hard_words() -> None:
    bare = {"key": "a", "questions": [{"key": "t", "type": "text"}, {"key": "u", "type": "text", "label": "Who?"}]}
    found = check(journey(bare))
    assert told(found) == ["“t” has no label"]
    assert "Enter an answer" in told(found, "warning")[0]
    hard = (
        "Notwithstanding the aforementioned regulatory considerations, applicants experiencing difficulties "
        "necessarily undertake supplementary administrative documentation procedures."
    )
    assert "reading age" in told(check(journey({"key": "a", "guidance": hard})), "warning")[0]


def test_the_reading_age_follows_the_words() -> None:
    easy = reading_age("Put your bin out by six. We will take it away. You can then put it back by your house.")
    plain = reading_age(
        "You can apply for a parking permit if you live in the area. You will need to show proof of your address."
    )
    assert easy is not None
    assert plain is not None
    assert easy < plain <= 11
    assert reading_age("Too short.") is None
