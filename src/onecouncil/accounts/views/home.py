# SPDX-License-Identifier: MIT
"""The account's own pages: home, messages, who looked, closing it."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods
from markupsafe import Markup

from onecouncil.accounts import actions
from onecouncil.accounts.adapters import AccountAdapter
from onecouncil.accounts.views.pages import asker, go, page_of, show, whole_number
from onecouncil.core import audit, messaging
from onecouncil.core.furniture import account_panels
from onecouncil.core.problems import Conflict, Invalid

SIZE = 20


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What the council and this person have going on: other rooms' panels, then links."""
    actor = asker(request)
    # Markup, since a panel is HTML that its own template has escaped already.
    panels = [Markup(render_to_string(name, held, request, using="jinja2")) for name, held in account_panels(actor)]  # noqa: S704
    missing = getattr(request, "second_factor_missing", False)
    return show(request, "accounts/home.html", {"panels": panels, "second_factor_missing": missing})


@require_GET
def messages_list(request: HttpRequest) -> HttpResponse:
    person_id = asker(request).person_id
    before = whole_number(request.GET.get("before"))
    rows = messaging.messages_to(person_id, before=before, size=SIZE + 1) if person_id else []
    page, last = page_of(rows, SIZE)
    context = {"letters": page, "older": last.id if last else None, "before": before}
    return show(request, "accounts/messages.html", context)


@require_GET
def looks_list(request: HttpRequest) -> HttpResponse:
    person_id = asker(request).person_id
    before = whole_number(request.GET.get("before"))
    rows = audit.looks_at(person_id, before=before, size=SIZE + 1) if person_id else []
    page, last = page_of(rows, SIZE)
    return show(request, "accounts/looks.html", {"looks": page, "older": last.id if last else None, "before": before})


@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where staff are led until their second factor is done: to use the one they have, or to set one up."""
    asker(request)
    wanted = request.GET.get("next", "")
    where = wanted if AccountAdapter(request).is_safe_url(wanted) else "/staff/"
    if not getattr(request, "second_factor_missing", False):
        return go(where)
    query = urlencode({"next": where})
    if is_mfa_enabled(request.user, ["totp"]):
        return go(f"{reverse('mfa_reauthenticate')}?{query}")
    if is_mfa_enabled(request.user, ["webauthn"]):
        return go(f"{reverse('mfa_reauthenticate_webauthn')}?{query}")
    return show(request, "accounts/second-factor.html", {})


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True, app="allauth.account")  # type: ignore[untyped-decorator]
def close(request: HttpRequest) -> HttpResponse:
    """Closing the account: told what follows, ticked, asked for the password once more when it was long ago."""
    actor = asker(request)
    if request.method == "GET":
        return show(request, "accounts/close.html", {})
    try:
        if request.POST.get("sure") != "yes":
            raise Invalid({"sure": "Tick the box to say that you want to close your account"})
        actions.close_account(actor)
    except Invalid as problem:
        return show(request, "accounts/close.html", {}, problem)
    except Conflict as problem:
        return show(request, "accounts/close.html", {}, Invalid({"sure": problem.detail}))
    logout(request)
    messages.success(request, "Your account is closed")
    return go(reverse("account-closed"))


@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    return show(request, "accounts/closed.html", {})
