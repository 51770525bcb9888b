# SPDX-License-Identifier: MIT
"""Writing down somebody new, correcting details and address, sending the link to pay a bill."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecouncil.accounts import api as accounts
from onecouncil.core import addresses
from onecouncil.core.calendar import now
from onecouncil.core.permissions import require
from onecouncil.core.problems import Invalid, Unavailable
from onecouncil.core.references import new_token
from onecouncil.customers import reads, rules
from onecouncil.customers.asking import asker
from onecouncil.customers.views.pages import go, show, with_purpose
from onecouncil.payments import api as payments

_DETAILS = ("name", "phone", "date_of_birth-day", "date_of_birth-month", "date_of_birth-year")
_DATE_FAULT = "Date of birth must be a real date, such as 27 3 1980"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody rings who is not known: a name, and a way to reach them when they have one."""
    actor = asker(request)
    require(actor, "customer.edit")
    names = (*_DETAILS, "email", "line", "postcode")
    values = {name: request.POST.get(name, "").strip() for name in names}
    if request.method == "GET":
        values["name"] = request.GET.get("name", "").strip()[:120]
        return show(request, "new.html", {"values": values})
    try:
        person_id = accounts.create_person(actor, _details(values), values["email"], _typed_address(values))
    except Invalid as problem:
        return show(request, "new.html", {"values": values}, _for_staff(problem))
    messages.success(request, f"{values['name']} is now a customer")
    return go(reverse("customer-open", args=[person_id]))


@require_http_methods(["GET", "POST"])
@with_purpose("customer.edit")
def details(request: HttpRequest, person_id: str) -> HttpResponse:
    """Name, phone and date of birth. The e-mail address is the person's own to change: they sign in with it."""
    actor = asker(request)
    person = reads.access_customer(actor, person_id)
    if request.method == "GET":
        return show(request, "details.html", {"person": person, "values": _held(person)})
    values = {name: request.POST.get(name, "").strip() for name in _DETAILS}
    try:
        accounts.change_details(actor, person_id, _details(values))
    except Invalid as problem:
        return show(request, "details.html", {"person": person, "values": values}, _for_staff(problem))
    messages.success(request, "The details are saved")
    return go(reverse("customer", args=[person_id]))


@require_http_methods(["GET", "POST"])
@with_purpose("customer.edit")
def address(request: HttpRequest, person_id: str) -> HttpResponse:
    """A postcode, then a choice from the gazetteer; or the address as it is told."""
    actor = asker(request)
    given = request.POST if request.method == "POST" else request.GET
    values = {name: given.get(name, "").strip() for name in ("postcode", "uprn", "line")}
    context = {"person": reads.access_customer(actor, person_id), "values": values, "choices": []}
    try:
        context["choices"] = _choices(values["postcode"])
        if request.method == "GET":
            return show(request, "address.html", context)
        accounts.change_address(actor, person_id, _given_address(values))
    except Invalid as problem:
        return show(request, "address.html", context, _for_staff(problem))
    messages.success(request, "The address is saved")
    return go(reverse("customer", args=[person_id]))


@require_http_methods(["GET", "POST"])
@with_purpose("payment.send_link")
def pay_link(request: HttpRequest, person_id: str, reference: str) -> HttpResponse:
    """Send the link that pays one bill. The hidden key makes a second press of the button send nothing."""
    actor = asker(request)
    person = reads.access_customer(actor, person_id)
    bill = reads.unpaid_bill(actor, person_id, reference)
    values = {"email": request.POST.get("email", person.email).strip(), "key": request.POST.get("key") or new_token()}
    context = {"person": person, "bill": bill, "values": values}
    if request.method == "GET":
        return show(request, "pay_link.html", context)
    try:
        payments.send_pay_link(reference, values["email"], actor, key=values["key"][:40] or now().isoformat())
    except Invalid as problem:
        return show(request, "pay_link.html", context, problem)
    messages.success(request, f"We sent the link to pay to {values['email']}")
    return go(reverse("customer", args=[person_id]))


def _details(values: dict[str, str]) -> accounts.DetailsGiven:
    try:
        born = rules.birth_date(*(values[name] for name in _DETAILS[2:]))
    except ValueError as error:
        raise Invalid({"date_of_birth": _DATE_FAULT}) from error
    return accounts.DetailsGiven(values["name"], values["phone"], born)


def _held(person: accounts.PersonView) -> dict[str, str]:
    born = person.date_of_birth
    parts = (str(born.day), str(born.month), str(born.year)) if born else ("", "", "")
    return dict(zip(_DETAILS, (person.name, person.phone, *parts), strict=True))


def _typed_address(values: dict[str, str]) -> accounts.AddressGiven | None:
    if not values["line"] and not values["postcode"]:
        return None
    return accounts.AddressGiven(line=values["line"], postcode=values["postcode"])


def _given_address(values: dict[str, str]) -> accounts.AddressGiven:
    """The chosen property; or what was typed, when the list was left alone."""
    if values["uprn"]:
        return accounts.AddressGiven(uprn=values["uprn"])
    if not values["line"]:
        raise Invalid({"uprn": "Select the address, or type it in"})
    return accounts.AddressGiven(line=values["line"], postcode=values["postcode"])


def _choices(postcode: str) -> list[addresses.Address]:
    """What the gazetteer has; when it does not answer, the address can still be typed."""
    try:
        return addresses.find_by_postcode(postcode) if postcode else []
    except Unavailable:
        return []


def _for_staff(problem: Invalid) -> Invalid:
    """As an adviser reads it: about their customer; and the summary's link goes to the first box of a date."""
    born = "date_of_birth"
    return Invalid(
        {
            (f"{born}-day" if field == born else field): words.replace("your", "their").replace("Your", "Their")
            for field, words in problem.fields.items()
        }
    )
