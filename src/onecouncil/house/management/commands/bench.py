# SPDX-License-Identifier: MIT
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onecouncil.house.benches import web
from onecouncil.house.postgres import NoPostgres


class Command(BaseCommand):
    help = "Measure the house: `bench web` measures its pages against bare pages of the same size."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["web"], help="what to measure")
        parser.add_argument("--cases", type=int, default=100_000, help="cases in the worklist")
        parser.add_argument("--requests", type=int, default=1_000, help="most requests for each page")
        parser.add_argument("--seconds", type=float, default=15.0, help="most seconds for each page")
        parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")

    def handle(self, *args: object, **options: Any) -> None:
        wanted = {name: options[name] for name in ("cases", "requests", "seconds", "database")}
        if options["requests"] < 1 or options["seconds"] <= 0 or options["cases"] < 1:
            raise CommandError("--cases, --requests and --seconds must be above 0")
        try:
            rows = web.run(**wanted)
        except (RuntimeError, NoPostgres) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"\n{options['cases']:,} cases, {options['database']}, 2 web processes, 4 visitors at once\n")
        self.stdout.write(web.table(rows))
        self.stdout.write("\nx floor: how many bare pages of that size the same server answers in the time of one.")
