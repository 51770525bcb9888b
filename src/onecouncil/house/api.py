# SPDX-License-Identifier: MIT
"""The HTTP API under /api/v1/: every room's router in one OpenAPI 3.1 document."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from onecouncil.core.problems import Invalid, Problem
from onecouncil.house.errors import problem_json, told

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": {"type": "string"}, "message": {"type": "string"}}},
        },
    },
}
_REFUSED = {
    "description": "It could not be done; the problem says why",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class CouncilAPI(NinjaAPI):
    """Ninja's API, whose document also says how one signs in and how a refusal looks."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        components = document.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = _PROBLEM
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "An API token; scopes are permissions"}
        }
        document["security"] = [{}, {"token": []}]
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"].setdefault("4XX", _REFUSED)
        return document


api = CouncilAPI(
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


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses, broken JSON for one."""
    return problem_json(request, told(error.status_code, error.message))


for _room in settings.ROOMS:
    if find_spec(f"{_room}.rest"):
        api.add_router("", import_module(f"{_room}.rest").router)
