# SPDX-License-Identifier: MIT
from django.core.management.base import BaseCommand

from onecouncil.house import picture


class Command(BaseCommand):
    help = "Draw docs/house.svg, the one picture of the house, from the code."

    def handle(self, *args: object, **options: object) -> None:
        picture.PICTURE.write_text(picture.draw())
        self.stdout.write(f"{picture.PICTURE} drawn")
