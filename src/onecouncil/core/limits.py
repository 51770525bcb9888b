# SPDX-License-Identifier: MIT
"""Rate limits, counted in the database so that they hold over all web processes. Fixed windows."""

import hashlib
import time

from django.db import transaction
from django.db.models import F

from onecouncil.core.models import LimitCount
from onecouncil.core.problems import TooMany


def hit(name: str, key: str, *, limit: int, seconds: int) -> None:
    """Count one try of `key` (hashed: an address or IP is not kept) and refuse past `limit` in a window.

    Raises:
        TooMany: with the seconds until the window ends.
    """
    moment = int(time.time())
    window = moment // seconds
    ends = (window + 1) * seconds
    row_key = f"{name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    with transaction.atomic():
        LimitCount.objects.bulk_create([LimitCount(key=row_key, window=window, ends=ends)], ignore_conflicts=True)
        LimitCount.objects.filter(key=row_key, window=window).update(hits=F("hits") + 1)
        hits = LimitCount.objects.values_list("hits", flat=True).get(key=row_key, window=window)
    if hits > limit:
        raise TooMany(retry_after=ends - moment)


def forget_old() -> None:
    """Delete the counts of windows that have ended."""
    LimitCount.objects.filter(ends__lt=int(time.time())).delete()
