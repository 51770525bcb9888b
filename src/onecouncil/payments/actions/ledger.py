# SPDX-License-Identifier: MIT
"""Writing in the books: once for each key, and only what balances."""

from __future__ import annotations

from collections.abc import Sequence

from onecouncil.core.calendar import now
from onecouncil.payments import rules
from onecouncil.payments.models import Bill, LedgerEntry, LedgerLine


def post(key: str, kind: str, bill: Bill, postings: Sequence[rules.Posting]) -> None:
    """Post one entry in the caller's transaction, unless `key` was posted before.

    Raises:
        ValueError: it does not balance: a slip in our own rules, stopped before it is kept.
    """
    if not rules.balances(postings):
        raise ValueError(f"{key} does not balance: {postings}")
    entry, fresh = LedgerEntry.objects.get_or_create(
        key=key, defaults={"kind": kind, "at": now(), "bill": bill, "narrative": bill.description}
    )
    if fresh:
        LedgerLine.objects.bulk_create(
            LedgerLine(entry=entry, account=one.account, fund=one.fund, pence=one.pence) for one in postings
        )
