# SPDX-License-Identifier: MIT
"""Finance's pages: takings and payments, one payment, and the refunds desk."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from onecouncil.core import references
from onecouncil.core.calendar import today
from onecouncil.core.money import parse_pounds
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid
from onecouncil.payments import finance, reads, takings
from onecouncil.payments.actions import refund_desk
from onecouncil.payments.actions.refunding import refund_limit, refund_payment
from onecouncil.payments.views import actor_of


@require_GET
def staff_payments(request: HttpRequest) -> HttpResponse:
    """Finance: today's takings by fund, and every payment, searched, paginated by key."""
    actor, search = actor_of(request), request.GET.get("q", "").strip()[:120]
    rows = reads.payments_page(actor, search=search, before=_before(request))
    context = {
        "takings": reads.takings_today(actor),
        "payments": rows,
        "search": search,
        "next_before": rows[-1].id if len(rows) == reads.PAGE else None,
    }
    return render(request, "payments/staff_payments.html", context)


@require_GET
def staff_takings(request: HttpRequest) -> HttpResponse:
    """Takings by day and fund, and by day and method."""
    actor = actor_of(request)
    require(actor, "payment.view")
    errors: dict[str, str] = {}
    given = {name: request.GET.get(name, "").strip()[:10] for name in ("from", "to")}
    context: dict[str, object] = {"by_fund": [], "by_method": [], "given": given, "errors": errors}
    try:
        first, last = takings.period(given["from"], given["to"], today())
        context["by_fund"] = takings.by_fund(actor, first, last)
        context["by_method"] = takings.by_method(actor, first, last)
        context["given"] = {"from": first.isoformat(), "to": last.isoformat()}
    except Invalid as problem:
        errors.update(problem.fields)
    return render(request, "payments/staff_takings.html", context, status=422 if errors else 200)


@require_GET
def export_takings(request: HttpRequest) -> HttpResponse:
    """The same days for the general ledger, as CSV in the council's own columns."""
    actor = actor_of(request)
    require(actor, "payment.view")
    first, last = takings.period(request.GET.get("from", ""), request.GET.get("to", ""), today())
    rows = takings.for_general_ledger(actor, first, last)
    name = f"ledger-{first}-to-{last}.csv"
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(answer).writerows(rows)
    return answer


@require_GET
def staff_payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One payment: what it paid, its refunds, its entries in the books, and who did what."""
    return _payment_page(request, payment_id, {}, {})


@require_POST
def ask_refund(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Ask that money goes back; over the limit it waits for a second person."""
    actor = actor_of(request)
    require(actor, "payment.refund")
    finance.access_payment(actor, payment_id)
    given = {name: request.POST.get(name, "").strip()[:200] for name in ("amount", "reason", "key")}
    try:
        pence = _pence(given["amount"])
        refund_payment(payment_id, pence, reason=given["reason"], key=given["key"][:80] or "page", actor=actor)
    except Invalid as problem:
        return _payment_page(request, payment_id, given, problem.fields, problem.status)
    except Conflict as problem:
        return _payment_page(request, payment_id, given, {"amount": problem.detail}, problem.status)
    return _go("staff-payment", payment_id)


@require_GET
def staff_refunds(request: HttpRequest) -> HttpResponse:
    """The refunds desk: what waits for a second person, and what became of the others."""
    return _refunds_page(request, {}, 0)


@require_POST
def decide_refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Approve or refuse a refund that waits."""
    actor = actor_of(request)
    try:
        if request.POST.get("decision") == "approve":
            refund_desk.approve(refund_id, actor)
        else:
            refund_desk.refuse(refund_id, request.POST.get("because", ""), actor)
    except Invalid as problem:
        return _refunds_page(request, problem.fields, refund_id, problem.status)
    return _go("staff-refunds")


def _payment_page(
    request: HttpRequest, payment_id: int, given: dict[str, str], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    held = finance.access_payment(actor_of(request), payment_id)
    context = {
        "held": held,
        "limit": refund_limit(),
        "given": {"key": references.new_token(), "amount": "", "reason": "", **given},
        "errors": errors,
    }
    return render(request, "payments/staff_payment.html", context, status=status)


def _refunds_page(request: HttpRequest, errors: dict[str, str], wrong: int, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    rows = finance.refunds_page(actor, before=_before(request))
    context = {
        "waiting": finance.refunds_waiting(actor),
        "refunds": rows,
        "limit": refund_limit(),
        "errors": errors,
        "wrong": wrong,
        "next_before": rows[-1].id if len(rows) == finance.PAGE else None,
    }
    return render(request, "payments/staff_refunds.html", context, status=status)


def _pence(text: str) -> int:
    try:
        return parse_pounds(text)
    except ValueError as error:
        raise Invalid({"amount": str(error)}) from error


def _before(request: HttpRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


def _go(name: str, *args: object) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse(name, args=args)})
