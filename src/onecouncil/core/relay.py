# SPDX-License-Identifier: MIT
"""The relay: takes due deliveries to their subscribers, each in one transaction with its mark.

Kill the process at any instruction: the transaction is rolled back and the delivery is still due.
"""

import logging
import random
from collections.abc import Sequence
from datetime import timedelta

from django.db import DatabaseError, connection, transaction

from onecouncil.core.calendar import now
from onecouncil.core.events import from_row, named
from onecouncil.core.models import Delivery

log = logging.getLogger(__name__)

PARK_AFTER = 12
"""Tries before a delivery is parked for a person to look at: with doubling waits, about a day and a half."""


def deliver_due(limit: int = 100) -> int:
    """Deliver up to `limit` due deliveries, oldest first; returns how many were tried."""
    due = Delivery.objects.filter(done_at__isnull=True, parked_at__isnull=True, next_try_at__lte=now())
    ids = list(due.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])
    for pk in ids:
        deliver(pk)
    return len(ids)


def deliver_promptly(ids: Sequence[int]) -> None:
    """Try these now, in the web process; what fails stays due for the worker and never breaks the page."""
    for pk in ids:
        try:
            deliver(pk)
        except DatabaseError:
            log.warning("prompt delivery %s is left to the worker", pk, exc_info=True)


def deliver(pk: int) -> bool:
    """Run one delivery's handler and mark it done, together. Returns whether it is done by this call."""
    try:
        return _handle(pk)
    except Exception as error:  # every handler's failure is recorded on its delivery and tried again
        log.warning("delivery %s failed: %s", pk, type(error).__name__, exc_info=True)
        _put_off(pk, error)
        return False


def _handle(pk: int) -> bool:
    with transaction.atomic():
        waiting = Delivery.objects.filter(pk=pk, done_at__isnull=True)
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        delivery = waiting.select_related("event").first()
        if delivery is None:
            return False
        subscriber = named(delivery.subscriber)
        if subscriber is None:
            raise LookupError(f"no subscriber is named {delivery.subscriber!r} any more")
        subscriber.handle(from_row(delivery.event))
        Delivery.objects.filter(pk=pk).update(done_at=now(), last_error="")
    return True


def _put_off(pk: int, error: Exception) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.filter(pk=pk, done_at__isnull=True).first()
        if delivery is None:
            return
        attempts = delivery.attempts + 1
        wait = min(2**attempts, 4 * 3600) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
        Delivery.objects.filter(pk=pk).update(
            attempts=attempts,
            next_try_at=now() + timedelta(seconds=wait),
            parked_at=now() if attempts >= PARK_AFTER else None,
            last_error=f"{type(error).__name__}: {error}"[:500],
        )


def unpark_all() -> int:
    """Give parked deliveries another round; returns how many."""
    return Delivery.objects.filter(parked_at__isnull=False).update(parked_at=None, attempts=0, next_try_at=now())
