# SPDX-License-Identifier: MIT
"""Strange input, and where it can be put: every parameter an address reads, every field of its form or its body."""

import copy
import inspect
import re
from collections.abc import Iterator
from typing import Any

from django.urls import Resolver404, resolve
from tests.house.bodies import operation

WORDS = (
    "\x00",
    "²",
    "٣",
    "-1",
    "9" * 19,
    "9" * 5000,
    "nan",
    "1e400",
    "2026-99-99",
    "a" * 3000,
    "𝟙'\"--%_\\{{7*7}}\r\nX: y",
)
JSON_VALUES: tuple[Any, ...] = (
    "\x00", "\ud800", "9" * 5000, "²", -1, 10**30, 1e308, float("nan"), None, True, [], {}, [["a"]], {"line1": {}},
)  # fmt: skip
IN_PATHS = ("%00", "%C2%B2", "9" * 40, "-1", "x" * 300, "..%2F..", "%F0%9F%98%80", "%0d%0aX:y", "%ED%A0%80")

_GET = re.compile(r'(?:request\.GET\.get|request\.GET\.getlist|\bget)\(\s*"([\w-]+)"')
_POST = re.compile(r'(?:\bPOST\.get|\bPOST\.getlist|\bpost\.get)\(\s*"([\w-]+)"')
_CONTROL = re.compile(r"<(?:input|select|textarea|button)\b[^>]*\bname=\"([^\"]+)\"")


def read_by(url: str, kind: str) -> list[str]:
    """The names of GET or POST fields that the module of this address's view reads."""
    try:
        view = resolve(url).func
    except Resolver404:
        return []
    module = inspect.getmodule(inspect.unwrap(view))
    source = inspect.getsource(module) if module and module.__name__.startswith("onecouncil") else ""
    pattern = _GET if kind == "GET" else _POST
    return sorted(set(pattern.findall(source)))


def controls(page: str) -> list[str]:
    """The names of a page's form fields, the token of the form not among them."""
    return sorted(set(_CONTROL.findall(page)) - {"csrfmiddlewaretoken"})


def query_names(document: dict[str, Any], method: str, path: str) -> list[str]:
    found = document["paths"].get(path, {}).get(method.lower(), {})
    return [one["name"] for one in found.get("parameters", []) if one["in"] == "query"]


def bodies(document: dict[str, Any], method: str, path: str) -> Iterator[Any]:
    """The smallest body of a call with each of its fields strange in turn, then bodies that are none."""
    body, _ = operation(document, method, path)
    if not isinstance(body, dict):
        return
    names = set(body) | set(_properties(document, method, path))
    for name in sorted(names):
        for value in JSON_VALUES:
            strange = copy.deepcopy(body)
            strange[name] = value
            yield strange
            if isinstance(body.get(name), dict):
                yield {**body, name: {"question": value, "name": value, "email": value}}
    yield from ([], None, "text", 7)


def _properties(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    content = document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    found: dict[str, Any] = schema.get("properties", {})
    return found
