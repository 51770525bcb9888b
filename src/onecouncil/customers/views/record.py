# SPDX-License-Identifier: MIT
"""Finding a customer, saying why, reading the record, starting a service for them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onecouncil.core import limits
from onecouncil.core.audit import PURPOSES
from onecouncil.core.permissions import may, require
from onecouncil.core.problems import Invalid
from onecouncil.customers import opening, reads
from onecouncil.customers.asking import asker
from onecouncil.customers.views.pages import go, show, with_purpose


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """By name, e-mail, phone, postcode, address or reference. Limited, so that nobody copies the whole register."""
    actor = asker(request)
    require(actor, "customer.search")
    text, after = request.GET.get("q", "").strip()[:120], request.GET.get("after", "")
    found = None
    if text:
        limits.hit("customer-search", f"user:{actor.user_id}", limit=120, seconds=300)
        found = reads.search(actor, text, after=after)
    return show(request, "search.html", {"q": text, "found": found, "may_add": may(actor, "customer.edit")})


@require_http_methods(["GET", "POST"])
def state_purpose(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Why do you need this record? The answer is logged, and the person can read it."""
    actor = asker(request)
    person = reads.access_customer(actor, str(person_id))
    given = request.POST if request.method == "POST" else request.GET
    onward = _within(given.get("next", ""), str(person_id))
    context = {"person": person, "purposes": PURPOSES, "next": onward}
    if request.method == "GET":
        return show(request, "open.html", context)
    purpose = request.POST.get("purpose", "")
    try:
        opening.open_record(actor, person.id, purpose)
    except Invalid as problem:
        return show(request, "open.html", context, problem)
    opening.remember(request.session, person.id, purpose)
    return go(onward)


@require_GET
@with_purpose("customer.view")
def customer(request: HttpRequest, person_id: str) -> HttpResponse:
    """The record: who they are, what is open, what they owe, and one timeline of everything."""
    actor = asker(request)
    context = {
        "customer": reads.customer(actor, person_id),
        "timeline": reads.timeline(actor, person_id, after=request.GET.get("after", "")),
        "later": bool(request.GET.get("after")),
        "purpose": PURPOSES[opening.purpose_in(request.session, person_id)],
        "may_edit": may(actor, "customer.edit"),
        "may_start": may(actor, "journey.assist"),
        "may_send_link": may(actor, "payment.send_link"),
        "may_view_cases": may(actor, "case.view"),
    }
    return show(request, "customer.html", context)


@require_POST
def close(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Done with this customer: the next look states its purpose anew."""
    require(asker(request), "customer.view")
    opening.forget(request.session, str(person_id))
    return go(reverse("customers"))


@require_GET
@with_purpose("journey.assist")
def start(request: HttpRequest, person_id: str) -> HttpResponse:
    """Choose the service to fill in for this customer."""
    actor = asker(request)
    text = request.GET.get("q", "").strip()[:80]
    person = reads.access_customer(actor, person_id)
    return show(
        request, "start.html", {"person": person, "q": text, "services": reads.startable(actor, person.id, text)}
    )


def _within(path: str, person_id: str) -> str:
    """Where to go on: only to a page of this very record."""
    record = reverse("customer", args=[person_id])
    return path if path.startswith(record) and "\\" not in path else record
