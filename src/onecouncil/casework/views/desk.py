# SPDX-License-Identifier: MIT
"""The caseworker's desk: the worklist, and one case on one page with all that can be done to it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from onecouncil.casework import below, rules
from onecouncil.casework.access import access_case
from onecouncil.casework.actions import closing, deciding, working, writing
from onecouncil.casework.asking import actor_of, send_file
from onecouncil.casework.casepage import access_file, desk_page
from onecouncil.casework.facets import kinds, units
from onecouncil.casework.reads import VIEWS, Filters, worklist
from onecouncil.core.actors import Actor
from onecouncil.core.permissions import may, require
from onecouncil.core.problems import Conflict, Invalid, NotFound

Verb = Callable[[Actor, str, HttpRequest], str]


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The worklist. Every filter is in the address, so that a list can be kept as a bookmark."""
    actor = actor_of(request)
    filters = filters_of(request)
    found = worklist(actor, filters)
    query = {key: request.GET[key] for key in ("view", "mine", "unit", "kind", "q") if request.GET.get(key)}
    next_url = f"?{urlencode({**query, 'after': found.next_key})}" if found.next_key else ""
    return render(
        request,
        "casework/worklist.html",
        {
            "rows": found.rows,
            "filters": filters,
            "views": VIEWS,
            "units": units(),
            "kinds": kinds(),
            "next_url": next_url,
            "first_url": f"?{urlencode(query)}" if filters.after else "",
        },
    )


def filters_of(request: HttpRequest) -> Filters:
    """The filters in an address; what is not one is left out."""
    get = request.GET.get
    view = get("view", "open")
    return Filters(
        view=view if view in VIEWS else "open",
        mine=get("mine") == "1",
        unit=get("unit", "").replace("\x00", "")[:60],
        kind=get("kind", "").replace("\x00", "")[:60],
        text=get("q", "")[:100],
        after=get("after", "")[:60],
    )


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, reference)


@require_GET
def case_file(request: HttpRequest, reference: str, file_id: str) -> HttpResponse:
    require(actor_of(request), "case.view")
    return send_file(*access_file(actor_of(request), reference, file_id))


@require_POST
def act(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Do one verb to a case. Wrong input shows the case again, with the message beside its field and what was typed."""
    actor = actor_of(request)
    require(actor, "case.view")
    access_case(actor, reference)
    doing = VERBS.get(verb)
    if doing is None:
        raise NotFound()
    try:
        said = doing(actor, reference, request)
    except Invalid as problem:
        return _page(request, reference, _on_the_form(verb, problem.fields, request), status=problem.status)
    except Conflict as problem:
        return _page(request, reference, {"": problem.detail}, status=problem.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("casework:case", args=[reference]), status=303)


def _on_the_form(verb: str, fields: dict[str, str], request: HttpRequest) -> dict[str, str]:
    """Messages by the names the fields have on this page, where several forms stand side by side."""
    names = {"close": {"reason": "close_reason"}, "reopen": {"reason": "reopen_reason"}}.get(verb, {})
    if verb == "task":
        names = {"result": f"result-{request.POST.get('task', '')}"}
    return {names.get(field, field): message for field, message in fields.items()}


def _page(
    request: HttpRequest, reference: str, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    page = desk_page(actor, reference)
    context: dict[str, Any] = {
        "case": page,
        "phone": rules.shown_phone(page.contact_phone),
        "errors": errors or {},
        "typed": request.POST,
        "may_work": may(actor, "case.work"),
        "may_message": may(actor, "case.message"),
        "may_decide": may(actor, "case.decide"),
        "may_see_customer": may(actor, "customer.view"),
        "officers": below.caseworkers() if may(actor, "case.manage") else {},
        "mine": actor.user_id,
    }
    return render(request, "casework/case.html", context, status=status)


def _message(actor: Actor, reference: str, request: HttpRequest) -> str:
    post = request.POST
    writing.write_to_resident(actor, reference, post.get("message", ""), wait=post.get("wait") == "yes")
    return "Your message is on its way to the resident"


def _note(actor: Actor, reference: str, request: HttpRequest) -> str:
    working.note(actor, reference, request.POST.get("note", ""))
    return "Your note is kept"


def _take(actor: Actor, reference: str, request: HttpRequest) -> str:
    working.take(actor, reference)
    return "This case is yours"


def _hand_back(actor: Actor, reference: str, request: HttpRequest) -> str:
    working.hand_back(actor, reference)
    return "The case is back with the unit"


def _give(actor: Actor, reference: str, request: HttpRequest) -> str:
    name = working.give(actor, reference, request.POST.get("officer", ""))
    return f"The case is with {name} now"


def _stage(actor: Actor, reference: str, request: HttpRequest) -> str:
    working.change_stage(actor, reference, request.POST.get("stage", ""))
    return "The case moved on, and we told the resident"


def _decide(actor: Actor, reference: str, request: HttpRequest) -> str:
    deciding.decide(actor, reference, request.POST.get("decision", ""), request.POST.get("reason", ""))
    return "The decision is made, and we told the resident"


def _close(actor: Actor, reference: str, request: HttpRequest) -> str:
    closing.close_case(actor, reference, request.POST.get("close_reason", ""))
    return "The case is closed, and we told the resident"


def _reopen(actor: Actor, reference: str, request: HttpRequest) -> str:
    closing.reopen(actor, reference, request.POST.get("reopen_reason", ""))
    return "The case is open again, and we told the resident"


def _task(actor: Actor, reference: str, request: HttpRequest) -> str:
    number = request.POST.get("task", "")
    if not number.isdecimal() or len(number) > 18:
        raise NotFound()
    dropped = request.POST.get("dropped") == "yes"
    working.finish_task(actor, reference, int(number), request.POST.get(f"result-{number}", ""), dropped=dropped)
    return "The task is done"


VERBS: dict[str, Verb] = {
    "message": _message,
    "note": _note,
    "take": _take,
    "hand-back": _hand_back,
    "give": _give,
    "stage": _stage,
    "decision": _decide,
    "close": _close,
    "reopen": _reopen,
    "task": _task,
}
