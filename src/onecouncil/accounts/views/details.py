# SPDX-License-Identifier: MIT
"""A person's own details and address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecouncil.accounts import actions, reads, rules
from onecouncil.accounts.views.pages import asker, go, show
from onecouncil.core import addresses, limits
from onecouncil.core.calendar import today
from onecouncil.core.problems import Invalid, Unavailable

_TYPED = ("name", "phone", "date_of_birth-day", "date_of_birth-month", "date_of_birth-year")


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Name, phone, date of birth; the address and the e-mail address have pages of their own."""
    actor = asker(request)
    known = reads.person(actor.person_id) if actor.person_id else None
    context = {"known": known, "email": getattr(request.user, "email", "")}
    if request.method == "GET":
        return show(request, "accounts/details.html", {**context, "values": _values(known, actor.name)})
    values = {name: request.POST.get(name, "") for name in _TYPED}
    try:
        actions.change_details(actor, actions.own_person(actor), _given(values))
    except Invalid as problem:
        return show(request, "accounts/details.html", {**context, "values": values}, _beside_day(problem))
    messages.success(request, "Your details are saved")
    return go(reverse("account-details"))


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Postcode, then a choice; or the address typed. A GET asks and looks up, a POST saves."""
    actor = asker(request)
    if request.method == "POST":
        return _save_address(request)
    postcode = request.GET.get("postcode", "").strip()
    typed = request.GET.get("typed") == "yes"
    values = {"postcode": postcode, "line": "", "uprn": ""}
    if not postcode or typed:
        known = reads.person(actor.person_id) if actor.person_id else None
        return show(request, "accounts/address.html", {"values": values, "typed": typed, "choices": [], "known": known})
    limits.hit("address-lookup", f"user:{actor.user_id}", limit=30, seconds=60)
    choices, problem = _choices(postcode)
    page = {"values": values, "typed": False, "choices": choices, "known": None}
    return show(request, "accounts/address.html", page, problem)


def _choices(postcode: str) -> tuple[list[addresses.Address], Invalid | None]:
    if addresses.tidy_postcode(postcode) is None:
        return [], Invalid({"postcode": "Enter a full UK postcode, like LM1 4QX"})
    try:
        found = addresses.find_by_postcode(postcode)
    except Unavailable:
        return [], Invalid({"postcode": "We cannot look up addresses now. Type your address in instead"})
    nothing = Invalid({"postcode": "We found no address there. Check it, or type your address in"})
    return found, None if found else nothing


def _save_address(request: HttpRequest) -> HttpResponse:
    actor, typed = asker(request), request.POST.get("typed") == "yes"
    values = {name: request.POST.get(name, "") for name in ("uprn", "line", "postcode")}
    try:
        if not typed and not values["uprn"]:
            raise Invalid({"uprn": "Select your address"})
        place = actions.AddressGiven("" if typed else values["uprn"], values["line"], values["postcode"])
        actions.change_address(actor, actions.own_person(actor), place)
    except Invalid as problem:
        choices = [] if typed else addresses.find_by_postcode(values["postcode"])
        page = {"values": values, "typed": typed, "choices": choices, "known": None}
        return show(request, "accounts/address.html", page, problem)
    messages.success(request, "Your address is saved")
    return go(reverse("account-details"))


def _values(known: reads.PersonView | None, name: str) -> dict[str, str]:
    born = known.date_of_birth if known else None
    return {
        "name": known.name if known else name,
        "phone": known.phone if known else "",
        "date_of_birth-day": str(born.day) if born else "",
        "date_of_birth-month": str(born.month) if born else "",
        "date_of_birth-year": str(born.year) if born else "",
    }


def _given(values: dict[str, str]) -> actions.DetailsGiven:
    born, fault = rules.birth_date(
        values["date_of_birth-day"], values["date_of_birth-month"], values["date_of_birth-year"], today()
    )
    if fault:
        raise Invalid({**rules.details_faults(values["name"], values["phone"]), "date_of_birth": fault})
    return actions.DetailsGiven(name=values["name"], phone=values["phone"], date_of_birth=born)


def _beside_day(problem: Invalid) -> Invalid:
    """The summary's link goes to the first box of the date."""
    places = {"date_of_birth": "date_of_birth-day"}
    return Invalid({places.get(key, key): words for key, words in problem.fields.items()})
