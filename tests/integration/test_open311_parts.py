# SPDX-License-Identifier: MIT
"""Open311's pure parts: what is offered, how a report fills a journey, filters, documents."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecouncil.integration.open311 import asking, documents, filling
from onecouncil.integration.open311.offer import Offer, offer_of, service_definition, service_entry
from onecouncil.services.api import ServiceView

A_AND_B = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
PAGES: list[dict[str, Any]] = [
    {"key": "danger", "questions": [{"key": "danger", "type": "yes_no", "label": "Is somebody in danger?"}]},
    {"key": "call", "show_if": {"answer": "danger", "is": True}, "exit": {"why": "Call 999"}},
    {"key": "where", "questions": [{"key": "place", "type": "place", "label": "Where is it?"}]},
    {
        "key": "what",
        "questions": [
            {"key": "size", "type": "radios", "label": "Size", "options": [{"value": "s", "label": "Small"}]},
            {"key": "harm", "type": "checkboxes", "label": "H", "optional": True, "options": A_AND_B},
            {"key": "more", "type": "textarea", "label": "More", "optional": True},
            {"key": "photo", "type": "file", "label": "Photo", "optional": True},
            {"key": "who", "type": "text", "label": "Your name", "prefill": "person.name", "optional": True},
            {"key": "mail", "type": "email", "label": "E-mail", "optional": True},
            {"key": "tel", "type": "phone_uk", "label": "Phone", "optional": True},
        ],
    },
]  # fmt: skip


def view(**changes: Any) -> ServiceView:
    content = {"nature": "report", "summary": "Tell us", "journey": {"pages": PAGES}, **changes}
    return ServiceView("report-a-hole", "Report a hole", "roads", "highways", 1, 1, "journey" in content, content)


def offer(**changes: Any) -> Offer:
    found = offer_of(view(**changes))
    assert found
    return found


def without(kind: str) -> dict[str, Any]:
    kept = [{**page, "questions": [q for q in page.get("questions", []) if q["type"] != kind]} for page in PAGES]
    return {"pages": kept}


@pytest.mark.parametrize(
    "changes",
    [
        {"nature": "apply"},
        {"fee": {"lines": []}},
        {"journey": {"sign_in": "required", "pages": PAGES}},
        {"journey": {"declaration": {}, "pages": PAGES}},
        {"journey": {"pages": [{"key": "g", "item": "child", "pages": []}]}},
        {"journey": {"pages": [{"key": "p", "questions": [{"key": "f", "type": "file", "label": "F"}]}]}},
    ],
)
def test_what_cannot_be_done_this_way_is_not_offered(changes: dict[str, Any]) -> None:
    assert offer_of(view(**changes)) is None


def test_questions_become_attributes_and_known_ones_are_arguments() -> None:
    entry, definition = service_entry(offer()), service_definition(offer())
    assert entry["service_code"] == "report-a-hole"
    assert entry["metadata"] is True
    assert [one["code"] for one in definition["attributes"]] == ["danger", "size", "harm", "more"]
    kinds = {one["code"]: one["datatype"] for one in definition["attributes"]}
    assert kinds == {"danger": "singlevaluelist", "size": "singlevaluelist", "harm": "multivaluelist", "more": "text"}
    assert definition["attributes"][1]["values"] == [{"key": "s", "name": "Small"}]


def test_a_report_fills_the_journey() -> None:
    found = filling.answers(
        offer(),
        {
            "lat": ["51.5"], "long": ["-0.4"], "address_string": ["Heron Street"], "description": ["Deep"],
            "first_name": ["Alice"], "last_name": ["Example"], "email": ["alice@example.org"],
            "phone": ["07700 900001"], "jurisdiction_id": ["x"],
            "attribute[danger]": ["no"], "attribute[size]": ["s"], "attribute[harm][]": ["a", "b"],
        },
    )  # fmt: skip
    assert found == {
        "danger": False,
        "place": {"text": "Heron Street", "lat": "51.5", "lon": "-0.4"},
        "size": "s",
        "harm": ["a", "b"],
        "more": "Deep",
        "who": "Alice Example",
        "mail": "alice@example.org",
        "tel": "07700 900001",
    }


def test_a_description_without_a_question_stands_with_the_place() -> None:
    found = filling.answers(
        offer(journey=without("textarea")), {"address_string": ["Heron Street"], "description": ["Deep"]}
    )
    assert found["place"]["text"] == "Heron Street. Deep"


def test_an_address_is_read_from_its_parts() -> None:
    pages = [{"key": "p", "questions": [{"key": "home", "type": "address", "label": "Address"}]}]
    found = filling.answers(
        offer(journey={"pages": pages}), {"address_string": ["Flat 2, 12 Heron Street, Larkmere, LM1 4QX"]}
    )
    home = {"uprn": "", "line1": "Flat 2", "line2": "12 Heron Street", "town": "Larkmere", "postcode": "LM1 4QX"}
    assert found == {"home": home}
    assert not offer(journey={"pages": pages}).shows_place


@pytest.mark.parametrize(
    "arguments",
    [
        {}, {"lat": ["51"]}, {"address_string": ["x"], "attribute[nonsense]": ["1"]},
        {"address_string": ["x"], "description": ["x" * 6000]},
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(arguments: dict[str, list[str]]) -> None:
    with pytest.raises(filling.BadArguments):
        filling.answers(offer(), arguments)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3), max_size=6))
def test_no_arguments_break_it(arguments: dict[str, list[str]]) -> None:
    try:
        filling.answers(offer(), arguments)
    except filling.BadArguments as wrong:
        assert wrong.faults


NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_list_is_of_the_last_90_days_unless_asked() -> None:
    wanted = asking.wanted({}, NOW)
    assert (wanted.start, wanted.end) == (NOW - timedelta(days=90), NOW)
    wanted = asking.wanted({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-10-01T00:00:00Z"}, NOW)
    assert wanted.end == datetime(2026, 4, 1, tzinfo=UTC)
    assert asking.wanted({"status": "open,closed"}, NOW).state == ""
    assert asking.wanted({"status": "Closed"}, NOW).state == "closed"
    assert asking.wanted({"service_request_id": "LM-1, LM-2", "status": "open"}, NOW).references == ("LM-1", "LM-2")


@pytest.mark.parametrize("wrong", [{"start_date": "yesterday"}, {"end_date": "2026-13-01"}, {"status": "new"}])
def test_a_filter_that_cannot_be_read_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(asking.BadFilter):
        asking.wanted(wrong, NOW)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(["start_date", "end_date", "status", "service_code"]), st.text(max_size=30)))
def test_no_filter_breaks_it(filters: dict[str, str]) -> None:
    try:
        wanted = asking.wanted(filters, NOW)
    except asking.BadFilter:
        return
    assert wanted.start and wanted.end and wanted.end - wanted.start <= asking.LONGEST


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text())
def test_xml_is_well_formed_whatever_is_in_it(text: str) -> None:
    answer = documents.document("services", [{"description": text, "metadata": True, "keywords": None}], "xml")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "services"
    assert root[0].tag == "service"
    assert root[0].findtext("metadata") == "true"
