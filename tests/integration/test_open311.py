# SPDX-License-Identifier: MIT
"""Open311 over HTTP, with the published catalogue: what is offered, a report from a stranger, how it goes on."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client

from onecouncil.core.models import EventRow, LimitCount
from onecouncil.integration.open311 import below

pytestmark = pytest.mark.django_db(transaction=True)
HOLE = {
    "service_code": "report-a-pothole",
    "lat": "51.52",
    "long": "-0.43",
    "address_string": "Outside 4 Heron Street",
    "description": "Deep and getting wider",
    "email": "alice@example.org",
    "first_name": "Alice",
    "last_name": "Secret",
    "attribute[danger]": "no",
    "attribute[part]": "road",
    "attribute[size]": "large",
    "attribute[depth]": "deep",
}


SOME = ("report-a-pothole", "report-a-missed-bin", "report-graffiti", "report-fly-tipping", "resident-parking-permit")


@pytest.fixture(autouse=True)
def catalogue(db: None, tmp_path: Path, settings: Any) -> None:
    """A few services of the real catalogue: all would take seconds for each test."""
    for file in Path(settings.CATALOGUE_DIR).rglob("*.yaml"):
        if file.stem in SOME:
            (tmp_path / file.parent.name).mkdir(exist_ok=True)
            shutil.copy(file, tmp_path / file.parent.name)
    settings.CATALOGUE_DIR = str(tmp_path)
    call_command("catalogue", "--load", stdout=StringIO())


def test_the_report_services_and_their_questions() -> None:
    listed = Client().get("/open311/v2/services.json").json()
    codes = {one["service_code"] for one in listed}
    assert "report-a-pothole" in codes
    assert "resident-parking-permit" not in codes
    assert len(codes) == len(SOME) - 1
    for code in codes:
        answer = Client().get(f"/open311/v2/services/{code}.json")
        assert answer.status_code == 200, code
        assert answer.json()["service_code"] == code
    root = ElementTree.fromstring(Client().get("/open311/v2/services.xml").content)
    assert len(root) == len(listed)
    definition = ElementTree.fromstring(Client().get("/open311/v2/services/report-a-pothole.xml").content)
    assert definition.find("attributes/attribute/values/value/key") is not None


def test_a_report_is_made_and_followed_without_personal_data(work: Callable[[], None]) -> None:
    answer = Client().post("/open311/v2/requests.json", HOLE)
    assert answer.status_code == 200, answer.content
    reference = answer.json()[0]["service_request_id"]
    assert EventRow.objects.filter(type="submission.submitted", subject=reference).count() == 1
    work()
    one = Client().get(f"/open311/v2/requests/{reference}.json")
    assert one.status_code == 200
    entry = one.json()[0]
    assert entry["status"] == "open"
    assert entry["service_code"] == "report-a-pothole"
    assert (entry["lat"], entry["long"]) == (51.52, -0.43)
    for form in ("json", "xml"):
        for address in (f"/open311/v2/requests/{reference}.{form}", f"/open311/v2/requests.{form}"):
            words = Client().get(address).content.decode()
            assert reference in words
            for private in ("Alice", "Secret", "alice@example.org", "getting wider", "4 Heron"):
                assert private not in words


def test_the_list_is_filtered(work: Callable[[], None]) -> None:
    reference = Client().post("/open311/v2/requests.json", HOLE).json()[0]["service_request_id"]
    work()

    def listed(**filters: str) -> list[str]:
        answer = Client().get("/open311/v2/requests.json", filters)
        assert answer.status_code == 200
        return [one["service_request_id"] for one in answer.json()]

    assert listed() == [reference]
    assert listed(service_request_id=reference) == [reference]
    assert listed(service_code="report-a-pothole", status="open") == [reference]
    assert listed(service_code="report-graffiti") == []
    assert listed(service_code="no-such-thing") == []
    assert listed(status="closed") == []
    assert listed(end_date="2020-01-01T00:00:00Z") == []


BAD = [
    ({"service_code": ""}, 400, "service_code"),
    ({"service_code": "no-such-thing"}, 404, "service_code"),
    ({"service_code": "resident-parking-permit"}, 404, "service_code"),
    ({"attribute[size]": "enormous"}, 400, "attribute[size]: "),
    ({"attribute[danger]": "yes"}, 400, ""),
    ({"attribute[nonsense]": "1"}, 400, "attribute[nonsense]"),
    ({"lat": "north", "long": "west"}, 400, "location: "),
    ({"email": "not an address"}, 400, "email: "),
    ({"api_key": "oc_wrong"}, 403, "api_key"),
]


def test_a_bad_report_is_told_the_standard_way_and_changes_nothing() -> None:
    for changes, status, words in BAD:
        answer = Client().post("/open311/v2/requests.json", {**HOLE, **changes})
        assert answer.status_code == status, changes
        assert answer.json()[0]["code"] == status
        assert words in " ".join(one["description"] for one in answer.json()), changes
    told = Client().post("/open311/v2/requests.xml", {**HOLE, "service_code": ""})
    assert ElementTree.fromstring(told.content).findtext("error/code") == "400"
    assert not EventRow.objects.filter(type="submission.submitted").exists()


def test_unknown_things_are_404_and_other_methods_405() -> None:
    assert Client().get("/open311/v2/services/nothing.json").status_code == 404
    assert Client().get("/open311/v2/requests/LM-0000-0000.json").json()[0]["code"] == 404
    assert Client().get("/open311/v2/services.csv").status_code == 404
    assert Client().delete("/open311/v2/requests.json").status_code == 405
    assert Client().get("/open311/v2/requests.json", {"start_date": "soon"}).json()[0]["code"] == 400


def test_strangers_may_report_a_few_times_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "AN_HOUR_WITHOUT_KEY", 2)
    LimitCount.objects.all().delete()
    codes = [Client().post("/open311/v2/requests.json", HOLE).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_the_list_takes_a_fixed_number_of_queries(
    work: Callable[[], None], django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(5):
        Client().post("/open311/v2/requests.json", HOLE)
    work()
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        assert len(Client().get("/open311/v2/requests.json").json()) == 5
