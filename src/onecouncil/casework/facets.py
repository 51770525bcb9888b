# SPDX-License-Identifier: MIT
"""What the worklist's filters offer. Remembered for a minute: choices change rarely, the list is opened often."""

import time
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from onecouncil.casework.models import Case, CaseTypeRow

_REMEMBERED_SECONDS = 60.0
_held: dict[str, tuple[float, tuple[str, ...]]] = {}


def units() -> tuple[str, ...]:
    """Units with open cases, from the index alone."""
    return _remembered("unit", lambda: Case.objects.filter(closed_at__isnull=True).values_list("unit", flat=True))


def kinds() -> tuple[str, ...]:
    """Kinds of cases there have ever been: a small table."""
    return _remembered("kind", lambda: CaseTypeRow.objects.values_list("kind", flat=True))


def forget() -> None:
    """Look again next time (for tests)."""
    _held.clear()


def _remembered(name: str, ask: Callable[[], QuerySet[Any, str]]) -> tuple[str, ...]:
    at, values = _held.get(name, (0.0, ()))
    if not values or time.monotonic() - at > _REMEMBERED_SECONDS:
        values = tuple(ask().order_by(name).distinct()[:300])
        _held[name] = (time.monotonic(), values)
    return values
