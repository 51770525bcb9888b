# SPDX-License-Identifier: MIT
"""The `case:` part of a service's file: what it may say, and how plainly it is told what is wrong."""

from typing import Any

import pytest
from tests.casework.given import CASES, MESSAGES

from onecouncil.casework.furniture import case_faults
from onecouncil.casework.reading import CaseTypeError, read_case_type


@pytest.mark.parametrize("service", CASES)
def test_the_examples_are_read(service: str) -> None:
    case_type = read_case_type(CASES[service], service=service)
    assert case_type.kind == CASES[service]["kind"]
    assert case_type.final_stage.final


def test_nothing_said_is_a_plain_case() -> None:
    case_type = read_case_type(None, service="report-a-pothole")
    assert case_type.kind == "report-a-pothole"
    assert (case_type.clock.days, case_type.clock.unit) == (10, "working")
    assert [stage.label for stage in case_type.stages] == ["Received", "Being dealt with", "Finished"]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"klock": {}}, "case.klock: is not known here"),
        ({"kind": "Missed Bin"}, "case.kind: use small letters"),
        ({"clock": {"days": -1}}, "case.clock.days: write a whole number"),
        ({"clock": {"days": 2, "unit": "weeks"}}, "case.clock.unit: is working or calendar"),
        ({"clock": {"days": 2, "from": "acknowledged"}}, "case.clock.from: counts from the acknowledgement"),
        ({"clock": {"days": True}}, "case.clock.days: write a whole number"),
        ({"stages": []}, "case.stages: needs at least one stage that is not final"),
        ({"stages": [{"key": "a", "label": "A"}]}, "case.stages: needs exactly one stage with `final: true`"),
        (
            {"decisions": [{"key": "a", "label": "A"}]},
            "case.decisions: needs at least one decision with `closes: true`",
        ),
        ({"decisions": [{"key": "a", "label": "A", "closes": True}] * 2}, "case.decisions: has the key 'a' twice"),
        ({"decisions": [{"key": "a", "label": "A", "closes": True, "grants": "permit"}]}, "case.decisions.a: grants"),
        ({"decisions": [{"key": "a", "label": "A", "closes": True, "stage": "x"}]}, "moves to the stage 'x'"),
        ({"decisions": "all"}, "case.decisions: write this as a list"),
        ({"tasks": [{"label": "A"}]}, "case.tasks[1].unit: use small letters"),
        ({"permit": {"kind": "p", "holds": ["vrm"]}}, "case.permit.holds: write this as"),
        ({"second_stage": {}}, "case.second_stage.clock.days: write a whole number"),
        ({"on_submit": {"change_address": {}}}, "case.on_submit.change_address.address: write some words here"),
        ("missed-bin", "case: write this as `name: value` lines"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(part: Any, told: str) -> None:
    with pytest.raises(CaseTypeError) as caught:
        read_case_type(part, service="x")
    assert told in str(caught.value)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(CaseTypeError) as caught:
        read_case_type({"kind": "X", "clock": {"days": "two"}, "priority": 99}, service="x")
    assert len(caught.value.problems) == 3


def test_the_designer_is_told_of_a_message_that_is_not_there() -> None:
    part = CASES["report-a-missed-bin"]
    whole = {"slug": "report-a-missed-bin", "case": part, "messages": MESSAGES}
    assert case_faults(part, whole) == []
    [fault] = case_faults(part, {**whole, "messages": {}})
    assert fault.path == "case.decisions.collected.message"
    assert "missed-bin-collected" in fault.reason
    assert case_faults({"clock": 1}, {})[0].path == "case.clock"
