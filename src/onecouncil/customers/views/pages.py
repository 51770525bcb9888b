# SPDX-License-Identifier: MIT
"""What all pages of the room do alike: who asks, was the purpose stated, showing a form again with faults."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from onecouncil.core.permissions import require
from onecouncil.core.problems import Invalid
from onecouncil.customers import opening, reads
from onecouncil.customers.asking import asker

View = Callable[..., HttpResponse]


def go(where: str) -> HttpResponse:
    """303: the browser asks for the next page by GET."""
    response = HttpResponseRedirect(where)
    response.status_code = 303
    return response


def show(request: HttpRequest, template: str, context: dict[str, Any], problem: Invalid | None = None) -> HttpResponse:
    """A page; with a problem: status 422, the summary and the message beside each field. Records are never cached."""
    faults = problem.fields if problem else {}
    errors = [{"text": words, "href": f"#{field}" if field else ""} for field, words in faults.items()]
    held = {**context, "faults": faults, "errors": errors}
    response = render(request, f"customers/{template}", held, status=422 if faults else 200, using="jinja2")
    response["Cache-Control"] = "private, no-store"
    return response


def with_purpose(permission: str) -> Callable[[View], View]:
    """The view is for who has `permission`, and has said why they need this person's record; else they are asked."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, person_id: UUID, **more: Any) -> HttpResponse:
            actor = asker(request)
            require(actor, permission)
            reads.access_customer(actor, str(person_id))
            purpose = opening.purpose_in(request.session, str(person_id))
            if not purpose:
                way_back = urlencode({"next": request.path}) if request.method == "GET" else ""
                return go(f"{reverse('customer-open', args=[person_id])}{'?' + way_back if way_back else ''}")
            return view(request, str(person_id), **more)

        return guarded

    return guard
