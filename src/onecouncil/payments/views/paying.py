# SPDX-License-Identifier: MIT
"""The payer's pages. A pay link needs no account: the token in it is the right to pay."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onecouncil.core import limits
from onecouncil.core.actors import Actor
from onecouncil.core.permissions import require_signed_in
from onecouncil.core.problems import Conflict, Unavailable
from onecouncil.payments import reads, rules
from onecouncil.payments.actions.hearing import receive_webhook
from onecouncil.payments.actions.paying import start_payment
from onecouncil.payments.actions.settling import Settled, settle_by_attempt
from onecouncil.payments.providers.base import BadSignature, Refused
from onecouncil.payments.views import actor_of

log = logging.getLogger(__name__)
IN_SESSION = "payments.attempts"
KEPT_ATTEMPTS = 20
LARGEST_WEBHOOK = 256 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
def bill(request: HttpRequest, token: str) -> HttpResponse:
    """What is to pay and how much, with one button; or that it is paid."""
    if request.method == "POST":
        return _pay_now(request, token)
    return _bill_page(request, token)


@require_GET
def payer_is_back(request: HttpRequest, token: str, attempt: str) -> HttpResponse:
    """The payer comes back from the provider. Only the session that left sees more than the bill itself."""
    if attempt not in request.session.get(IN_SESSION, []):
        return redirect("pay-bill", token=token)
    held = reads.access_bill_by_token(token)
    settled = _settle_quietly(token, attempt, actor_of(request))
    if held.state != rules.PAID:
        held = reads.access_bill_by_token(token)
    context = {"bill": held, "attempt": settled, "refresh": request.path}
    return _private(render(request, f"payments/{_result_template(held, settled)}", context))


@require_GET
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    held = reads.access_bill_by_token(token)
    if held.state != rules.PAID:
        return redirect("pay-bill", token=token)
    return _private(render(request, "payments/receipt.html", {"bill": held}))


@require_GET
def own_bills(request: HttpRequest) -> HttpResponse:
    """A resident's own bills and receipts, newest first."""
    actor = actor_of(request)
    require_signed_in(actor)
    before = request.GET.get("before", "")
    bills = reads.bills_of(actor.person_id, before=before) if actor.person_id else []
    next_before = bills[-1].reference if len(bills) == reads.PAGE else None
    return render(request, "payments/own_bills.html", {"bills": bills, "next_before": next_before})


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, address: str) -> HttpResponse:
    """Keep what a provider tells us, and answer before looking into it: the sender waits three seconds."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_WEBHOOK:
        return HttpResponse(status=413)
    try:
        receive_webhook(address, request.headers, request.body)
    except BadSignature as fault:
        log.warning("a webhook for %s was not believed: %s", address, fault)
        return HttpResponse(status=401)
    return HttpResponse(status=204)


def _bill_page(request: HttpRequest, token: str, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"bill": reads.access_bill_by_token(token), "problem": problem}
    return _private(render(request, "payments/bill.html", context, status=status))


def _pay_now(request: HttpRequest, token: str) -> HttpResponse:
    limits.hit("pay", f"{token}", limit=20, seconds=600)
    try:
        started = start_payment(token, actor_of(request))
    except (Conflict, Unavailable) as problem:
        return _bill_page(request, token, problem.detail, problem.status)
    kept = [one for one in request.session.get(IN_SESSION, []) if one != started.attempt]
    request.session[IN_SESSION] = [*kept, started.attempt][-KEPT_ATTEMPTS:]
    return HttpResponse(status=303, headers={"Location": started.next_url})


def _settle_quietly(token: str, attempt: str, actor: Actor) -> Settled:
    """Look, if the provider answers; else what we know. The poller looks again, so the payer may go."""
    try:
        return settle_by_attempt(token, attempt, actor)
    except (Unavailable, Refused, Conflict) as problem:
        log.warning("a payer is back, but the provider gave no clear answer: %s", problem)
        return settle_by_attempt(token, attempt, actor, ask=False)


def _result_template(held: reads.Receipt, settled: Settled) -> str:
    if settled.surplus:
        return "surplus.html"
    if held.state == rules.PAID:
        return "paid.html"
    return "checking.html" if settled.state in rules.PENDING else "not_paid.html"


def _private(response: HttpResponse) -> HttpResponse:
    """The address itself opens the page: keep it from caches and from other sites."""
    response.headers["Cache-Control"] = "private, no-store"
    # Not `no-referrer`: browsers then send `Origin: null` with our own form, and the CSRF check refuses it.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
