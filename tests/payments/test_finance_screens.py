# SPDX-License-Identifier: MIT
"""Finance finds any payment, sees the takings, and takes them to the general ledger."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from onecouncil.core.actors import Actor, system
from onecouncil.core.calendar import today
from onecouncil.core.ports import BillLine
from onecouncil.payments import rules
from onecouncil.payments.actions import polling
from onecouncil.payments.actions.refunding import refund_payment
from onecouncil.payments.models import Bill, Payment, Refund

from .conftest import Town

SignedIn = Callable[[str], Client]
EXPORT = "/staff/payments/takings/export"


def pay(town: Town, about: str, pence: int, email: str = "", fund: str = "waste") -> Bill:
    bill = town.bill(about, lines=(BillLine("A thing", pence, fund, 20),), payer_email=email)
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    return bill


@pytest.fixture
def three(town: Town) -> list[Bill]:
    return [
        pay(town, "S-1", 1250, "Alice@example.org"),
        pay(town, "S-2", 1300, "alice@example.org"),
        pay(town, "S-3", 1250, "bob@example.org", "leisure"),
    ]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("ALICE@example.org", {0, 1}),
        ("bob@example.org", {2}),
        ("£12.50", {0, 2}),
        ("12.50", {0, 2}),
        ("£13", {1}),
        ("S-3", {2}),
        ("nobody@example.org", set()),
        ("£0.01", set()),
    ],
)
def test_a_payment_is_found(three: list[Bill], signed_in: SignedIn, sought: str, found: set[int]) -> None:
    listed = signed_in("fin").get("/api/v1/payments", {"reference": sought}).json()["results"]
    assert {one["bill"] for one in listed} == {three[n].reference for n in found}
    named = Payment.objects.get(bill=three[0])
    listed = signed_in("fin").get("/api/v1/payments", {"reference": named.provider_payment_id}).json()["results"]
    assert [one["id"] for one in listed] == [named.pk]


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the plan is read in SQLite's words")
@pytest.mark.parametrize("sought", ["£12.50", "alice@example.org", "S-1", "PAY-0000-0000"])
def test_every_search_uses_an_index(sought: str, django_assert_max_num_queries: Any) -> None:
    from django.test.utils import CaptureQueriesContext

    from onecouncil.payments import reads

    with CaptureQueriesContext(connection) as asked:
        reads.payments_page(system("test"), search=sought)
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
            assert "SCAN" not in plan, (query["sql"], plan)


def test_takings_by_fund_and_method(three: list[Bill], signed_in: SignedIn, work: Callable[[], None]) -> None:
    payment = Payment.objects.get(bill=three[2])
    refund_payment(payment.pk, 250, reason="A", key="1", actor=system("test"))
    work()
    polling.send_refund(Refund.objects.get().pk)
    assert Refund.objects.get().state == rules.REFUND_DONE
    page = signed_in("fin").get("/staff/payments/takings/").content.decode()
    for words in ("£25.50", "£10.00", "£35.50", "£38.00", "£2.50", "Card, by demo"):
        assert words in page, words
    past = signed_in("fin").get("/staff/payments/takings/", {"from": "2020-01-01", "to": "2020-01-31"})
    assert "Nothing on these days" in past.content.decode()


@pytest.mark.parametrize(
    ("first", "last"), [("rubbish", ""), ("2026-02-02", "2026-02-01"), ("2020-01-01", "2026-01-01")]
)
@pytest.mark.django_db
def test_days_that_cannot_be(signed_in: SignedIn, first: str, last: str) -> None:
    answer = signed_in("fin").get("/staff/payments/takings/", {"from": first, "to": last})
    assert (answer.status_code, "There is a problem" in answer.content.decode()) == (422, True)
    assert signed_in("fin").get(EXPORT, {"from": first, "to": last}).status_code == 422


def test_the_export_balances(three: list[Bill], signed_in: SignedIn) -> None:
    answer = signed_in("fin").get(EXPORT)
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    debits, credits = (sum(round(float(row[name] or 0) * 100) for row in rows) for name in ("debit", "credit"))
    assert debits == credits == 3800
    assert {row["date"] for row in rows} == {today().isoformat()}
    assert {(row["account"], row["fund"]) for row in rows} >= {("income", "leisure"), ("vat", "waste")}


def test_a_council_has_its_own_columns_and_codes(
    three: list[Bill], signed_in: SignedIn, settings: Any, tmp_path: Path
) -> None:
    path = tmp_path / "borough.toml"
    ours = '\n[ledger_export]\ncolumns = ["code", "pence"]\n[ledger_codes]\n"income.leisure" = "4100-77"\n'
    kept = Path(settings.BOROUGH_FILE).read_text()
    path.write_text(kept + ours)
    settings.BOROUGH_FILE = str(path)
    rows = signed_in("fin").get(EXPORT).content.decode().splitlines()
    assert rows[0] == "code,pence"
    assert "4100-77,-1042" in rows
    other = tmp_path / "other.toml"
    other.write_text(kept + ours.replace('"pence"', '"penny"'))
    settings.BOROUGH_FILE = str(other)
    assert signed_in("fin").get(EXPORT).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "ada", "cass", "stew", "ed", "addie"])
def test_only_finance(signed_in: SignedIn, people: dict[str, Actor], name: str) -> None:
    for address in ("/staff/payments/takings/", EXPORT):
        assert signed_in(name).get(address).status_code == 403
