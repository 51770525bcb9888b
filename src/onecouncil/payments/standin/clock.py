# SPDX-License-Identifier: MIT
"""A clock that tests can push forward, so that 90 minutes pass in none."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970, plus whatever it was advanced by."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._offset += seconds


def iso(moment: float) -> str:
    """`2016-01-21T17:15:00.000Z`, as GOV.UK Pay writes moments."""
    at = datetime.fromtimestamp(moment, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def iso_day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
