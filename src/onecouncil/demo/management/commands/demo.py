# SPDX-License-Identifier: MIT
from django.core.management.base import BaseCommand, CommandError, CommandParser

from onecouncil.demo import making


class Command(BaseCommand):
    help = "Fill the council with the generated example borough: addresses, people, sixty days of requests."

    def add_arguments(self, parser: CommandParser) -> None:
        standard = making.Wanted()
        parser.add_argument("--if-empty", action="store_true", help="do nothing when anything is there already")
        parser.add_argument("--seed", type=int, default=standard.seed, help="another number, another borough")
        parser.add_argument("--people", type=int, default=standard.people, help="how many people")
        parser.add_argument("--cases", type=int, default=standard.cases, help="how many requests they made")

    def handle(self, *args: object, **options: object) -> None:
        wanted = making.Wanted(*(_count(options[name], name) for name in ("seed", "people", "cases")))
        if options["if_empty"] and not making.is_empty():
            self.stdout.write("there already")
            return
        self.stdout.write(making.make(wanted))


def _count(given: object, name: str) -> int:
    number = int(str(given))
    if number < 0:
        raise CommandError(f"--{name} must be 0 or more")
    return number
