# SPDX-License-Identifier: MIT
"""The page types of the house, each opened by the browser tests. Add your room's at the end: one line each.

`path` is an address, or a function of the live site that makes what the page needs and returns the address:

    def a_case(site: Site) -> str:
        reference = open_case_for(site.people["alice"])
        return f"/account/cases/{reference}"

    Shown("a case, to its resident", a_case, who="alice"),
"""

from collections.abc import Callable
from dataclasses import dataclass

from onecouncil.core.actors import Actor


@dataclass(frozen=True)
class Site:
    """The live server, and the people who can sign in to it."""

    url: str
    people: dict[str, Actor]


@dataclass(frozen=True)
class Shown:
    """One page type: what it is, where it is, who sees it, and the status it answers with."""

    name: str
    path: str | Callable[[Site], str]
    who: str = ""
    status: int = 200


WEBSITE = [
    Shown("home", "/"),
    Shown("category", "/categories/bins-and-recycling"),
    Shown("category, long", "/categories/environment-and-pests"),
    Shown("A to Z", "/a-to-z"),
    Shown("search, empty", "/search"),
    Shown("search, results", "/search?q=pot+hole+outside+my+house"),
    Shown("search, nothing", "/search?q=zzzzqqqqzzzz"),
    Shown("help: accessibility", "/help/accessibility"),
    Shown("help: privacy", "/help/privacy"),
    Shown("help: cookies (a table)", "/help/cookies"),
    Shown("help: contact", "/help/contact-us"),
    Shown("not found", "/nowhere", status=404),
    Shown("home, signed in", "/", who="alice"),
]

SERVICES = [
    Shown("service page", "/services/report-a-missed-bin"),
    Shown("service page with a fee", "/services/book-a-bulky-waste-collection"),
    Shown("service page, to read", "/services/school-term-dates"),
]

ACCOUNTS = [
    Shown("sign in", "/sign-in"),
    Shown("sign in by code", "/sign-in/code"),
    Shown("create an account", "/create-account"),
    Shown("choose a new password", "/recover"),
    Shown("account closed", "/account-closed"),
    Shown("account home", "/account/", who="alice"),
    Shown("my details", "/account/details", who="alice"),
    Shown("my address", "/account/address", who="alice"),
    Shown("my address, typed", "/account/address?typed=yes", who="alice"),
    Shown("my address, wrong postcode", "/account/address?postcode=rubbish", who="alice", status=422),
    Shown("my messages", "/account/messages", who="alice"),
    Shown("who looked at me", "/account/looks", who="alice"),
    Shown("my tokens", "/account/tokens", who="alice"),
    Shown("close my account", "/account/close", who="alice"),
    Shown("security", "/account/security/", who="alice"),
    Shown("change e-mail address", "/account/security/email", who="alice"),
    Shown("change password", "/account/security/password", who="alice"),
    Shown("passkeys", "/account/security/passkeys", who="alice"),
    Shown("sessions", "/account/security/sessions", who="alice"),
    Shown("confirm that it is you", "/account/security/confirm", who="alice"),
    Shown("staff and roles", "/staff/people/", who="addie"),
    Shown("add staff", "/staff/people/add", who="addie"),
]


def an_endpoint(site: Site) -> str:
    """A webhook endpoint with deliveries: sent to nobody, so they wait."""
    from onecouncil.integration.actions import managing, telling
    from onecouncil.integration.models import WebhookDelivery

    endpoint = managing.add_endpoint(site.people["addie"], "https://example.org/hooks/larkmere", ["case.*"], "Waste")
    for _ in range(3):
        telling.write_test(site.people["addie"], str(endpoint.pk))
    WebhookDelivery.objects.filter(pk=WebhookDelivery.objects.latest("pk").pk).update(state="failed", attempts=10)
    return f"/staff/webhooks/{endpoint.pk}/"


INTEGRATION = [
    Shown("for developers", "/developers"),
    Shown("a webhook", an_endpoint, who="addie"),
    Shown("webhooks", "/staff/webhooks/", who="addie"),
    Shown("add a webhook", "/staff/webhooks/new", who="addie"),
    Shown("events", "/staff/events/", who="addie"),
    Shown("audit trail", "/staff/audit/", who="addie"),
    Shown("data", "/staff/data/", who="stew"),
]

PAGES = [*WEBSITE, *SERVICES, *ACCOUNTS, *INTEGRATION]
