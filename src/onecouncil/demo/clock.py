# SPDX-License-Identifier: MIT
"""Lets the demo live through the last weeks in order: inside `at(moment)` the house believes it is then.

Every room asks Django for the time (`core.calendar.now`), so there is one place to turn. Only the demo's own command
does this, in its own process; nobody else can.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """It is `moment` until the end of the block, then the real time again, whatever happens.

    Raises:
        ValueError: the moment has no time zone, or has not come yet.
    """
    real = timezone.now
    if moment.tzinfo is None or moment > real():
        raise ValueError("the demo can only go back, to a moment with a time zone")
    timezone.now = lambda: moment.astimezone(UTC)
    try:
        yield
    finally:
        timezone.now = real
