# SPDX-License-Identifier: MIT
"""Stripe's webhook signature: `t=<seconds>,v1=<hex>`, HMAC-SHA256 over `<seconds>.<body>`, young enough. Pure."""

from __future__ import annotations

import hashlib
import hmac

TOLERANCE = 300


def signature(secret: str, seconds: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def header(secret: str, seconds: int, body: bytes) -> str:
    """What Stripe sends as `Stripe-Signature`."""
    return f"t={seconds},v1={signature(secret, seconds, body)}"


def is_genuine(given: str, secret: str, body: bytes, now: float) -> bool:
    """Whether one of the header's signatures is right and no older than the tolerance.

    While a secret is being changed the header has a `v1` for each; schemes other than v1 are passed over.
    """
    parts = [part.strip().partition("=") for part in given.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if not secret or len(times) != 1 or not times[0].isdecimal() or len(times[0]) > 12:
        return False
    expected = signature(secret, int(times[0]), body).encode()
    right = any(hmac.compare_digest(expected, value.encode()) for name, _, value in parts if name == "v1")
    return right and abs(now - int(times[0])) <= TOLERANCE
