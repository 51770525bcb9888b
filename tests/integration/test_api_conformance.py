# SPDX-License-Identifier: MIT
"""The HTTP API as one: every room's part follows the same few rules (UK government's API standards), and survives
generated calls (schemathesis) without a server error, with the answers its document promises."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import Failure, FailureGroup

from onecouncil.core.actors import STAFF_ROLES, Actor
from onecouncil.core.permissions import TABLE

DOCUMENT = "/api/v1/openapi.json"
SNAKE = re.compile(r"^[a-z][a-z0-9_]*$")
NOUN = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")
UTC_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
NOT_PAGED = {
    "GET /api/v1/search": "ranked: the best few, with a limit",
    "GET /api/v1/webhooks": "there are never more than 50",
}
EXAMPLES = 10
MOST_SECONDS = 240
"""They take about 30 seconds; the machine may be busy."""


@cache
def document() -> dict[str, Any]:
    from onecouncil.house.api import api

    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return found


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in document()["paths"].items():
        for verb, operation in verbs.items():
            yield verb.upper(), path, operation


def schema_of(operation: dict[str, Any]) -> dict[str, Any]:
    """The resolved schema of the first good answer, or {}."""
    for code, response in operation["responses"].items():
        if str(code).startswith("2"):
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            reference = schema.get("$ref", "")
            return document()["components"]["schemas"][reference.rsplit("/", 1)[-1]] if reference else schema
    return {}


def test_the_document_is_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1")
    assert len(list(operations())) >= 20


def test_names_are_in_one_case() -> None:
    wrong = [
        f"{name}.{field}"
        for name, schema in document()["components"]["schemas"].items()
        for field in schema.get("properties", {})
        if not SNAKE.match(field)
    ]
    wrong += [
        f"{verb} {path} {parameter['name']}"
        for verb, path, operation in operations()
        for parameter in operation.get("parameters", ())
        if parameter["in"] != "header" and not SNAKE.match(parameter["name"])
    ]
    assert wrong == []


def test_paths_are_nouns_with_hyphens_and_three_levels_at_most() -> None:
    wrong = []
    for path in document()["paths"]:
        parts = path.removeprefix("/api/v1/").split("/")
        nouns = [part for part in parts if not part.startswith("{")]
        if len(nouns) > 3 or not all(NOUN.match(noun) for noun in nouns):
            wrong.append(path)
    assert wrong == []


def test_every_answer_is_an_object_and_every_list_is_paged_by_key() -> None:
    wrong = []
    for verb, path, operation in operations():
        schema = schema_of(operation)
        if schema.get("type") == "array":
            wrong.append(f"{verb} {path}: an array at the top")
        if verb != "GET" or f"{verb} {path}" in NOT_PAGED or path.endswith("}"):
            continue
        parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
        fields = schema.get("properties", {})
        listed = [name for name, field in fields.items() if field.get("type") == "array"]
        is_list = any(name in ("items", "results") for name in listed) or len(listed) == 1 == len(fields)
        if is_list and not (parameters & {"before", "after"} and any(name.startswith("next") for name in fields)):
            wrong.append(f"{verb} {path}: a list without before/after and next")
    assert wrong == []


def test_times_in_answers_are_declared_as_times() -> None:
    wrong = [
        f"{name}.{field}"
        for name, schema in document()["components"]["schemas"].items()
        for field, rule in schema.get("properties", {}).items()
        if field.endswith("_at") and "date-time" not in json.dumps(rule)
    ]
    assert wrong == []


@pytest.fixture
def everybody(db: None) -> str:
    """A token of somebody with every role and every scope: the calls then get past the doors."""
    from onecouncil.accounts.actions.tokens import create_token
    from onecouncil.accounts.models import RoleHolding, User
    from onecouncil.accounts.rules import OWN
    from onecouncil.core.calendar import now

    user = User.objects.create_user("everybody@example.org", "correct horse battery", name="Everybody")
    for role in STAFF_ROLES:
        RoleHolding.objects.create(user=user, role=role, given_at=now())
    actor = Actor(kind="person", user_id=user.pk, name=user.name, roles=frozenset(STAFF_ROLES))
    return create_token(actor, "Conformance", sorted({*TABLE, OWN} - {""}), 30)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_generated_calls_get_the_answers_that_are_promised(everybody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from onecouncil.accounts import throttle

    monkeypatch.setattr(throttle, "A_MINUTE", 10**9)
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())
    began, faults, codes = time.monotonic(), [], Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        for headers in ({"Authorization": f"Bearer {everybody}"}, {}):
            faults += call(operation, headers, EXAMPLES if headers else 2, codes)
        assert time.monotonic() - began < MOST_SECONDS, "far over the time this test may take"
    good = sum(codes[code] for code in codes if code < 300)
    print(f"{codes.total()} generated calls in {time.monotonic() - began:.0f} s, {good} of them done: {dict(codes)}")
    assert sorted(set(faults)) == []
    assert good > 50, "most calls were refused: nothing was tested"


def call(operation: Any, headers: dict[str, str], examples: int, codes: "Counter[int]") -> list[str]:
    """Call an operation with generated arguments, count the answers, and return what was wrong with them."""
    faults: list[str] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        response = case.call(headers=headers)
        codes[response.status_code] += 1
        faults.extend(f"{operation.label}: {fault}" for fault in faults_of(case, response))

    run()
    return faults


def faults_of(case: Any, response: Any) -> Iterator[str]:
    code, kind = response.status_code, (response.headers.get("content-type") or [""])[0]
    if code >= 500:
        yield f"{code} for {case.path_parameters} {case.query} {str(case.body)[:200]}"
    elif code >= 400:
        body = json.loads(response.text or "{}")
        if not kind.startswith("application/problem+json"):
            yield f"{code} is told as {kind or 'nothing'}"
        elif not {"type", "title", "status", "detail"} <= body.keys() or body["status"] != code:
            yield f"{code} is told without its title, status or detail"
    else:
        yield from faults_of_good(case, response)


def faults_of_good(case: Any, response: Any) -> Iterator[str]:
    try:
        case.operation.validate_response(response)
    except (Failure, FailureGroup) as error:
        yield f"{response.status_code}: {type(error).__name__} {str(error)[:200]}"
    if response.text:
        yield from (
            f"time {one} is not UTC as …Z" for one in times(json.loads(response.text)) if not UTC_TIME.match(one)
        )


def times(held: Any) -> Iterator[str]:
    if isinstance(held, str) and TIME.match(held):
        yield held
    elif isinstance(held, dict):
        for value in held.values():
            yield from times(value)
    elif isinstance(held, list):
        for value in held:
            yield from times(value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing-here",
        "/api/v1/cases/LM-0000-0000",
        "/api/v1/webhooks/3f0e8f5e-6a55-4d5c-9f0e-0d5a3f1c2b11",
    ],
)
def test_what_is_not_there_or_not_yours_is_told_as_a_problem(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code in (401, 404)
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.django_db
def test_broken_json_is_told_as_a_problem(everybody: str) -> None:
    bearer = {"Authorization": f"Bearer {everybody}"}
    broken = Client().post("/api/v1/webhooks", "{not json", content_type="application/json", headers=bearer)
    assert broken.status_code in (400, 422)
    assert broken["Content-Type"].startswith("application/problem+json")


@pytest.mark.django_db
def test_a_wrong_method_is_told_as_a_problem(everybody: str) -> None:
    wrong = Client().delete("/api/v1/events", headers={"Authorization": f"Bearer {everybody}"})
    assert wrong.status_code == 405
    assert wrong["Content-Type"].startswith("application/problem+json")
