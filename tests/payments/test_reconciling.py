# SPDX-License-Identifier: MIT
"""Files of bank, providers and agents: matched with a reason or in suspense, never dropped or twice; and the close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from onecouncil.core.actors import Actor, system
from onecouncil.core.calendar import today
from onecouncil.core.problems import Conflict, Invalid
from onecouncil.payments import closing, formats, rules
from onecouncil.payments.actions.reconciling import Imported, allocate, import_file
from onecouncil.payments.actions.refunding import refund_payment
from onecouncil.payments.books import books_at
from onecouncil.payments.models import Bill, LedgerEntry, LedgerLine, Payment, Statement, StatementLine

from .conftest import Town

ME = system("test")
SignedIn = Callable[[str], Client]


def bank(*rows: tuple[str, str]) -> bytes:
    lines = [f"{today()},{text},{amount}" for text, amount in rows]
    return "\n".join(["date,text,amount", *lines]).encode()


def settlement(*rows: tuple[str, str, str]) -> bytes:
    lines = [f"{today()},{named},{gross},{fee}" for named, gross, fee in rows]
    return "\n".join(["date,payment_id,gross,fee", *lines]).encode()


def agent(*rows: tuple[str, int], count: int | None = None, total: int | None = None) -> bytes:
    day = f"{today():%Y%m%d}"
    come_to = sum(pence for _, pence in rows)
    lines = [f"D{text:<20}{day}{pence:010d}" for text, pence in rows]
    tail = f"T{len(rows) if count is None else count:08d}{come_to if total is None else total:012d}"
    return "\n".join([f"H{day}", *lines, tail, ""]).encode()


def take_in(kind: str, content: bytes, source: str = "") -> Imported:
    return import_file(kind, source, "a file", content, ME)


def balance(account: str) -> int:
    return LedgerLine.objects.filter(account=account).aggregate(total=Sum("pence"))["total"] or 0


def books_are_proved() -> None:
    assert books_at(today()).faults == ()
    assert LedgerLine.objects.aggregate(total=Sum("pence"))["total"] == 0


def pay(town: Town, about: str = "LM-SUB-1") -> Payment:
    bill = town.bill(about)
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    return Payment.objects.get(bill=bill)


def test_a_transfer_that_names_its_bill_pays_it(town: Town) -> None:
    bill = town.bill()
    done = take_in("bank", bank((f"FPS A Example {bill.reference.lower()}", "35.00")))
    bill.refresh_from_db()
    assert (done.fresh, done.matched, done.left, bill.state) == (True, 1, 0, rules.PAID)
    line = StatementLine.objects.get()
    assert line.reason == f"Pays {bill.reference}, by reference and amount"
    assert (balance("bank"), balance("clearing"), balance("suspense")) == (3500, 0, 0)
    books_are_proved()


def test_the_same_file_twice_posts_once(town: Town) -> None:
    content = bank((town.bill().reference, "35.00"), ("Who knows", "12.00"))
    first, again = take_in("bank", content), take_in("bank", content)
    assert (first.fresh, again.fresh, again.statement) == (True, False, first.statement)
    assert (StatementLine.objects.count(), balance("bank")) == (2, 4700)
    books_are_proved()


@pytest.mark.parametrize("wrong", [{"count": 3}, {"total": 3501}, {"count": 0, "total": 0}])
def test_a_file_whose_control_totals_fail_posts_nothing(town: Town, wrong: dict[str, int]) -> None:
    bill = town.bill()
    with pytest.raises(Invalid, match="control totals"):
        take_in("agent", agent((bill.reference, 3500), ("UNKNOWN", 100), **wrong))
    assert not Statement.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert take_in("agent", agent((bill.reference, 3500), ("UNKNOWN", 100))).matched == 1
    books_are_proved()


def test_what_does_not_fit_waits_in_suspense_with_its_reason(town: Town) -> None:
    bill, paid = town.bill("S-1"), pay(town, "S-2").bill
    rows = ((bill.reference, "34.99"), (paid.reference, "35.00"), ("Nobody knows", "5.00"), ("Bank charge", "-1.50"))
    take_in("bank", bank(*rows))
    reasons = list(StatementLine.objects.order_by("number").values_list("reason", flat=True))
    assert reasons == [
        f"{bill.reference} is for another amount",
        f"{paid.reference} is paid, so it does not wait to be paid",
        "No bill of ours is named",
        "No bill of ours is named",
    ]
    assert (balance("suspense"), balance("bank")) == (-7349, 7349)
    books_are_proved()


def test_suspense_is_suggested_and_allocated_once(town: Town, signed_in: SignedIn) -> None:
    bill = town.bill()
    take_in("bank", bank(("A EXAMPLE SOFA", "35.00")))
    line, fin = StatementLine.objects.get(), signed_in("fin")
    page = fin.get("/staff/payments/suspense/").content.decode()
    assert f"{bill.reference}, Bulky waste collection: same amount, raised the same day" in page
    at = f"/staff/payments/suspense/{line.pk}/allocate"
    for typed, words in (("rubbish", "Enter the payment reference"), (pay(town, "S-9").bill.reference, "is paid")):
        answer = fin.post(at, {"reference": typed})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert fin.post(at, {"reference": bill.reference}).status_code == 303
    assert fin.post(at, {"reference": bill.reference}).status_code == 409
    line.refresh_from_db()
    assert (line.state, balance("suspense")) == (StatementLine.ALLOCATED, 0)
    assert "Nothing waits" in fin.get("/staff/payments/suspense/").content.decode()
    books_are_proved()


def test_what_was_paid_at_the_bank_is_not_refunded_to_a_card(town: Town) -> None:
    take_in("bank", bank((town.bill().reference, "35.00")))
    with pytest.raises(Conflict, match="not paid by card"):
        refund_payment(Payment.objects.get().pk, 100, reason="A", key="1", actor=ME)


def test_a_transfer_while_a_card_payment_is_open(town: Town, work: Callable[[], None]) -> None:
    """Both pay: the bank's was first, so the card's money goes back."""
    bill = town.bill()
    next_url = town.press_pay(bill)
    take_in("bank", bank((bill.reference, "35.00")))
    town.browser.get(town.on_card_page(next_url, "pay"))
    work()
    assert Payment.objects.get(provider="demo").surplus
    assert balance("income") + balance("vat") == -3500
    books_are_proved()


def close() -> closing.ProviderClose:
    return closing.close_at(ME, today()).providers[0]


def test_the_day_closes_when_provider_ledger_and_bank_agree(town: Town, signed_in: SignedIn) -> None:
    payment = pay(town)
    named = payment.provider_payment_id or ""
    assert not close().is_closed
    assert [(one.what, one.pence) for one in close().differences] == [
        (f"{payment.bill.reference} is paid, and not settled", 3500)
    ]
    take_in("settlement", settlement((named, "35.00", "0.45")), "demo")
    assert (close().settled_pence, close().ledger_pence, close().banked_pence) == (3455, 3455, 0)
    assert "Not closed" in signed_in("fin").get("/staff/payments/close/").content.decode()
    take_in("bank", bank(("DEMO PAY 2311", "34.55")))
    assert close().is_closed
    assert closing.close_at(ME, today()).is_closed
    assert balance("clearing") == 0
    assert "nothing is in suspense" in signed_in("fin").get("/staff/payments/close/").content.decode()
    assert not closing.close_at(ME, today() - timedelta(days=1)).providers[0].ledger_pence
    books_are_proved()


def test_a_council_names_its_own_payouts(town: Town, settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "borough.toml"
    path.write_text(Path(settings.BOROUGH_FILE).read_text() + '\n[payouts]\n"Larkmere Cards" = "demo"\n')
    settings.BOROUGH_FILE = str(path)
    pay(town)
    assert take_in("bank", bank(("LARKMERE CARDS 77", "35.00"))).matched == 1
    assert close().banked_pence == 3500


def test_the_close_says_where_it_differs(town: Town, signed_in: SignedIn) -> None:
    payment = pay(town)
    named = payment.provider_payment_id or ""
    take_in("settlement", settlement((named, "35.00", "0.45"), ("pay_unknown", "9.00", "")), "demo")
    take_in("settlement", settlement((named, "35.00", "0.45")), "demo")
    told = [(one.what.partition(": ")[2], one.pence) for one in close().differences]
    assert told == [("pay_unknown. Not a payment of ours", 900), (f"{named}. Settled before", 3500)]
    assert close().settled_pence - close().ledger_pence == 900 + 3500
    assert LedgerEntry.objects.filter(kind="fee").count() == 1
    page = signed_in("fin").get("/staff/payments/close/").content.decode()
    assert "pay_unknown" in page
    books_are_proved()


def test_a_settled_refund_is_held_against_ours(town: Town, work: Callable[[], None]) -> None:
    from onecouncil.payments.actions import polling

    payment = pay(town)
    refund_payment(payment.pk, 1000, reason="A", key="1", actor=ME)
    work()
    polling.send_refund(payment.refunds.get().pk)
    named = payment.provider_payment_id or ""
    take_in("settlement", settlement((named, "35.00", "0"), (named, "-10.00", "0"), (named, "-9.00", "0")), "demo")
    states = list(StatementLine.objects.order_by("number").values_list("state", flat=True))
    assert states == [StatementLine.MATCHED, StatementLine.MATCHED, StatementLine.UNKNOWN]


def test_the_page_imports_and_says_what_is_wrong(town: Town, signed_in: SignedIn) -> None:
    fin, at = signed_in("fin"), "/staff/payments/reconciliation/"
    content = bank((town.bill().reference, "35.00"), ("Who knows", "1.00"))
    for words in ("1 rows matched, 1 left to look at", "imported before"):
        answer = fin.post(at, {"kind": "bank", "file": SimpleUploadedFile("november.csv", content)})
        assert answer.status_code == 303
        assert words in fin.get(answer["Location"]).content.decode()
    assert "november.csv" in fin.get(at).content.decode()
    bad = {"kind": "agent", "file": SimpleUploadedFile("x.txt", agent(("A", 5), total=6))}
    for given_, words in ((bad, "control totals"), ({}, "Choose a file"), ({**bad, "kind": "rubbish"}, "Select what")):
        if "file" in given_:
            given_["file"].seek(0)
        answer = fin.post(at, given_)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "ada", "cass", "stew", "ed", "addie"])
def test_only_finance(signed_in: SignedIn, people: dict[str, Actor], name: str) -> None:
    client = signed_in(name)
    for address in ("reconciliation/", "suspense/", "close/"):
        assert client.get(f"/staff/payments/{address}").status_code == 403
    assert client.post("/staff/payments/reconciliation/").status_code == 403
    assert client.post("/staff/payments/suspense/1/allocate").status_code == 403


@pytest.mark.django_db
def test_odd_requests(signed_in: SignedIn) -> None:
    fin = signed_in("fin")
    assert fin.get("/staff/payments/close/", {"date": "rubbish"}).status_code == 422
    assert fin.post("/staff/payments/suspense/999/allocate").status_code == 404
    assert fin.get("/staff/payments/suspense/", {"after": "9" * 30}).status_code == 200


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("bank", b""),
        ("bank", b"date,text\n2026-01-01,a"),
        ("bank", b"date,text,amount\n2026-01-01,a,ten"),
        ("bank", b"date,text,amount\n2026-01-01,a,0"),
        ("bank", b"date,text,amount\n2026-01-01"),
        ("bank", b"date,text,amount\nthen,a,1"),
        ("bank", b"\xff\xfe"),
        ("agent", b"T0000000000000000000"),
        ("agent", b"H20261123\nX\nT00000001000000000001"),
        ("agent", b"H20261123\nT00000000000000000000"),
        ("agent", b"H20261123\nDPAY                 20261323000000000\nT00000001000000000001"),
    ],
)
def test_what_is_not_such_a_file(kind: str, content: bytes) -> None:
    with pytest.raises(formats.Unreadable):
        formats.read(kind, content)


TEXTS = st.text("ABCDEFGHJ0123456789-", min_size=1, max_size=20)


@given(st.lists(st.tuples(TEXTS, st.integers(1, 10**9)), min_size=1, max_size=20))
def test_an_agents_file_is_read_as_it_was_written(rows: list[tuple[str, int]]) -> None:
    read = formats.read("agent", agent(*rows))
    assert [(row.text, row.pence) for row in read] == rows
    assert {row.day for row in read} == {today()}


@given(st.lists(st.tuples(TEXTS, st.integers(1, 10**6)), min_size=1, max_size=10), st.integers(1, 10**6))
def test_control_totals_that_are_out_are_always_refused(rows: list[tuple[str, int]], by: int) -> None:
    come_to = sum(pence for _, pence in rows)
    with pytest.raises(formats.Unreadable):
        formats.read("agent", agent(*rows, total=come_to + by))


def test_a_days_money_on_generated_files(town: Town) -> None:
    """Many bills, some paid at the bank, some at shops, some twice: every penny is allocated or in suspense."""
    bills = [town.bill(f"S-{n}") for n in range(12)]
    take_in("bank", bank(*((bill.reference, "35.00") for bill in bills[:8]), ("Rent?", "700.00")))
    take_in("agent", agent(*((bill.reference, 3500) for bill in bills[4:])))
    assert Bill.objects.filter(state=rules.PAID).count() == 12
    came = Statement.objects.aggregate(total=Sum("total_pence"))["total"]
    assert came == balance("bank") == -(balance("income") + balance("vat") + balance("suspense"))
    assert balance("suspense") == -(4 * 3500 + 70000)
    line = StatementLine.objects.filter(state=StatementLine.SUSPENSE).first()
    assert line is not None
    with pytest.raises(Invalid):
        allocate(line.pk, bills[0].reference, ME)
    assert isinstance(line.day, date)
    books_are_proved()
