# SPDX-License-Identifier: MIT
from django.core.management.base import BaseCommand, CommandError, CommandParser

from onecouncil.accounts.actions import create_user, give_role
from onecouncil.accounts.models import User
from onecouncil.core.actors import system
from onecouncil.core.problems import Problem


class Command(BaseCommand):
    help = "Make somebody administrator (the first one, or when all are locked out). They sign in by an e-mailed code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="Administrator")

    def handle(self, *args: object, email: str, name: str, **options: object) -> None:
        by = system("accounts.command")
        known = User.objects.filter(email=email.lower(), is_active=True).values_list("pk", flat=True).first()
        try:
            if known:
                give_role(by, known, "administrator")
            else:
                create_user(email, None, name, ["administrator"], actor=by)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        self.stdout.write("Done. They can sign in with a code sent to that address.")
