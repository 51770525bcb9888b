# SPDX-License-Identifier: MIT
"""The database itself refuses to alter the books or to keep an entry that does not balance. Holds on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from onecouncil.core.calendar import now, today
from onecouncil.payments import guard, rules, tasks
from onecouncil.payments.actions.ledger import post
from onecouncil.payments.books import books_at
from onecouncil.payments.models import LedgerEntry, LedgerLine, LedgerSeal

from .conftest import Town

PAIR = (rules.Posting("clearing", "demo", 500), rules.Posting("suspense", "demo", -500))
TABLES = (guard.ENTRY, guard.LINE, guard.SEAL)


@contextmanager
def locked() -> Iterator[None]:
    """The ledger as a council has it: the row by which tests may empty their tables is taken out, and put back."""
    sql(f"DELETE FROM {guard.UNLOCKED}")
    try:
        yield
    finally:
        sql(f"INSERT INTO {guard.UNLOCKED} VALUES ('a test empties its tables')")


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def post_one(key: str = "k") -> None:
    with transaction.atomic():
        post(key, "test", None, PAIR)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
def test_nothing_posted_is_deleted_or_changed_even_in_plain_sql(table: str) -> None:
    post_one()
    column = {"payments_ledger_entry": "kind", "payments_ledger_line": "fund", "payments_ledger_seal": "key"}[table]
    with locked():
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 'x'"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                sql(statement)
    assert LedgerLine.objects.count() == 2
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(f"UPDATE {table} SET {column} = 'x'")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no TRUNCATE")
def test_nothing_posted_is_truncated() -> None:
    post_one()
    with locked(), pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(f"TRUNCATE {guard.LINE}")


@pytest.mark.django_db(transaction=True)
def test_a_line_cannot_be_added_afterwards() -> None:
    post_one()
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        LedgerLine.objects.create(entry=LedgerEntry.objects.get(), account="income", fund="x", pence=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pence", [(), (500,), (500, -499), (1, 1, -3)])
def test_an_entry_that_does_not_balance_cannot_be_sealed(pence: tuple[int, ...]) -> None:
    with pytest.raises(IntegrityError, match="add up to nothing"), transaction.atomic():
        write_lines(pence)
        LedgerSeal.objects.create(key="k")
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pence", [(), (500,), (500, -500)])
def test_an_entry_without_its_seal_cannot_be_committed(pence: tuple[int, ...]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write_lines(pence)
    assert not LedgerEntry.objects.exists()


def write_lines(pence: tuple[int, ...]) -> None:
    entry = LedgerEntry.objects.create(seal_id="k", kind="test", at=now(), narrative="A")
    for one in pence:
        LedgerLine.objects.create(entry=entry, account="clearing", fund="demo", pence=one)


@pytest.mark.django_db(transaction=True)
def test_posting_twice_posts_once() -> None:
    post_one()
    post_one()
    assert (LedgerEntry.objects.count(), LedgerLine.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_a_model_is_not_saved_again_nor_deleted() -> None:
    post("k", "test", None, PAIR)
    entry = LedgerEntry.objects.get()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


@pytest.mark.django_db
def test_health_tells_when_the_guard_is_gone_or_unlocked(settings: Any) -> None:
    assert tasks.ledger_health().state == "ok"
    settings.TESTING = False
    assert "unlocked" in tasks.ledger_health().message
    with transaction.atomic():
        with connection.cursor() as cursor:
            guard.remove(cursor, connection.vendor)
        assert "no longer guards" in tasks.ledger_health().message
        transaction.set_rollback(True)


def test_the_books_are_proved_at_any_date(town: Town) -> None:
    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    told = StringIO()
    call_command("books", stdout=told)
    assert "The books are proved" in told.getvalue()
    assert "£35.00" in told.getvalue()
    before = books_at(today() - timedelta(days=1))
    assert (before.entries, before.totals, before.billed_pence, before.faults) == (0, (), 0, ())
    with pytest.raises(CommandError):
        call_command("books", "--date", "the third")


def test_the_books_say_where_they_disagree(town: Town) -> None:
    """Somebody marks a bill as paid by hand: no payment stands behind it."""
    bill = town.bill()
    bill.state, bill.paid_at = rules.PAID, now()
    bill.save(update_fields=["state", "paid_at"])
    with pytest.raises(CommandError, match=r"Bills paid come to £35\.00, the payments that paid them to £0\.00"):
        call_command("books", stdout=StringIO())
