# SPDX-License-Identifier: MIT
"""The page types of a matter on its way: journeys, payment, cases, desks. Each maker does its part as a resident would.

Errors of journeys, the card page's endings and receipts are looked at where they come up: `test_whole_matter.py`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from onecouncil.accounts.models import User
from onecouncil.core import ports
from onecouncil.core.worker import drain
from onecouncil.services.models import Draft, Submission
from tests.browser.pages import Shown, Site

Answers = Mapping[str, object]
HOME = {"home-mode": "typed", "home-line1": "1 Heron Street", "home-town": "Larkmere", "home-postcode": "LM1 1AA"}
ABOUT = {"name": "Alice Example", "email": "alice@example.org", "phone": "07700 900001"}


def browser_of(site: Site, name: str) -> Client:
    client = Client()
    user = User.objects.get(pk=site.people[name].user_id)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def begun(site: Site, slug: str, pages: list[Answers], name: str = "alice") -> str:
    """The token of a new journey with these pages answered, in order."""
    client = browser_of(site, name)
    where = f"/services/{slug}/start"
    for answers in pages:
        answer = client.post(where, dict(answers))
        assert answer.status_code == 303, (where, answer.content.decode()[-2000:])
        where = answer["Location"]
    return Draft.objects.latest("created_at").token


def _day(field: str, days: int = 0) -> Answers:
    day = timezone.localdate() + timedelta(days=days)
    return {f"{field}-day": day.day, f"{field}-month": day.month, f"{field}-year": day.year}


def missed_bin(site: Site) -> str:
    day = {**_day("missed_on"), "out_in_time": "yes"}
    return begun(site, "report-a-missed-bin", [HOME, {"bins": ["rubbish"]}, day, {"tagged": "no", "again": "no"}])


def bulky(site: Site) -> str:
    slot = ports.slots().offer("bulky-waste", timezone.localdate())[0].id
    pages: list[Answers] = [{"items-sofa": "2"}, HOME, {"put_out": "front"}, {"slot": slot}]
    return begun(site, "book-a-bulky-waste-collection", pages)


def permit(site: Site) -> str:
    pages = [{"car_free": "no"}, {"too_big": "no"}, HOME, {"vrm": "AB12 CDE", "keeper": "own"}, {"fuel": "electric"}]
    return begun(site, "resident-parking-permit", [*pages, _day("starts_on", 5)])


def pothole(site: Site) -> str:
    return begun(site, "report-a-pothole", [{"danger": "no"}])


def at(make: Callable[[Site], str], page: str) -> Callable[[Site], str]:
    """The address of one page of a new journey."""
    return lambda site: f"/apply/{make(site)}/{page}"


def a_reference(site: Site) -> str:
    """A missed bin of Alice's, handed in: its case's reference."""
    token = missed_bin(site)
    browser_of(site, "alice").post(f"/apply/{token}/submit")
    drain()
    return Submission.objects.get(draft__token=token).reference


def a_pay_page(site: Site) -> str:
    return str(browser_of(site, "alice").post(f"/apply/{bulky(site)}/submit", {"declaration": "yes"})["Location"])


def an_opened_customer(site: Site) -> str:
    """A record needs a reason first: the page that asks for it."""
    return f"/staff/customers/{site.people['alice'].person_id}/"


def not_paid_yet(site: Site) -> str:
    token = bulky(site)
    browser_of(site, "alice").post(f"/apply/{token}/submit", {"declaration": "yes"})
    return f"/apply/{token}/done"


def handed_in(site: Site) -> str:
    reference = a_reference(site)
    return f"/apply/{Submission.objects.get(reference=reference).draft.token}/done"


JOURNEYS = [
    Shown("question: address", "/services/report-a-missed-bin/start"),
    Shown("question: how many of each", "/services/book-a-bulky-waste-collection/start"),
    Shown("question: a place, with the map", at(pothole, "where"), who="alice"),
    Shown("question: radios", "/services/tell-us-you-have-moved/start"),
    Shown("question: boxes", at(missed_bin, "bins"), who="alice"),
    Shown("question: a date", at(missed_bin, "day"), who="alice"),
    Shown("question: one inside another", at(missed_bin, "more"), who="alice"),
    Shown("question: a day to book", at(bulky, "day"), who="alice"),
    Shown("question: a file", at(permit, "proof-of-address"), who="alice"),
    Shown("check your answers", at(missed_bin, "check"), who="alice"),
    Shown("check your answers, with a fee", at(bulky, "check"), who="alice"),
    Shown("save and come back", at(missed_bin, "save"), who="alice"),
    Shown("delete your answers", at(missed_bin, "discard"), who="alice"),
    Shown("handed in", handed_in, who="alice"),
    Shown("handed in, not paid", not_paid_yet, who="alice"),
    Shown("pay page", a_pay_page),
]

CASES = [
    Shown("track", "/track"),
    Shown("my requests", "/account/cases/", who="alice"),
    Shown("my request", lambda site: f"/account/cases/{a_reference(site)}", who="alice"),
    Shown("my payments", "/account/payments/", who="alice"),
    Shown("worklist", "/staff/cases/", who="cass"),
    Shown("a case", lambda site: f"/staff/cases/{a_reference(site)}", who="cass"),
]

DESKS = [
    Shown("staff desk", "/staff/", who="cass"),
    Shown("customers", "/staff/customers/?q=alice", who="ada"),
    Shown("customer: why", an_opened_customer, who="ada"),
    Shown("add a customer", "/staff/customers/new", who="ada"),
    Shown("payments", "/staff/payments/", who="fin"),
    Shown("services to edit", "/staff/services/", who="ed"),
    Shown("edit a service", "/staff/services/report-graffiti/", who="ed"),
    Shown("history of a service", "/staff/services/report-graffiti/history", who="ed"),
    Shown("health", "/staff/health", who="addie"),
    Shown("messages", "/staff/messages/", who="addie"),
    Shown("demo inbox", "/demo/inbox?address=alice@example.org"),
    Shown("not yours", "/staff/cases/", who="alice", status=403),
    Shown("sign in first", "/staff/cases/", status=200),
]

MATTER = [*JOURNEYS, *CASES, *DESKS]
