# SPDX-License-Identifier: MIT
from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onecouncil.core.calendar import today
from onecouncil.core.money import pounds
from onecouncil.payments.books import books_at


class Command(BaseCommand):
    help = "Prove the books at the end of a day: every entry balances, totals by account and fund, payments agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=_day, default=None, help="YYYY-MM-DD; today when left out")

    def handle(self, *args: object, date: date | None, **options: object) -> None:
        books = books_at(date or today())
        self.stdout.write(f"Books at the end of {books.day}: {books.entries} entries")
        for total in books.totals:
            self.stdout.write(f"  {total.account:<12} {total.fund:<24} {pounds(total.pence):>16}")
        self.stdout.write(f"  bills paid {pounds(books.billed_pence)}")
        self.stdout.write(
            f"  payments {pounds(books.paid_pence)} less refunds {pounds(books.refunded_pence)}"
            f" = {pounds(books.paid_pence - books.refunded_pence)}"
        )
        if books.faults:
            raise CommandError("The books are not proved:\n  " + "\n  ".join(books.faults))
        self.stdout.write("The books are proved: every entry balances, and bills, payments and refunds agree.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("a date like 2026-11-23") from error
