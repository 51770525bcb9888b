# SPDX-License-Identifier: MIT
import csv
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onecouncil.core.problems import Invalid
from onecouncil.data import reads, warehouse
from onecouncil.data.actions import feeding, working


class Command(BaseCommand):
    help = "The warehouse's feed: `feed` writes it (--check compares it with the database), `query` asks it in SQL."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        feed = verbs.add_parser("feed", help="write waiting events to Parquet, and count demand anew")
        feed.add_argument("--check", action="store_true", help="compare event by event; fails on a difference")
        query = verbs.add_parser("query", help='one SELECT over the view "events" (seq, id, type, subject, time, …)')
        query.add_argument("sql")
        query.add_argument("--format", choices=("table", "csv", "json"), default="table")

    def handle(self, *args: object, verb: str, **options: Any) -> None:
        if verb == "query":
            self._query(options["sql"], options["format"])
        elif options["check"]:
            self._check()
        else:
            feeding.adopt()
            files, events = feeding.feed()
            rows = working.work_out_demand()
            self.stdout.write(f"{events} events written to {files} files; demand has {rows} rows")

    def _check(self) -> None:
        found = reads.compare()
        self.stdout.write(
            f"events {found.events}, feed rows {found.rows} in {found.files} files: "
            f"missing {found.missing}, twice {found.twice}, strange {found.strange}"
        )
        if not found.is_exact:
            sys.exit(1)

    def _query(self, sql: str, form: str) -> None:
        try:
            answer = warehouse.ask(sql)
        except Invalid as problem:
            raise CommandError(problem.detail) from problem
        if form == "json":
            for row in answer.rows:
                self.stdout.write(json.dumps(dict(zip(answer.columns, row, strict=True)), default=str))
        elif form == "csv":
            writer = csv.writer(self.stdout)
            writer.writerow(answer.columns)
            writer.writerows(answer.rows)
        else:
            self._table(answer)

    def _table(self, answer: warehouse.Answer) -> None:
        cells = [answer.columns, *([("" if v is None else str(v)) for v in row] for row in answer.rows)]
        widths = [max(len(row[n]) for row in cells) for n in range(len(answer.columns))]
        for row in cells:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        self.stdout.write(f"({len(answer.rows)} rows)")
