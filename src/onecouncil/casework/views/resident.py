# SPDX-License-Identifier: MIT
"""A person's own cases: in the account, or by reference and postcode for half an hour."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onecouncil.casework import below
from onecouncil.casework.access import Grant
from onecouncil.casework.actions import closing, writing
from onecouncil.casework.asking import actor_of, grant_of, keep_grant, limit_tracking, send_file, uploads_of
from onecouncil.casework.casepage import access_file, resident_page
from onecouncil.casework.reads import CaseRow, cases_of_person, permits_of_person
from onecouncil.casework.tracking import find_tracked
from onecouncil.core.actors import Actor
from onecouncil.core.permissions import require_signed_in
from onecouncil.core.problems import Conflict, Invalid, NotFound, Problem

PAGE = 20
SAID = {
    "message": "We have your message. We tell you when we answer",
    "second-stage": "We are looking at this again",
    "withdraw": "You have withdrawn this",
}
"""What the next page says was done: the address names it, because a tracker has no account."""


@require_GET
def my_cases(request: HttpRequest) -> HttpResponse:
    """Everything this person ever asked for, newest first."""
    actor = actor_of(request)
    require_signed_in(actor)
    before = request.GET.get("before", "")
    rows = _rows_of(actor, int(before) if before.isdecimal() and len(before) < 19 else None)
    next_url = f"?before={rows[PAGE - 1].id}" if len(rows) > PAGE else ""
    permits = permits_of_person(actor.person_id) if actor.person_id and not before else []
    context = {"rows": rows[:PAGE], "permits": permits, "next_url": next_url, "first_url": "?" if before else ""}
    return render(request, "casework/my_cases.html", context)


@require_GET
def my_case(request: HttpRequest, reference: str) -> HttpResponse:
    require_signed_in(actor_of(request))
    return _page(request, reference, None)


@require_POST
def my_act(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Write, ask for stage 2, or withdraw, signed in."""
    require_signed_in(actor_of(request))
    return _act(request, reference, verb, None)


@require_GET
def my_file(request: HttpRequest, reference: str, file_id: str) -> HttpResponse:
    require_signed_in(actor_of(request))
    resident_page(actor_of(request), reference)
    return send_file(*access_file(actor_of(request), reference, file_id))


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for reference and postcode; who knows both sees the case for half an hour."""
    typed = request.POST if request.method == "POST" else request.GET
    context = {"reference": typed.get("reference", "")[:40], "postcode": typed.get("postcode", "")[:12], "errors": {}}
    if request.method != "POST":
        return render(request, "casework/track.html", context)
    errors = _missing(context["reference"], context["postcode"])
    if not errors:
        limit_tracking(request, str(context["reference"]))
        try:
            reference = find_tracked(str(context["reference"]), str(context["postcode"]))
        except NotFound as problem:
            errors = {"reference": problem.detail}
        else:
            keep_grant(request, reference)
            return HttpResponseRedirect(reverse("casework:tracked", args=[reference]), status=303)
    return render(request, "casework/track.html", {**context, "errors": errors}, status=422)


@require_GET
def tracked(request: HttpRequest, reference: str) -> HttpResponse:
    grant = grant_of(request, reference)
    return _page(request, reference, grant) if grant else _ask_again(reference)


@require_POST
def tracked_act(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Write or ask for stage 2 without an account."""
    grant = grant_of(request, reference)
    return _act(request, reference, verb, grant) if grant else _ask_again(reference)


@require_GET
def tracked_file(request: HttpRequest, reference: str, file_id: str) -> HttpResponse:
    grant = grant_of(request, reference)
    if grant is None:
        return _ask_again(reference)
    return send_file(*access_file(actor_of(request), reference, file_id, grant))


def _rows_of(actor: Actor, before: int | None) -> list[CaseRow]:
    return cases_of_person(actor.person_id, before=before, size=PAGE + 1) if actor.person_id else []


def _missing(reference: object, postcode: object) -> dict[str, str]:
    errors = {}
    if not str(reference).strip():
        errors["reference"] = "Enter your reference, like LM-7KQ4-29XR"
    if not str(postcode).strip():
        errors["postcode"] = "Enter the postcode you gave us"
    return errors


def _ask_again(reference: str) -> HttpResponse:
    """The leave ran out, or was never given: the two are not told apart."""
    return HttpResponseRedirect(f"{reverse('casework:track')}?reference={reference}", status=303)


def _act(request: HttpRequest, reference: str, verb: str, grant: Grant | None) -> HttpResponse:
    actor = actor_of(request)
    try:
        _do(request, actor, reference, verb, grant)
    except (Invalid, Conflict) as problem:
        return _page(request, reference, grant, problem)
    return HttpResponseRedirect(f"{_address(reference, grant)}?said={verb}", status=303)


def _do(request: HttpRequest, actor: Actor, reference: str, verb: str, grant: Grant | None) -> None:
    if verb == "message":
        writing.reply(actor, reference, request.POST.get("message", ""), uploads_of(request), grant)
    elif verb == "second-stage":
        closing.ask_second_stage(actor, reference, request.POST.get("second_stage", ""), grant)
    elif verb == "withdraw" and grant is None:
        if not resident_page(actor, reference).may_withdraw:
            raise Conflict("It is too late to withdraw this")
        below.withdraw(reference, actor)
    else:
        raise NotFound()


def _page(request: HttpRequest, reference: str, grant: Grant | None, problem: Problem | None = None) -> HttpResponse:
    errors = problem.fields if isinstance(problem, Invalid) else {"": problem.detail} if problem else {}
    page = resident_page(actor_of(request), reference, grant)
    context = {
        "case": page,
        "base": _address(reference, grant),
        "by_account": grant is None,
        "errors": errors,
        "typed": request.POST,
        "said": SAID.get(request.GET.get("said", ""), ""),
    }
    return render(request, "casework/my_case.html", context, status=problem.status if problem else 200)


def _address(reference: str, grant: Grant | None) -> str:
    return reverse("casework:tracked" if grant else "casework:my-case", args=[reference])
