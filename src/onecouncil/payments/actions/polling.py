# SPDX-License-Identifier: MIT
"""The poller: asks about what nobody told us of, so that a closed browser and a lost webhook lose no money."""

from __future__ import annotations

import logging
from datetime import timedelta

from onecouncil.core.actors import system
from onecouncil.core.calendar import now
from onecouncil.core.problems import Conflict, Unavailable
from onecouncil.payments import rules
from onecouncil.payments.actions.refunding import send_refund
from onecouncil.payments.actions.settling import settle
from onecouncil.payments.models import Payment, Refund
from onecouncil.payments.providers.base import Refused

log = logging.getLogger(__name__)
ME = system("payments.poller")
AT_ONCE = 200


def look_at_due() -> int:
    """Look at every attempt whose time has come; how many were looked at."""
    due = Payment.objects.filter(next_look_at__lte=now()).order_by("next_look_at").values_list("pk", flat=True)
    pks = list(due[:AT_ONCE])
    for pk in pks:
        _look(pk)
    return len(pks)


def look_at_refunds() -> int:
    """Ask after refunds that are still on their way, the oldest first."""
    under_way = Refund.objects.filter(
        state__in=(rules.REFUND_ASKED, rules.REFUND_SENT), asked_at__lte=now() - timedelta(seconds=rules.FIRST_LOOK)
    )
    pks = list(under_way.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in pks:
        try:
            send_refund(pk)
        except (Unavailable, Conflict) as problem:
            log.warning("refund %s could not be looked at: %s", pk, problem)
    return len(pks)


def _look(pk: int) -> None:
    """One look. A provider that does not answer is asked again later, and does not stop the others' looks."""
    try:
        settle(pk, ME)
    except (Unavailable, Refused, Conflict) as problem:
        log.warning("payment %s could not be looked at: %s", pk, problem)
        Payment.objects.filter(pk=pk).update(next_look_at=now() + timedelta(seconds=rules.FIRST_LOOK))
