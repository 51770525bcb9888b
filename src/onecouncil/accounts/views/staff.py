# SPDX-License-Identifier: MIT
"""People who work here and what they may do: for those with the permission staff.manage."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from onecouncil.accounts import actions, reads
from onecouncil.accounts.views.pages import asker, go, page_of, show, whole_number
from onecouncil.core.actors import STAFF_ROLES
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid

_ROLE_HINTS = {
    "adviser": "Answers the phone and helps customers start services",
    "caseworker": "Works on cases and decides them",
    "finance": "Sees payments and gives money back",
    "steward": "Keeps customer records and data right",
    "editor": "Changes and publishes pages and services",
    "administrator": "Manages staff, tokens, webhooks and health",
}
ROLE_CHOICES = [{"value": role, "text": role.title(), "hint": _ROLE_HINTS[role]} for role in STAFF_ROLES]


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Staff and their roles; with a query, anybody, to give them a role."""
    actor = asker(request)
    query = request.GET.get("q", "").strip()[:100]
    rows = reads.users(actor, query, after=whole_number(request.GET.get("after")) or 0, size=reads.PAGE + 1)
    page, last = page_of(rows, reads.PAGE)
    context = {"people": page, "query": query, "more": last.id if last else None}
    return show(request, "accounts/staff-people.html", context)


@require_http_methods(["GET", "POST"])
def person_roles(request: HttpRequest, user_id: int) -> HttpResponse:
    """One user's roles, ticked and unticked."""
    actor = asker(request)
    who = reads.access_user(actor, user_id)
    context = {"who": who, "choices": ROLE_CHOICES}
    if request.method == "GET":
        return show(request, "accounts/staff-person.html", {**context, "chosen": who.roles})
    chosen = request.POST.getlist("roles")
    try:
        actions.set_roles(actor, user_id, chosen)
    except (Invalid, Conflict) as problem:
        words = problem if isinstance(problem, Invalid) else Invalid({"roles": problem.detail})
        return show(request, "accounts/staff-person.html", {**context, "chosen": chosen}, words)
    messages.success(request, f"{who.name or who.email} now has the roles you chose")
    return go(reverse("staff-people"))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new on the staff: they sign in by a code sent to the address."""
    actor = asker(request)
    require(actor, "staff.manage")
    values = {"name": request.POST.get("name", ""), "email": request.POST.get("email", "")}
    chosen = request.POST.getlist("roles")
    context = {"values": values, "chosen": chosen, "choices": ROLE_CHOICES}
    if request.method == "GET":
        return show(request, "accounts/staff-add.html", context)
    try:
        if not chosen:
            raise Invalid({"roles": "Select at least one role"})
        actions.create_user(values["email"], None, values["name"], chosen, actor=actor)
    except Invalid as problem:
        return show(request, "accounts/staff-add.html", context, problem)
    messages.success(request, "They can now sign in with a code sent to their e-mail address")
    return go(reverse("staff-people"))
