# SPDX-License-Identifier: MIT
"""The HTTP API's rate limit: 600 requests a minute for each token, and for each address of those without one.

Programs with tokens and all that writes are counted in the database, over all web processes. Reads without a token
(our own pages' scripts, open data) are counted in this process's memory: no write for a read, at the price that the
bound is per process.
"""

import threading
import time

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from onecouncil.core import limits
from onecouncil.core.actors import Actor
from onecouncil.core.problems import TooMany

A_MINUTE = 600
MOST_KEYS = 50_000

_lock = threading.Lock()
_counts: dict[str, int] = {}
_minute = 0


def count(request: HttpRequest, actor: Actor, token: str) -> None:
    """Count this request.

    Raises:
        TooMany: past the limit.
    """
    if token:
        limits.hit("api-token", token, limit=A_MINUTE, seconds=60)
        return
    asker = f"user:{actor.user_id}" if actor.user_id else f"ip:{client_ip(request)}"
    if request.method in ("GET", "HEAD", "OPTIONS"):
        _count_here(asker)
    else:
        limits.hit("api", asker, limit=A_MINUTE, seconds=60)


def client_ip(request: HttpRequest) -> str:
    """The client's address, through as many proxies as the settings trust."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "unknown"


def _count_here(asker: str) -> None:
    global _minute
    moment = int(time.time())
    with _lock:
        if moment // 60 != _minute or len(_counts) > MOST_KEYS:
            _minute = moment // 60
            _counts.clear()
        _counts[asker] = _counts.get(asker, 0) + 1
        too_many = _counts[asker] > A_MINUTE
    if too_many:
        raise TooMany(retry_after=60 - moment % 60)
