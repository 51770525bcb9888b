# SPDX-License-Identifier: MIT
"""Input that no honest browser sends and no database keeps is refused at the door, once for every page and call.

PostgreSQL keeps no NUL character, no text is half a surrogate pair, and JSON knows neither NaN nor an endless number:
let through, each would be a fault of ours (500) deep inside some room.
"""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from onecouncil.core.problems import Invalid, NotFound
from onecouncil.house.errors import is_api, problem_response

Handler = Callable[[HttpRequest], HttpResponse]

_UNREADABLE = "Take out the characters that cannot be shown, and send it again"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def readable_input(get_response: Handler) -> Handler:
    """404 for an address that cannot be one, 422 for a field that cannot be kept; a broken cookie is no cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not readable(request.path):
            return problem_response(request, NotFound())
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if readable(value)}
        fault = _fault(request)
        return problem_response(request, Invalid({fault: _UNREADABLE})) if fault is not None else get_response(request)

    return middleware


def readable(text: str) -> bool:
    """Whether every database and every encoder takes this text."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _fault(request: HttpRequest) -> str | None:
    """The first field that cannot be kept, None when all can; "" when it has no name that can be shown."""
    for name, values in _fields(request):
        if not readable(name):
            return ""
        if not all(readable(value) for value in values):
            return name
    if is_api(request) and request.content_type == "application/json" and request.body:
        return _fault_of_json(request.body)
    return None


def _fields(request: HttpRequest) -> Iterator[tuple[str, list[Any]]]:
    yield from request.GET.lists()
    if request.method == "POST" and request.content_type in _FORMS:
        yield from request.POST.lists()


def _fault_of_json(body: bytes) -> str | None:
    """The key under which something cannot be kept. What is no JSON at all is the API's to refuse."""
    try:
        wrong = [key for key, value in _leaves("", json.loads(body)) if not _keepable(value)]
    except (ValueError, RecursionError):
        return None
    return next((key if readable(key) else "" for key in wrong), None)


def _leaves(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every key and every plain value in a JSON document, each with the key it stands under."""
    waiting = [(key, value)]
    while waiting:
        at, one = waiting.pop()
        if isinstance(one, dict):
            yield from ((name, name) for name in one)
            waiting.extend(one.items())
        elif isinstance(one, list):
            waiting.extend((at, part) for part in one)
        else:
            yield at, one


def _keepable(value: Any) -> bool:
    if isinstance(value, str):
        return readable(value)
    return not isinstance(value, float) or math.isfinite(value)
