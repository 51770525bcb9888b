# SPDX-License-Identifier: MIT
from django.core.management.base import BaseCommand, CommandParser

from onecouncil.core import relay
from onecouncil.core.models import Delivery, EventRow


class Command(BaseCommand):
    help = "Show the outbox: newest events and what is waiting; --unpark gives failed deliveries another round."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unpark", action="store_true")
        parser.add_argument("--last", type=int, default=10, help="how many events to show")

    def handle(self, *args: object, unpark: bool, last: int, **options: object) -> None:
        if unpark:
            self.stdout.write(f"{relay.unpark_all()} deliveries are due again")
        waiting = Delivery.objects.filter(done_at__isnull=True)
        self.stdout.write(f"waiting: {waiting.count()}, parked: {waiting.filter(parked_at__isnull=False).count()}")
        for row in EventRow.objects.order_by("-pk")[:last]:
            self.stdout.write(
                f"{row.pk:>8}  {row.time:%Y-%m-%d %H:%M:%S}  {row.type:<28} {row.subject}  by {row.actor}"
            )
