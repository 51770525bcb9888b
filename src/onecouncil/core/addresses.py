# SPDX-License-Identifier: MIT
"""Addresses with UPRNs: from our own gazetteer table, or from OS Places (setting ONECOUNCIL_OS_PLACES_KEY)."""

import re
from dataclasses import dataclass

from django.conf import settings

from onecouncil.core.models import AddressRow

_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")


@dataclass(frozen=True)
class Address:
    """One property. `line` is the whole address on one line without the postcode."""

    uprn: str
    line: str
    street: str
    postcode: str
    ward: str
    lat: float
    lon: float

    @property
    def one_line(self) -> str:
        return f"{self.line}, {self.postcode}"


def tidy_postcode(text: str) -> str | None:
    """`"lm1 4qx"` → `"LM1 4QX"`; None when it cannot be a UK postcode (BS 7666 shape)."""
    match = _POSTCODE.match(re.sub(r"[^A-Z0-9]", "", text.upper()))
    return f"{match.group(1)} {match.group(2)}" if match else None


def find_by_postcode(text: str) -> list[Address]:
    """The addresses in a postcode, at most 200, in order; empty when there are none or the postcode is not one.

    Raises:
        Unavailable: the outside address service is set up and not answering.
    """
    postcode = tidy_postcode(text)
    if postcode is None:
        return []
    if settings.OS_PLACES_KEY:
        return _from_os_places("postcode", {"postcode": postcode})
    return [_view(row) for row in AddressRow.objects.filter(postcode=postcode).order_by("uprn")[:200]]


def by_uprn(uprn: str) -> Address | None:
    """The property with this UPRN (leading zeros do not matter)."""
    number = uprn.strip().lstrip("0")
    if settings.OS_PLACES_KEY:
        return next(iter(_from_os_places("uprn", {"uprn": number})), None)
    row = AddressRow.objects.filter(pk=number).first()
    return _view(row) if row else None


def _from_os_places(kind: str, params: dict[str, str]) -> list[Address]:
    from onecouncil.core.outbound import client

    url = f"{settings.OS_PLACES_URL}/search/places/v1/{kind}"
    answer = client("os-places").request(
        "GET", url, params={**params, "key": settings.OS_PLACES_KEY, "output_srs": "WGS84"}
    )
    return [_from_dpa(result["DPA"]) for result in answer.json().get("results", []) if "DPA" in result]


def _from_dpa(dpa: dict[str, object]) -> Address:
    postcode = str(dpa["POSTCODE"])
    return Address(
        uprn=str(dpa["UPRN"]).lstrip("0"),
        line=str(dpa["ADDRESS"]).removesuffix(f", {postcode}").title(),
        street=str(dpa.get("THOROUGHFARE_NAME", "")).title(),
        postcode=postcode,
        ward="",
        lat=float(str(dpa.get("LAT", 0))),
        lon=float(str(dpa.get("LNG", 0))),
    )


def _view(row: AddressRow) -> Address:
    return Address(row.uprn, f"{row.line}, {row.town}", row.street, row.postcode, row.ward, row.lat, row.lon)
