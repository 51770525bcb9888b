# SPDX-License-Identifier: MIT
"""What the room's pages share: showing a form again with its faults, and lists by key."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from onecouncil.core.actors import Actor
from onecouncil.core.permissions import require_signed_in
from onecouncil.core.problems import Invalid

Row = TypeVar("Row")


def asker(request: HttpRequest) -> Actor:
    """Whoever asks, signed in.

    Raises:
        SignInNeeded: nobody is signed in; the house sends them to sign in and back here.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_signed_in(actor)
    return actor


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], problem: Invalid | None = None
) -> HttpResponse:
    """The page; with a problem: its summary, a message beside each field, what was typed, and status 422."""
    fields = problem.fields if problem else {}
    errors = [{"text": words, "href": f"#{field}" if field else "#main-content"} for field, words in fields.items()]
    return render(
        request, template, {**context, "errors": errors, "field_errors": fields}, status=422 if problem else 200
    )


def go(url: str) -> HttpResponse:
    """On to another page after a POST."""
    return HttpResponseRedirect(url, status=303)


def page_of(rows: Sequence[Row], size: int) -> tuple[Sequence[Row], Row | None]:
    """(this page, its last row when there are more) of rows asked for one more than `size`."""
    return (rows[:size], rows[size - 1]) if len(rows) > size else (rows, None)


def whole_number(text: str | None) -> int | None:
    """A key from an address; None when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None
