# SPDX-License-Identifier: MIT
"""The standard's documents, as JSON and as XML. A list is a JSON array at the top, as GeoReport v2 wants it."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse

from onecouncil.casework.api import PublicReport
from onecouncil.integration.open311.offer import Offer

_ONE_OF = {"services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
           "values": "value"}  # fmt: skip
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(name: str, content: Any, form: str, status: int = 200) -> HttpResponse:
    """An answer; `name` is the outermost XML element."""
    if form == "xml":
        body = ElementTree.tostring(_element(name, content), encoding="utf-8", xml_declaration=True)
        answer = HttpResponse(body, status=status, content_type="text/xml; charset=utf-8")
    else:
        answer = HttpResponse(json.dumps(content), status=status, content_type="application/json; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"  # open data; without credentials, so nobody's session is used
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def errors(form: str, status: int, *sentences: str) -> HttpResponse:
    return document("errors", [{"code": status, "description": one} for one in sentences], form, status)


def request_entry(report: PublicReport, offer: Offer) -> dict[str, Any]:
    """One request as anybody may see it: no name, no words of a person, a point only where it is a public place."""
    shown = offer.shows_place
    return {
        "service_request_id": report.reference,
        "status": "closed" if report.closed_at else "open",
        "status_notes": report.stage_label,
        "service_name": offer.service.title,
        "service_code": offer.service.slug,
        "description": None,
        "agency_responsible": offer.service.unit,
        "service_notice": None,
        "requested_datetime": _time(report.opened_at),
        "updated_datetime": _time(report.changed_at),
        "expected_datetime": _time(report.due_at),
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": report.lat if shown else None,
        "long": report.lon if shown else None,
        "media_url": None,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, dict):
        element.extend([_element(key, value) for key, value in content.items()])
    elif isinstance(content, list):
        element.extend([_element(_ONE_OF[name], value) for value in content])
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _NOT_IN_XML.sub("", str(content))
    return element
