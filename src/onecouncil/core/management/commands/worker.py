# SPDX-License-Identifier: MIT
from django.core.management.base import BaseCommand, CommandParser

from onecouncil.core import worker


class Command(BaseCommand):
    help = "Deliver events and run background jobs until stopped (or, with --once, until nothing is due)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="work until nothing is due, then stop")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks when idle")

    def handle(self, *args: object, once: bool, interval: float, **options: object) -> None:
        if once:
            worker.drain()
        else:
            worker.run(interval)
