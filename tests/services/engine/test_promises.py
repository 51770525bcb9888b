# SPDX-License-Identifier: MIT
"""The engine's promises, held over generated definitions and answers."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.services.engine.making import OUTSIDE, answers_to, definitions, journeys, values

from onecouncil.services.engine import (
    Definition,
    DefinitionError,
    PageOnPath,
    carry,
    check,
    clean,
    clean_json,
    dump,
    exit_reached,
    find_page,
    first_unanswered,
    is_complete,
    may_visit,
    parse,
    path,
    prune,
    save_all,
    save_page,
    summary,
    to_form,
)

usual = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def asked_on(pages: list[PageOnPath]) -> set[tuple[str, int, str]]:
    """(group, item, question) for everything asked on a path."""
    return {(page.group, page.index, each.key) for page in pages for each in page.questions}


def given_in(definition: Definition, answers: dict[str, Any]) -> set[tuple[str, int, str]]:
    """The same for everything answered."""
    out = set()
    for key, value in answers.items():
        if key in definition.groups:
            out |= {(key, index, inner) for index, item in enumerate(value, 1) for inner in item}
        else:
            out.add(("", 0, key))
    return out


def form_for(page: PageOnPath, data: st.DataObject) -> dict[str, list[str]]:
    """A valid form for a page, every drawn field filled in."""
    if page.kind == "group":
        return {f"{page.page.key}-more": ["no"]}
    form: dict[str, list[str]] = {}
    for each in page.fields:
        form |= to_form(each, data.draw(values(each)))
    return form


def walk_to_the_end(definition: Definition, data: st.DataObject) -> dict[str, Any]:
    """Answer the first unanswered page until there is none."""
    answers: dict[str, Any] = {}
    for _ in range(100):
        page_id = first_unanswered(definition, answers, OUTSIDE)
        if page_id is None:
            return answers
        page = find_page(definition, answers, page_id, OUTSIDE)
        assert page is not None
        saved = save_page(definition, answers, page_id, form_for(page, data), OUTSIDE)
        assert saved.ok, saved.errors
        answers = dict(saved.answers)
    raise AssertionError("the journey has no end")


@usual
@given(journeys())
def test_the_path_is_a_function_of_the_answers(made: tuple[Definition, dict[str, Any]]) -> None:
    definition, answers = made
    backwards = dict(reversed(list(answers.items())))
    assert path(definition, answers, OUTSIDE) == path(definition, backwards, OUTSIDE)
    assert path(definition, answers, OUTSIDE) == path(definition, json.loads(json.dumps(answers)), OUTSIDE)


@usual
@given(journeys())
def test_no_answer_off_the_path_reaches_the_case(made: tuple[Definition, dict[str, Any]]) -> None:
    definition, answers = made
    pruned = prune(definition, answers, OUTSIDE)
    assert given_in(definition, pruned) <= asked_on(path(definition, answers, OUTSIDE))
    assert given_in(definition, pruned) <= given_in(definition, answers)
    assert prune(definition, pruned, OUTSIDE) == pruned


@settings(usual, max_examples=500)
@given(journeys())
def test_answers_off_the_path_decide_nothing(made: tuple[Definition, dict[str, Any]]) -> None:
    definition, answers = made
    pruned = prune(definition, answers, OUTSIDE)
    assert path(definition, pruned, OUTSIDE) == path(definition, answers, OUTSIDE)
    assert summary(definition, pruned, OUTSIDE) == summary(definition, answers, OUTSIDE)


@usual
@given(definitions(), st.data())
def test_every_page_that_is_reached_can_be_left(definition: Definition, data: st.DataObject) -> None:
    answers = walk_to_the_end(definition, data)
    complete = is_complete(definition, answers, OUTSIDE)
    assert complete != (exit_reached(definition, answers, OUTSIDE) is not None)
    assert all(may_visit(definition, answers, page.id, OUTSIDE) for page in path(definition, answers, OUTSIDE))


@usual
@given(definitions(), st.data())
def test_going_back_and_changing_an_answer_leaves_no_stale_one(definition: Definition, data: st.DataObject) -> None:
    answers = walk_to_the_end(definition, data)
    page = data.draw(st.sampled_from(path(definition, answers, OUTSIDE)))
    if page.kind != "page":
        return
    saved = save_page(definition, answers, page.id, form_for(page, data), OUTSIDE)
    assert saved.ok, saved.errors
    pruned = prune(definition, saved.answers, OUTSIDE)
    assert given_in(definition, pruned) <= asked_on(path(definition, saved.answers, OUTSIDE))
    if is_complete(definition, saved.answers, OUTSIDE):
        assert save_all(definition, pruned, OUTSIDE).errors == ()


@usual
@given(journeys())
def test_the_summary_shows_exactly_the_path(made: tuple[Definition, dict[str, Any]]) -> None:
    definition, answers = made
    pages = [page for page in path(definition, answers, OUTSIDE) if page.kind != "exit"]
    expected = []
    for page in pages:
        expected += [(page.id, page.id)] if page.kind == "group" else [(page.id, each.key) for each in page.questions]
    rows = [(row.page, row.question) for section in summary(definition, answers, OUTSIDE) for row in section.rows]
    assert rows == expected


@usual
@given(definitions())
def test_export_then_import_is_the_identity(definition: Definition) -> None:
    assert parse(json.loads(json.dumps(dump(definition)))) == definition


@usual
@given(definitions(), st.data())
def test_the_api_takes_what_the_pages_took(definition: Definition, data: st.DataObject) -> None:
    answers = walk_to_the_end(definition, data)
    if is_complete(definition, answers, OUTSIDE):
        saved = save_all(definition, prune(definition, answers, OUTSIDE), OUTSIDE)
        assert saved.errors == ()
        assert saved.answers == prune(definition, answers, OUTSIDE)


@usual
@given(definitions(), st.data())
def test_json_and_form_agree(definition: Definition, data: st.DataObject) -> None:
    junk = st.text(max_size=12) | st.sampled_from(
        ("yes", "a", "12", "1.5", "LM1 4QX", "07700 900 982", "AB12 CDE", "2", "")
    )
    for each in definition.questions.values():
        value = data.draw(values(each))
        assert clean_json(each, value, OUTSIDE).value == value
        assert clean(each, to_form(each, value), OUTSIDE).value == value
        fields = to_form(each, data.draw(values(each)) or None) or {each.key: [""]}
        cleaned = clean(each, {field: [data.draw(junk)] for field in fields}, OUTSIDE)
        if cleaned.ok:
            assert clean_json(each, cleaned.value, OUTSIDE).value == cleaned.value
            assert clean(each, to_form(each, cleaned.value), OUTSIDE).value == cleaned.value
        else:
            assert cleaned.value is None
            assert all(error.message for error in cleaned.errors)


@usual
@given(journeys())
def test_carrying_over_to_the_same_definition_keeps_everything(made: tuple[Definition, dict[str, Any]]) -> None:
    definition, answers = made
    assert carry(answers, definition, definition, OUTSIDE) == (answers, ())


@usual
@given(definitions(), definitions(), st.data())
def test_a_draft_survives_any_change_of_the_definition(old: Definition, new: Definition, data: st.DataObject) -> None:
    kept, _ = carry(data.draw(answers_to(old)), old, new, OUTSIDE)
    for key, value in kept.items():
        if key in new.questions:
            assert clean_json(new.questions[key], value, OUTSIDE).value == value
    path(new, kept, OUTSIDE)
    summary(new, kept, OUTSIDE)


@usual
@given(definitions(), st.data())
def test_a_page_called_unreachable_is_never_reached(definition: Definition, data: st.DataObject) -> None:
    dead = {f.path.removesuffix(".show_if") for f in check(definition) if "is never reached" in f.message}
    answers = walk_to_the_end(definition, data)
    reached = {page.page.key for page in path(definition, answers, OUTSIDE)}
    for index, step in enumerate(definition.pages):
        if f"journey.pages[{index}]" in dead:
            assert step.key not in reached


def spots(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each part of plain data is."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(spot for key, value in inner for spot in spots(value, (*at, key)))]


@usual
@given(definitions(), st.data())
def test_a_file_broken_anywhere_is_read_or_refused(definition: Definition, data: st.DataObject) -> None:
    file = json.loads(json.dumps(dump(definition)))
    *way, last = data.draw(st.sampled_from(spots(file)[1:]))
    part = file
    for key in way:
        part = part[key]
    junk = (
        None,
        True,
        7,
        -1,
        10**9,
        1.5,
        "",
        "£5",
        "{a.b}",
        "q1",
        [],
        [None],
        {},
        {"answer": "q1", "is": True},
        {"all": 3},
    )
    part[last] = data.draw(st.sampled_from(junk))
    try:
        broken = parse(file)
    except DefinitionError as error:
        assert all(problem.path and problem.reason for problem in error.problems)
    else:
        check(broken)
        assert parse(dump(broken)) == broken
