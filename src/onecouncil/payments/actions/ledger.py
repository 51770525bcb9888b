# SPDX-License-Identifier: MIT
"""Writing in the books: once for each key, and only what balances. The database holds both by itself (`guard.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from onecouncil.core.calendar import now
from onecouncil.payments import rules
from onecouncil.payments.models import Bill, LedgerEntry, LedgerLine, LedgerSeal


def post(
    key: str,
    kind: str,
    bill: Bill | None,
    postings: Sequence[rules.Posting],
    *,
    at: datetime | None = None,
    narrative: str = "",
) -> bool:
    """Post one entry in the caller's transaction, unless `key` was posted before; whether it was new.

    Args:
        at: when it happened; a payment's own moment, so that the books and the payments agree at any date.

    Raises:
        ValueError: it does not balance: a slip in our own rules, stopped before it is kept.
    """
    if not rules.balances(postings):
        raise ValueError(f"{key} does not balance: {postings}")
    words = narrative or (bill.description if bill else "")
    entry, fresh = LedgerEntry.objects.get_or_create(
        seal_id=key, defaults={"kind": kind, "at": at or now(), "bill": bill, "narrative": words[:255]}
    )
    if fresh:
        LedgerLine.objects.bulk_create(
            LedgerLine(entry=entry, account=one.account, fund=one.fund, pence=one.pence) for one in postings
        )
        LedgerSeal.objects.create(key=key)
    return fresh
