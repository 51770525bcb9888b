# SPDX-License-Identifier: MIT
"""A service's own page, and the map picture."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from onecouncil.core.borough import Borough, borough
from onecouncil.services import listings, street_map
from onecouncil.services.models import Service, ServiceVersion
from onecouncil.services.reads import titles_of
from onecouncil.website.api import breadcrumbs

_MOST_HELD = 600
_held: dict[str, tuple[Borough, dict[str, Any]]] = {}  # by the digest of what a version says


@require_GET
def service_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the service is, what it costs, and how to start. Two queries."""
    row = Service.objects.select_related("published").filter(slug=slug, published__isnull=False).first()
    if row is None or row.published is None:
        raise Http404
    context = page_of(row.published)
    related = titles_of(row.published.content["related"])
    return render(request, "services/service.html", {**context, "related": related, "preview": None})


def page_of(version: ServiceVersion) -> dict[str, Any]:
    """A version's page, its words filled and rendered once for each state of the borough's facts."""
    facts = borough()
    held = _held.get(version.digest)
    if held and held[0] is facts and version.state == ServiceVersion.PUBLISHED:
        return held[1]
    made = _make(version.content, facts)
    if version.state == ServiceVersion.PUBLISHED:
        if len(_held) >= _MOST_HELD:
            _held.clear()
        _held[version.digest] = (facts, made)
    return made


def _make(content: dict[str, Any], facts: Borough) -> dict[str, Any]:
    words = {key: facts.fill(content[key]) for key in ("title", "summary", "audience", "cost", "time", "then")}
    return {
        **words,
        "slug": content["slug"],
        "body": listings.render_markdown(facts.fill(content["body"])),
        "start": f"/services/{content['slug']}/start" if "journey" in content else "",
        "start_label": _START.get(content["nature"], "Start now"),
        "steps": [_step(content["slug"], step, facts) for step in content["next_steps"]],
        "trail": breadcrumbs(content["category"]),
    }


_START = {"report": "Report it now", "apply": "Apply now", "book": "Book now", "pay": "Pay now", "tell": "Tell us now"}


def _step(slug: str, step: dict[str, Any], facts: Borough) -> dict[str, str]:
    to = facts.fill(step.get("to") or "")
    href = {
        "enquiry": listings.enquiry_path(slug),
        "service": f"/services/{to}",
        "phone": f"tel:{to.replace(' ', '')}",
        "link": to,
    }[step["kind"]]
    return {"kind": step["kind"], "label": facts.fill(step["label"]), "href": href, "shown": to}


@require_GET
def map_picture(request: HttpRequest) -> HttpResponse:
    """The borough's streets as a picture, for one window on them."""
    streets = street_map.town()
    if streets is None:
        raise Http404
    asked = ",".join(request.GET.get(name, "") for name in ("lat", "lon", "zoom", "size"))
    view = street_map.read_view(streets, asked)
    response = HttpResponse(street_map.svg(streets, view, _pin(request.GET.get("pin", ""))), "image/svg+xml")
    response["Cache-Control"] = "public, max-age=600"
    return response


def _pin(text: str) -> tuple[float, float] | None:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return lat, lon
