# SPDX-License-Identifier: MIT
"""Things that go wrong on purpose: what a test asks the stand-in to do badly, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

API_KINDS = ("429", "500", "lost-request", "lost-answer", "slow")
WEBHOOK_KINDS = ("delay", "duplicate", "drop", "before-return")


@dataclass
class ApiFault:
    """`operation` is one of create, get, search, cancel, capture, refund, or any.

    lost-request: the connection breaks and nothing was done. lost-answer: it was done, and the connection
    breaks before the answer (a time-out after the money was taken). slow: answered after `seconds`.
    """

    operation: str
    kind: str
    times: int = 1
    seconds: float = 0.0


class Faults:
    """The plan of faults; safe to share between threads. Empty by default."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._api: list[ApiFault] = []
        self.webhook = ""
        self.webhook_delay = 0.0
        self.search_lag = 0.0

    def add(self, operation: str, kind: str, times: int = 1, seconds: float = 0.0) -> None:
        if kind not in API_KINDS:
            raise ValueError(f"kind must be one of {', '.join(API_KINDS)}")
        with self._lock:
            self._api.append(ApiFault(operation, kind, times, seconds))

    def set_webhook(self, kind: str, delay: float = 0.0) -> None:
        if kind and kind not in WEBHOOK_KINDS:
            raise ValueError(f"webhook must be one of {', '.join(WEBHOOK_KINDS)}")
        self.webhook, self.webhook_delay = kind, delay

    def take(self, operation: str) -> ApiFault | None:
        """The fault due for this operation, used up by one."""
        with self._lock:
            for fault in self._api:
                if fault.times > 0 and fault.operation in (operation, "any"):
                    fault.times -= 1
                    return fault
        return None

    def apply(self, plan: dict[str, Any]) -> None:
        """Read a plan as POSTed to /_faults; it replaces the one before."""
        with self._lock:
            self._api = []
        self.set_webhook(str(plan.get("webhook", "")), float(plan.get("webhook_delay", 0)))
        self.search_lag = float(plan.get("search_lag", 0))
        for entry in plan.get("api", []):
            self.add(
                str(entry["operation"]),
                str(entry["kind"]),
                int(entry.get("times", 1)),
                float(entry.get("seconds", 0)),
            )
