# SPDX-License-Identifier: MIT
from django.http import HttpRequest

from onecouncil.core.actors import Actor


def asker(request: HttpRequest) -> Actor:
    """Who asks, as the accounts room found out for this request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
