# SPDX-License-Identifier: MIT
"""Pages of the room: `paying` is the payer's, `finance` is the staff's."""

from __future__ import annotations

from django.http import HttpRequest

from onecouncil.core.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
