# SPDX-License-Identifier: MIT
"""Finance's pages of reconciliation: files that come, money in suspense, the daily close."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onecouncil.core.calendar import today
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid
from onecouncil.payments import closing, formats
from onecouncil.payments.actions import reconciling
from onecouncil.payments.providers import PROVIDERS
from onecouncil.payments.views import actor_of

LARGEST = 10 * 1024 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """The files that were imported, and the form that imports one."""
    require(actor_of(request), "payment.view")
    if request.method != "POST":
        return _files_page(request, {})
    require(actor_of(request), "payment.refund")
    try:
        done = _import(request)
    except Invalid as problem:
        return _files_page(request, problem.fields, problem.status)
    words = "new" if done.fresh else "known"
    where = f"{reverse('staff-reconciliation')}?{words}={done.statement}&matched={done.matched}&left={done.left}"
    return HttpResponse(status=303, headers={"Location": where})


@require_GET
def suspense(request: HttpRequest) -> HttpResponse:
    return _suspense_page(request, {}, 0)


@require_POST
def allocate(request: HttpRequest, line_id: int) -> HttpResponse:
    """Money in suspense pays a bill."""
    try:
        reconciling.allocate(line_id, request.POST.get("reference", ""), actor_of(request))
    except Invalid as problem:
        return _suspense_page(request, problem.fields, line_id, problem.status)
    except Conflict as problem:
        return _suspense_page(request, {"reference": problem.detail}, line_id, problem.status)
    return HttpResponse(status=303, headers={"Location": reverse("staff-suspense")})


@require_GET
def close(request: HttpRequest) -> HttpResponse:
    """Provider, ledger and bank at the end of a day."""
    actor, given = actor_of(request), request.GET.get("date", "").strip()[:10]
    require(actor, "payment.view")
    try:
        day, errors = date.fromisoformat(given) if given else today(), {}
    except ValueError:
        day, errors = today(), {"date": "Enter a date like 2026-11-23"}
    context = {"close": closing.close_at(actor, day), "given": given or day.isoformat(), "errors": errors}
    return render(request, "payments/staff_close.html", context, status=422 if errors else 200)


def _import(request: HttpRequest) -> reconciling.Imported:
    sent, kind = request.FILES.get("file"), request.POST.get("kind", "")
    if sent is None or not sent.size:
        raise Invalid({"file": "Choose a file that is not empty"})
    if sent.size > LARGEST:
        raise Invalid({"file": "Choose a file of no more than 10 MB"})
    source, _, provider = kind.partition(":")
    return reconciling.import_file(source, provider, sent.name or "a file", sent.read(), actor_of(request))


def _files_page(request: HttpRequest, errors: dict[str, str], status: int = 200) -> HttpResponse:
    kinds = [(formats.BANK, "Bank statement (CSV)"), (formats.AGENT, "Payments at shops (fixed width)")]
    kinds += [
        (f"{formats.SETTLEMENT}:{name}", f"Settlements of {name} (CSV)") for name in PROVIDERS if name != "failing"
    ]
    numbers = {name: request.GET[name] for name in ("matched", "left") if request.GET.get(name, "").isdecimal()}
    context = {
        "files": closing.files_page(actor_of(request)),
        "kinds": kinds,
        "kind": request.POST.get("kind", ""),
        "errors": errors,
        "done": numbers if len(numbers) == 2 else {},
        "known": "known" in request.GET,
    }
    return render(request, "payments/staff_reconciliation.html", context, status=status)


def _suspense_page(request: HttpRequest, errors: dict[str, str], wrong: int, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    rows = closing.suspense_page(
        actor_of(request), today(), after=int(after) if after.isdecimal() and len(after) < 19 else None
    )
    context = {
        "rows": rows,
        "errors": errors,
        "wrong": wrong,
        "typed": request.POST.get("reference", "")[:40],
        "next_after": rows[-1].id if len(rows) == closing.PAGE else None,
    }
    return render(request, "payments/staff_suspense.html", context, status=status)
