# SPDX-License-Identifier: MIT
"""Domain events through a transactional outbox.

The life of an event:
1. an action changes rows and calls `publish` in the same transaction: an Event row, and one Delivery row for each
   subscriber, are written with the change or not at all;
2. after the commit, deliveries to `prompt` subscribers are tried at once in the same process, so that a resident's next
   page already shows what followed;
3. whatever is not done by then the worker's relay delivers (`relay.py`);
4. a handler runs in one transaction with its delivery's mark: its effects in our database happen exactly once,
   however often a process is killed;
5. effects outside (mail, webhooks) are rows written by handlers and sent by background jobs, at least once.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from django.db import transaction

from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.models import Delivery, EventRow

SPEC_VERSION = "1.0"


@dataclass(frozen=True)
class Event:
    """What a subscriber gets. `seq` grows with each event of one database; `data` is small JSON."""

    seq: int
    id: str
    type: str
    subject: str
    time: datetime
    actor: str
    data: dict[str, Any]

    def as_cloud_event(self, source: str) -> dict[str, Any]:
        """The CloudEvents 1.0 JSON form (https://cloudevents.io), `source` being this council's address."""
        return {
            "specversion": SPEC_VERSION,
            "id": self.id,
            "source": source,
            "type": f"onecouncil.{self.type}",
            "subject": self.subject,
            "time": self.time.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": self.data,
        }


Handler = Callable[[Event], None]


@dataclass(frozen=True)
class Subscriber:
    name: str
    types: tuple[str, ...]
    handle: Handler
    prompt: bool

    def wants(self, event_type: str) -> bool:
        return any(fnmatchcase(event_type, pattern) for pattern in self.types)


_subscribers: dict[str, Subscriber] = {}


def subscriber(name: str, *types: str, prompt: bool = False) -> Callable[[Handler], Handler]:
    """Hear events whose type matches one of `types` (`case.*` works). `name` is in the database: never rename it."""

    def keep(handle: Handler) -> Handler:
        known = _subscribers.get(name)
        if known and known.handle.__qualname__ != handle.__qualname__:
            raise ValueError(f"two subscribers are named {name!r}")
        _subscribers[name] = Subscriber(name, types, handle, prompt)
        return handle

    return keep


def subscribers() -> Iterable[Subscriber]:
    return _subscribers.values()


def named(name: str) -> Subscriber | None:
    return _subscribers.get(name)


def publish(event_type: str, *, subject: str, data: dict[str, Any], actor: Actor) -> str:
    """Write an event and its deliveries in the transaction that is open. Returns the event's id.

    Raises:
        RuntimeError: outside a transaction: the event could then be told of a change that never happened.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"publish({event_type!r}) must be called inside transaction.atomic()")
    moment = now()
    row = EventRow.objects.create(
        event_id=uuid.uuid4(), type=event_type, subject=subject, time=moment, actor=actor.label, data=data
    )
    wanting = [s for s in _subscribers.values() if s.wants(event_type)]
    made = Delivery.objects.bulk_create([Delivery(event=row, subscriber=s.name, next_try_at=moment) for s in wanting])
    prompt = [delivery.pk for delivery, s in zip(made, wanting, strict=True) if s.prompt]
    if prompt:
        from onecouncil.core.relay import deliver_promptly

        transaction.on_commit(lambda: deliver_promptly(prompt))
    return str(row.event_id)


def from_row(row: EventRow) -> Event:
    return Event(row.pk, str(row.event_id), row.type, row.subject, row.time, row.actor, row.data)
