# SPDX-License-Identifier: MIT
import os
import secrets
import subprocess
import sys
import tempfile
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Prove a promise. `crash`: processes are killed (SIGKILL) again and again; nothing is lost or twice."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        crash = verbs.add_parser("crash", help="worker, publisher, feed and web, killed at random moments")
        crash.add_argument("--rounds", type=int, default=40, help="how often something is killed")
        crash.add_argument("--seed", type=int, default=None, help="the same choices and moments as a run before")
        crash.add_argument("--database", default="", help="an empty database to use; else SQLite in a private folder")

    def handle(self, *args: object, rounds: int, seed: int | None, database: str, **options: Any) -> None:
        """Run in a process of its own: the settings read the data folder from the environment once."""
        seed = secrets.randbelow(10**6) if seed is None else seed
        self.stdout.write(f"seed {seed}, {rounds} rounds")
        self.stdout.flush()
        with tempfile.TemporaryDirectory(prefix="onecouncil-proof-") as folder:
            environment = {
                **os.environ,
                "ONECOUNCIL_DATA": folder,
                "ONECOUNCIL_DATABASE_URL": database,
                "ONECOUNCIL_DEMO": "1",
                "ONECOUNCIL_MESSAGES": "kept",
                "ONECOUNCIL_LOG_LEVEL": "CRITICAL",
                "DJANGO_SETTINGS_MODULE": "onecouncil.house.settings",
            }
            command = [sys.executable, "-m", "onecouncil.data.crash", str(rounds), str(seed)]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
        self.stdout.write(done.stdout)
        if done.returncode:
            sys.exit(done.returncode)
