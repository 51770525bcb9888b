# SPDX-License-Identifier: MIT
"""The worklist: filters, pages by key, and a number of queries that does not grow with the list."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework import facets
from onecouncil.casework.api import case_counts, cases_of_person, entries_of_person
from onecouncil.casework.models import Case, CaseTypeRow
from onecouncil.casework.reads import Filters, worklist
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[str], Client]


def make_cases(number: int, **changes: object) -> None:
    """Many open cases, due from yesterday on, one day after each ten."""
    row, _ = CaseTypeRow.objects.get_or_create(digest="x", defaults={"kind": "many", "definition": {}})
    moment = now()
    first = Case.objects.count()
    base: dict[str, object] = {
        "case_type": row, "kind": "many", "service": "many", "unit": "streets", "title": "Many", "stage": "received",
        "stage_label": "Received", "contact_name": "Dora Example", "opened_at": moment, "changed_at": moment,
    }  # fmt: skip
    Case.objects.bulk_create(
        Case(reference=f"LM-X{first + n:06}", due_at=moment + timedelta(days=n // 10 - 1), **{**base, **changes})
        for n in range(number)
    )


def shown(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/staff/cases/{query}").content.decode()
    return re.findall(r'/staff/cases/(LM-[A-Z0-9-]+)"', page)


def test_filters(hand_in: HandIn, signed_in: SignedIn, people: dict[str, Actor]) -> None:
    cass = signed_in("cass")
    bin_case, move = hand_in(), hand_in("tell-us-you-have-moved", by="bob", unit="revenues", postcode="LM7 7XY")
    cass.post(f"/staff/cases/{bin_case}/take")
    assert shown(cass) == [bin_case, move], "the one that is due first stands first"
    assert shown(cass, "?mine=1") == [bin_case]
    assert shown(cass, "?unit=revenues") == [move]
    assert shown(cass, "?kind=missed-bin") == [bin_case]
    assert shown(cass, "?view=closed") == []
    assert shown(cass, "?q=bob+exam") == [move]
    assert shown(cass, "?q=lm77") == [move]
    assert shown(cass, "?q=ALICE") == [bin_case]
    assert shown(cass, f"?q={bin_case.lower().replace('-', '')}") == [bin_case]
    assert shown(cass, "?q=heron") == [bin_case, move], "words of the place"
    assert shown(cass, "?q=zzz") == []
    assert shown(cass, "?q=%25%27") == []
    assert shown(cass, "?view=nonsense&after=nonsense") == [bin_case, move], "what is no filter is left out"
    assert case_counts(people["cass"]).mine == 1
    assert case_counts(people["alice"]).open == 1


def test_pages_by_key_miss_nothing_and_repeat_nothing(people: dict[str, Actor]) -> None:
    make_cases(83)
    seen: list[str] = []
    after = ""
    while True:
        page = worklist(people["cass"], Filters(after=after), size=25)
        seen += [row.reference for row in page.rows]
        after = page.next_key
        if not after:
            break
    assert len(seen) == len(set(seen)) == 83


def test_queries_do_not_grow(hand_in: HandIn, signed_in: SignedIn, people: dict[str, Actor]) -> None:
    hand_in()
    cass, alice = signed_in("cass"), signed_in("alice")
    reference = Case.objects.get().reference
    pages = [(cass, "/staff/cases/"), (alice, "/account/cases/"), (cass, f"/staff/cases/{reference}")]
    few = [count(client, path) for client, path in pages]
    make_cases(60, person_id=people["alice"].person_id)
    for n in range(20):
        cass.post(f"/staff/cases/{reference}/note", {"note": f"Note {n}"})
    facets.forget()
    assert [count(client, path) for client, path in pages] == few
    assert few[0] <= 6, "session, user, roles, list, and two filters that are remembered"
    assert few[2] <= 20


def count(client: Client, path: str) -> int:
    facets.forget()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len([query for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(), "open_cases_by_due"),
        (Filters(unit="waste"), "open_cases_of_unit"),
        (Filters(kind="missed-bin"), "open_cases_of_kind"),
        (Filters(mine=True), "open_cases_of_officer"),
        (Filters(view="overdue"), "open_cases_by_due"),
        (Filters(view="replied"), "cases_with_reply"),
        (Filters(view="closed"), "cases_by_state"),
    ],
)
def test_each_filter_has_its_index(filters: Filters, index: str, people: dict[str, Actor]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by statistics; SQLite's plan is fixed")
    with CaptureQueriesContext(connection) as seen:
        worklist(people["cass"], filters)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {seen.captured_queries[-1]['sql']}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert index in plan
    assert "TEMP B-TREE" not in plan, "read in order, not sorted"


def test_a_person_page_by_page(hand_in: HandIn, people: dict[str, Actor]) -> None:
    alice = str(people["alice"].person_id)
    make_cases(45, person_id=alice)
    first = cases_of_person(alice, size=20)
    second = cases_of_person(alice, before=first[-1].id, size=20)
    assert len(first) == len(second) == 20
    assert first[-1].id > second[0].id
    reference = hand_in()
    assert entries_of_person(alice)[0].reference == reference
    assert case_of(reference).entries.count() == 1
