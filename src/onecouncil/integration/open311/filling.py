# SPDX-License-Identifier: MIT
"""From the arguments of an Open311 report to the answers of our journey. Pure; the engine checks the answers.

`description` goes to the first long-text question that every path asks and no attribute answered; where a service asks
for none, it stands with the place, so that no word is lost. `media_url` is not fetched.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from onecouncil.integration.open311.offer import PLACE, TEXTAREA, Offer, Question

Arguments = Mapping[str, Sequence[str]]
LONGEST = 5_000
_ATTRIBUTE = re.compile(r"^attribute\[([\w-]{1,80})\](\[\])?$")


class BadArguments(Exception):
    """What is wrong, one sentence for each argument."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def answers(offer: Offer, given: Arguments) -> dict[str, Any]:
    """The journey's answers.

    Raises:
        BadArguments: no location, an attribute that the service does not have, or far too long.
    """
    attributes = _attributes(offer, given)
    found = {one.key: _value(one, attributes[one.key]) for one in offer.attributes if one.key in attributes}
    for question in offer.questions:
        value = _own(question, given)
        if value not in (None, ""):
            found[question.key] = value
    _describe(offer, _one(given, "description"), found)
    return found


def argument(offer: Offer, field: str) -> str:
    """What the reporter calls a field of the journey: `attribute[size]`, `email`, `location`."""
    question = next((one for one in offer.questions if field == one.key or field.startswith(one.key + "-")), None)
    if question is None:
        return field
    return question.takes or f"attribute[{question.key}]"


def _attributes(offer: Offer, given: Arguments) -> dict[str, list[str]]:
    known = {one.key for one in offer.attributes}
    found: dict[str, list[str]] = {}
    for name, values in given.items():
        match = _ATTRIBUTE.match(name)
        if match:
            found.setdefault(match[1], []).extend(value for value in values if value != "")
    unknown = sorted(found.keys() - known)
    if unknown:
        raise BadArguments(*(f"attribute[{code}] is not a question of this service" for code in unknown))
    if any(len(value) > LONGEST for values in given.values() for value in values):
        raise BadArguments(f"An argument is longer than {LONGEST} characters")
    return {code: values for code, values in found.items() if values}


def _value(question: Question, values: list[str]) -> Any:
    if question.type == "checkboxes":
        return [part for value in values for part in value.split(",") if part]
    if question.type == "yes_no":
        return {"yes": True, "true": True, "no": False, "false": False}.get(values[0].lower(), values[0])
    if question.type == "date":
        return values[0][:10]
    return values[0]


def _own(question: Question, given: Arguments) -> Any:
    """The answer that an argument of Open311's own gives, if it does."""
    if question.takes == "location":
        return _place(given) if question.type == PLACE else _address(given)
    if question.takes == "name":
        return " ".join(part for part in (_one(given, "first_name"), _one(given, "last_name")) if part)
    return _one(given, question.takes) if question.takes else None


def _place(given: Arguments) -> dict[str, Any]:
    text, lat, lon = _one(given, "address_string"), _one(given, "lat"), _one(given, "long")
    if not text and not (lat and lon):
        raise BadArguments("Give lat and long, or address_string")
    return {"text": text, "lat": lat or None, "lon": lon or None}


def _address(given: Arguments) -> dict[str, Any]:
    """`12 Heron Street, Larkmere, LM1 4QX`: its lines, town and postcode; `address_id` is a UPRN."""
    parts = [part.strip() for part in _one(given, "address_string").split(",") if part.strip()]
    uprn = _one(given, "address_id")
    if not parts:
        raise BadArguments("Give address_string: the lines, the town and the postcode, with commas between")
    postcode = parts.pop()
    if uprn:
        return {"uprn": uprn, "postcode": postcode}
    town = parts.pop() if len(parts) > 1 else ""
    line1, line2 = (parts[0] if parts else ""), ", ".join(parts[1:])
    return {"uprn": "", "line1": line1, "line2": line2, "town": town, "postcode": postcode}


def _describe(offer: Offer, description: str, found: dict[str, Any]) -> None:
    if not description:
        return
    long_texts = (one for one in offer.attributes if one.type == TEXTAREA and not one.conditional)
    home = next((one for one in long_texts if one.key not in found), None)
    if home:
        found[home.key] = description
        return
    place = next((one for one in offer.questions if one.type == PLACE and one.key in found), None)
    if place:
        text = found[place.key]["text"]
        found[place.key]["text"] = (f"{text}. {description}" if text else description)[:500]


def _one(given: Arguments, name: str) -> str:
    values = given.get(name) or ("",)
    return values[0].strip()
