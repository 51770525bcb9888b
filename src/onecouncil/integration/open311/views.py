# SPDX-License-Identifier: MIT
"""The addresses of Open311 GeoReport v2. `form` is json or xml."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from onecouncil.casework import api as casework
from onecouncil.core.calendar import now
from onecouncil.core.problems import Invalid, NotFound, Problem
from onecouncil.integration.open311 import asking, below, filling
from onecouncil.integration.open311.documents import document, errors, request_entry
from onecouncil.integration.open311.offer import Offer, offer_of, service_definition, service_entry
from onecouncil.services import api as catalogue

View = Callable[..., HttpResponse]


def told_the_standard_way(view: View) -> View:
    """Our problems as the standard's list of errors."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, form: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, form=form, **kwargs)
        except (filling.BadArguments, asking.BadFilter) as wrong:
            return errors(form, 400, *(str(one) for one in getattr(wrong, "faults", (wrong,))))
        except Invalid as wrong:
            return errors(form, 400, *(f"{name}: {words}" if name else words for name, words in wrong.fields.items()))
        except Problem as problem:
            answer = errors(form, problem.status, problem.detail)
            if hasattr(problem, "retry_after"):
                answer["Retry-After"] = str(problem.retry_after)
            return answer

    return wrapped


@require_GET
@told_the_standard_way
def services(request: HttpRequest, form: str) -> HttpResponse:
    return document("services", [service_entry(one) for one in _offers().values()], form)


@require_GET
@told_the_standard_way
def service(request: HttpRequest, code: str, form: str) -> HttpResponse:
    return document("service_definition", service_definition(_offer(code)), form)


@csrf_exempt
@told_the_standard_way
def requests(request: HttpRequest, form: str) -> HttpResponse:
    if request.method == "POST":
        return _report(request, form)
    if request.method not in ("GET", "HEAD"):
        return errors(form, 405, "Use GET or POST")
    wanted = asking.wanted(request.GET.dict(), now())
    offers = _offers()
    codes = [code for code in wanted.codes or offers if code in offers]
    found = casework.public_reports(
        codes,
        state=wanted.state,
        opened_from=wanted.start,
        opened_to=wanted.end,
        references=wanted.references,
        size=asking.MOST,
    )
    return document("service_requests", [request_entry(one, offers[one.service]) for one in found], form)


@require_GET
@told_the_standard_way
def one_request(request: HttpRequest, reference: str, form: str) -> HttpResponse:
    offers = _offers()
    found = casework.public_reports(list(offers), references=[reference], size=1)
    if not found:
        raise NotFound("There is no such service request")
    return document("service_requests", [request_entry(found[0], offers[found[0].service])], form)


def _report(request: HttpRequest, form: str) -> HttpResponse:
    """A new report: the same questions, checked by the same engine as on the website."""
    given = dict(request.POST.lists())
    code = request.POST.get("service_code", "").strip()
    if not code:
        return errors(form, 400, "Give service_code")
    offer = _offer(code)
    actor = below.reporter(request, request.POST.get("api_key") or request.GET.get("api_key", ""))
    answers = filling.answers(offer, given)
    try:
        reference = below.hand_in(actor, offer.service.slug, answers)
    except Invalid as wrong:
        raise Invalid({filling.argument(offer, name): words for name, words in wrong.fields.items()}) from wrong
    entry = {"service_request_id": reference, "service_notice": offer.service.content.get("then"), "account_id": None}
    return document("service_requests", [entry], form)


def _offers() -> dict[str, Offer]:
    found = (offer_of(one) for one in catalogue.services_list(size=1000))
    return {one.service.slug: one for one in found if one}


def _offer(code: str) -> Offer:
    try:
        found = offer_of(catalogue.service(code[:80].replace("\x00", "")))
    except NotFound:
        found = None
    if found is None:
        raise NotFound("There is no such service_code")
    return found
