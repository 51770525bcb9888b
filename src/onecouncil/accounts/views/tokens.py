# SPDX-License-Identifier: MIT
"""A user's own API tokens: made, shown once, taken back."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onecouncil.accounts import actions, reads, rules
from onecouncil.accounts.views.pages import asker, go, show, whole_number
from onecouncil.core.problems import Invalid

_SHOWN_ONCE = "accounts_new_token"
_WORDS = {
    rules.OWN: "My own things: my details, requests, payments and messages",
    "desk.open": "Open the staff desk",
    "customer.search": "Search for customers",
    "customer.view": "See a customer's record",
    "customer.edit": "Change a customer's details",
    "journey.assist": "Start a service for a customer",
    "case.view": "See cases",
    "case.work": "Work on cases",
    "case.message": "Write to residents about their cases",
    "case.decide": "Decide cases",
    "case.manage": "Assign and move cases",
    "payment.view": "See payments",
    "payment.refund": "Give money back",
    "payment.send_link": "Send a link to pay",
    "content.edit": "Change pages and services",
    "content.publish": "Publish pages and services",
    "data.view": "See data and its quality",
    "message.view": "See messages that were sent",
    "webhook.manage": "Manage webhooks",
    "event.view": "See events",
    "audit.view": "See the audit trail",
    "health.view": "See the health of the system",
    "staff.manage": "Manage staff and their roles",
    "token.manage": "Manage everybody's tokens",
}


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True, app="allauth.account")  # type: ignore[untyped-decorator]
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the form for a new one. The secret is shown on the next page and nowhere else, ever."""
    actor = asker(request)
    if request.method == "GET":
        return _list(request, {"name": "", "days": "90"}, [], None, request.session.pop(_SHOWN_ONCE, ""))
    values = {"name": request.POST.get("name", ""), "days": request.POST.get("days", "")}
    scopes = request.POST.getlist("scopes")
    try:
        secret = actions.create_token(actor, values["name"], scopes, whole_number(values["days"]) or 0)
    except Invalid as problem:
        return _list(request, values, scopes, problem)
    request.session[_SHOWN_ONCE] = secret
    return go(reverse("account-tokens"))


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    actions.revoke_token(asker(request), token_id)
    messages.success(request, "The token is taken back")
    return go(reverse("account-tokens"))


def _list(
    request: HttpRequest, values: dict[str, str], chosen: list[str], problem: Invalid | None, secret: str = ""
) -> HttpResponse:
    actor = asker(request)
    scopes = [{"value": scope, "text": _WORDS.get(scope, scope)} for scope in reads.scopes_held(actor)]
    lives = [{"value": str(days), "text": f"{days} days"} for days in rules.TOKEN_DAYS]
    context = {"tokens": reads.tokens_of(actor), "scopes": scopes, "lives": lives, "words": _WORDS}
    typed = {"values": values, "chosen": chosen, "secret": secret}
    return show(request, "accounts/tokens.html", {**context, **typed}, problem)
