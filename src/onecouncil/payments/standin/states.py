# SPDX-License-Identifier: MIT
"""The states of a payment, and which may follow which. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OPEN = frozenset({"created", "started", "submitted", "capturable"})
FINISHED = frozenset({"success", "failed", "cancelled", "error"})
SEARCHABLE = frozenset({"created", "started", "submitted", "capturable"}) | FINISHED

EXPIRES_AFTER = 90 * 60.0
CAPTURE_WITHIN = 120 * 3600.0

MESSAGES = {
    "P0010": "Payment method rejected",
    "P0020": "Payment expired",
    "P0030": "Payment was cancelled by the user",
    "P0040": "Payment was cancelled by the service",
    "P0050": "Payment provider returned an error",
}


@dataclass(frozen=True)
class Step:
    """One state a payment enters; `code` says why, when it did not succeed."""

    status: str
    code: str | None = None


OUTCOMES = {
    "pay": (Step("submitted"), Step("success")),
    "decline": (Step("submitted"), Step("failed", "P0010")),
    "cancel": (Step("failed", "P0030"),),
    "expire": (Step("failed", "P0020"),),
    "error": (Step("submitted"), Step("error", "P0050")),
}


def steps_of(outcome: str, *, delayed_capture: bool) -> Iterator[Step]:
    """The states that a choice on the card page leads through."""
    for step in OUTCOMES[outcome]:
        held = delayed_capture and step.status == "success"
        yield Step("capturable") if held else step


def may_choose(status: str) -> bool:
    """May the payer still decide how this payment ends?"""
    return status in {"created", "started"}


def may_cancel(status: str) -> bool:
    """May the service cancel it? Not while the bank is being asked, and not after the end."""
    return status in {"created", "started", "capturable"}


def is_overdue(status: str, age: float) -> bool:
    """Has nobody finished it in time?"""
    if status == "capturable":
        return age >= CAPTURE_WITHIN
    return status in OPEN and age >= EXPIRES_AFTER


def webhook_for(step: Step) -> str | None:
    """The event GOV.UK Pay sends when a payment enters this state, if any."""
    if step.code == "P0020":
        return "card_payment_expired"
    return {
        "success": "card_payment_succeeded",
        "capturable": "card_payment_succeeded",
        "failed": "card_payment_failed",
        "error": "card_payment_failed",
    }.get(step.status)
