# SPDX-License-Identifier: MIT
"""Which services are offered, and their questions as Open311 attributes. Pure: from definitions as data.

Offered is what is a report, has a form, costs nothing, needs no sign-in and no declaration. A question is an
attribute, unless Open311 has an argument of its own for it: the place or address, the e-mail address, phone and name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onecouncil.services.api import ServiceView

PLACE, ADDRESS, TEXT, TEXTAREA, FILE = "place", "address", "text", "textarea", "file"
DATATYPES = {
    "number": "number",
    "date": "datetime",
    "textarea": "text",
    "yes_no": "singlevaluelist",
    "radios": "singlevaluelist",
    "select": "singlevaluelist",
    "checkboxes": "multivaluelist",
}
"""Question type → Open311 datatype; every other type is a string."""

YES_NO = ({"key": "yes", "name": "Yes"}, {"key": "no", "name": "No"})
_OWN_ARGUMENT = {
    "person.email": "email",
    "person.phone": "phone",
    "person.name": "name",
    "person.postcode": "postcode",
}
_ARGUMENT_TYPES = {"email": "email", "phone_uk": "phone"}


@dataclass(frozen=True)
class Question:
    """One question of a journey. `takes`: the Open311 argument that answers it, "" for an attribute."""

    key: str
    type: str
    label: str
    hint: str
    required: bool
    conditional: bool
    options: tuple[tuple[str, str], ...]
    takes: str


@dataclass(frozen=True)
class Offer:
    service: ServiceView
    questions: tuple[Question, ...]

    @property
    def attributes(self) -> tuple[Question, ...]:
        """What an app has to ask beyond Open311's own arguments. Files cannot be given this way."""
        return tuple(one for one in self.questions if not one.takes and one.type != FILE)

    @property
    def shows_place(self) -> bool:
        """Whether its reports are about a public place. One that asks for an address is about somebody's home."""
        kinds = {one.type for one in self.questions}
        return PLACE in kinds and ADDRESS not in kinds


def offer_of(service: ServiceView) -> Offer | None:
    """The service as Open311 offers it; None when it does not."""
    content = service.content
    if content.get("nature") != "report" or not service.has_journey or content.get("fee"):
        return None
    journey = content["journey"]
    if journey.get("sign_in") == "required" or "declaration" in journey:
        return None
    if any("pages" in step for step in journey["pages"]):
        return None
    questions = tuple(_questions(journey))
    if any(one.type == FILE and one.required and not one.conditional for one in questions):
        return None
    return Offer(service, questions)


def _questions(journey: Mapping[str, Any]) -> Iterator[Question]:
    taken: set[str] = set()
    for page in journey["pages"]:
        for raw in page.get("questions", ()):
            takes = _argument(raw)
            if takes in taken:
                takes = ""
            taken.add(takes)
            yield Question(
                key=raw["key"],
                type=raw["type"],
                label=raw["label"],
                hint=raw.get("hint", ""),
                required=not raw.get("optional", False),
                conditional="show_if" in raw or "show_if" in page,
                options=tuple((option["value"], option["label"]) for option in raw.get("options", ())),
                takes=takes,
            )


def _argument(raw: Mapping[str, Any]) -> str:
    """The Open311 argument that answers this question, or ""."""
    if raw["type"] in (PLACE, ADDRESS):
        return "location"
    return _OWN_ARGUMENT.get(raw.get("prefill", ""), _ARGUMENT_TYPES.get(raw["type"], ""))


def service_entry(offer: Offer) -> dict[str, Any]:
    """One entry of `services`."""
    content = offer.service.content
    return {
        "service_code": offer.service.slug,
        "service_name": offer.service.title,
        "description": content.get("summary", ""),
        "metadata": bool(offer.attributes),
        "type": "realtime",
        "keywords": ",".join(content.get("words", ())),
        "group": offer.service.category,
    }


def service_definition(offer: Offer) -> dict[str, Any]:
    """The answer to `services/{code}`. A question that is only asked after certain answers is not `required`."""
    return {
        "service_code": offer.service.slug,
        "attributes": [_attribute(one, order) for order, one in enumerate(offer.attributes, 1)],
    }


def _attribute(question: Question, order: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "variable": True,
        "code": question.key,
        "datatype": DATATYPES.get(question.type, "string"),
        "required": question.required and not question.conditional,
        "datatype_description": question.hint,
        "order": order,
        "description": question.label,
    }
    if question.type == "yes_no":
        found["values"] = list(YES_NO)
    elif question.options:
        found["values"] = [{"key": value, "name": label} for value, label in question.options]
    return found
