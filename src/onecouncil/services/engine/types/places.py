# SPDX-License-Identifier: MIT
"""Where: postcode, address, place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import AddressChoice, Outside

from .base import Fault, Form, QuestionType, Refused, Setting, one, refuse, text_of, thing
from .cards import refuse_cards
from .words import tidy_line

_POSTCODE = re.compile(
    r"(GIR|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9]{2}|[0-9][A-Z]|[A-HK-Y][0-9][A-Z]))([0-9][ABD-HJLNP-UW-Z]{2})"
)
_LIKE = "Enter a full UK postcode, like LM1 4QX"


def read_postcode(text: str) -> str | None:
    """`LM1 4QX` from however it was typed, or None."""
    match = _POSTCODE.fullmatch(re.sub(r"[\s\-.]", "", text).upper())
    return f"{match[1]} {match[3]}" if match else None


class Postcode(QuestionType):
    name, label, noun = "postcode", "Postcode", "a postcode"

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        postcode = read_postcode(text_of(loose))
        if not postcode:
            raise refuse("invalid", _LIKE)
        return postcode

    def sample(self, question: Question, outside: Outside) -> Json:
        return "LM1 1AA"


class Address(QuestionType):
    """Chosen from those of a postcode (then it has a UPRN), or typed by hand (then `uprn` is None).

    A postcode alone is refused with code `choose`: the page draws the choices of `Outside.addresses` and asks again.
    """

    name, label, noun = "address", "Address", "an address"
    parts = ("postcode", "uprn", "line1", "line2", "town")
    settings = (Setting("listed_only", "bool", "Only an address from the list"),)

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        if not isinstance(loose, Mapping):
            raise refuse("kind", "Give the address as its lines and a postcode", "postcode")
        texts = {part: tidy_line(text_of(loose.get(part) or "")) for part in self.parts}
        postcode = read_postcode(texts["postcode"])
        if texts["uprn"]:
            return self._chosen(texts["uprn"], postcode, outside)
        typed = texts["line1"] or texts["line2"] or texts["town"]
        if typed and not question.settings.get("listed_only"):
            return self._typed(texts, postcode)
        if not texts["postcode"]:
            raise refuse("missing", "Enter a postcode", "postcode")
        if not postcode:
            raise refuse("invalid", _LIKE, "postcode")
        raise refuse("choose", f"Choose {thing(question, self)} from the list", "uprn")

    def _chosen(self, uprn: str, postcode: str | None, outside: Outside) -> Json:
        choices = outside.addresses(postcode) if postcode else ()
        choice = next((each for each in choices if each.uprn == uprn), None)
        if choice is None:
            raise refuse("gone", "Select an address from the list, or type it in", "uprn")
        return address_value(choice)

    def _typed(self, texts: Mapping[str, str], postcode: str | None) -> Json:
        faults = [Fault("missing", "Enter the first line of the address", "line1")] if not texts["line1"] else []
        faults += [Fault("missing", "Enter a town or city", "town")] if not texts["town"] else []
        faults += [Fault("invalid", _LIKE, "postcode")] if not postcode else []
        faults += [
            Fault("too_long", "Use 100 characters or fewer", p)
            for p in ("line1", "line2", "town")
            if len(texts[p]) > 100
        ]
        if faults:
            raise Refused(*faults)
        for part in ("line1", "line2", "town"):
            refuse_cards(texts[part], part)
        return {
            "uprn": None,
            "line1": texts["line1"],
            "line2": texts["line2"],
            "town": texts["town"],
            "postcode": postcode,
        }

    def show(self, question: Question, value: Json) -> list[str]:
        return [value[part] for part in ("line1", "line2", "town", "postcode") if value.get(part)]

    def sample(self, question: Question, outside: Outside) -> Json:
        choices = outside.addresses("LM1 1AA")
        if choices:
            return address_value(choices[0])
        return {"uprn": None, "line1": "1 Sample Street", "line2": "", "town": "Sampleton", "postcode": "LM1 1AA"}


def address_value(choice: AddressChoice) -> dict[str, Json]:
    """An address as an answer."""
    return {
        "uprn": choice.uprn,
        "line1": choice.line1,
        "line2": choice.line2,
        "town": choice.town,
        "postcode": choice.postcode,
    }


class Place(QuestionType):
    """A description, a point on the map, or both. `bounds`: {south, west, north, east} that a point must lie in."""

    name, label, noun = "place", "Place: typed or on a map", "where it is"
    parts = ("text", "lat", "lon")
    settings = (
        Setting("bounds", "bounds", "The area a point must lie in"),
        Setting("point_needed", "bool", "A point on the map is needed"),
    )

    def from_form(self, question: Question, form: Form) -> Json:
        return {part: one(form, f"{question.key}-{part}") for part in self.parts}

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        if isinstance(loose, str):
            loose = {"text": loose}
        if not isinstance(loose, Mapping):
            raise refuse("kind", "Give the place as a text, or as lat and lon", "text")
        text = tidy_line(text_of(loose.get("text") or ""))
        if len(text) > 500:
            raise refuse("too_long", "Describe the place in 500 characters or fewer", "text")
        refuse_cards(text, "text")
        lat, lon = self._point(question, loose.get("lat"), loose.get("lon"))
        if not text and lat is None:
            raise self.missing(question)
        return {"text": text, "lat": lat, "lon": lon}

    def _point(self, question: Question, lat: Json, lon: Json) -> tuple[float | None, float | None]:
        if lat in (None, "") and lon in (None, ""):
            if question.settings.get("point_needed"):
                raise refuse("missing", "Select the place on the map", "lat")
            return None, None
        try:
            point = round(float(lat), 6), round(float(lon), 6)
        except (TypeError, ValueError, OverflowError):
            raise refuse("invalid", "Select the place on the map again", "lat") from None
        area = question.settings.get("bounds") or {"south": -90, "west": -180, "north": 90, "east": 180}
        south, west, north, east = (float(area[side]) for side in ("south", "west", "north", "east"))
        if not (math.isfinite(point[0]) and math.isfinite(point[1])) or not (
            south <= point[0] <= north and west <= point[1] <= east
        ):
            raise refuse("outside", "Select a place inside the council's area", "lat")
        return point

    def show(self, question: Question, value: Json) -> list[str]:
        lines = [value["text"]] if value["text"] else []
        return lines + ([f"On the map: {value['lat']:.5f}, {value['lon']:.5f}"] if value["lat"] is not None else [])

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        return {f"{question.key}-{p}": ["" if value[p] is None else str(value[p])] for p in self.parts}

    def sample(self, question: Question, outside: Outside) -> Json:
        area = question.settings.get("bounds")
        if not area:
            return {"text": "Outside 1 Sample Street", "lat": 51.5, "lon": -0.1}
        middle = [round((float(area[a]) + float(area[b])) / 2, 6) for a, b in (("south", "north"), ("west", "east"))]
        return {"text": "Outside 1 Sample Street", "lat": middle[0], "lon": middle[1]}
