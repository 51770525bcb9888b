# SPDX-License-Identifier: MIT
import sys
from typing import Any

from django.core.management.commands import check as django_check

from onecouncil.core import health

_MARKS = {health.OK: "ok  ", health.WARN: "warn", health.FAIL: "FAIL"}


class Command(django_check.Command):
    help = "Check settings, database, worker, outbox, messages, providers and disk; each fault says what to do."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **options)
        results = health.run_all()
        for one in results:
            self.stdout.write(
                f"{_MARKS[one.state]}  {one.name:<14} {one.message}" + (f"\n      → {one.do}" if one.do else "")
            )
        if any(one.state == health.FAIL for one in results):
            sys.exit(1)
