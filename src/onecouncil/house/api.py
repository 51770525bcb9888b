# SPDX-License-Identifier: MIT
"""The HTTP API under /api/v1/: every room's router in one OpenAPI 3.1 document."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from onecouncil.core.problems import Invalid, Problem
from onecouncil.house.errors import problem_json

api = NinjaAPI(
    title="OneCouncil",
    version="1.0.0",
    description="All a resident or an officer can do. Errors are problem+json (RFC 9457); lists are paginated by key.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem_json(request, problem)


@api.exception_handler(ValidationError)
def on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {".".join(str(part) for part in one["loc"][1:]): str(one["msg"]) for one in error.errors}
    return problem_json(request, Invalid(fields))


for _room in settings.ROOMS:
    if find_spec(f"{_room}.rest"):
        api.add_router("", import_module(f"{_room}.rest").router)
