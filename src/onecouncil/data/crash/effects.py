# SPDX-License-Identifier: MIT
"""Subscribers of the proof whose effects are not idempotent on purpose: a second run would be seen in the count."""

from django.db import connection

from onecouncil.core import events
from onecouncil.core.messaging import Recipient, send_written

SUBSCRIBERS = ("proof.count", "proof.count-promptly")


def make_table() -> None:
    """A table of the private database only; nothing in it keeps a row from being there twice."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE proof_effect (event_id varchar(36) NOT NULL, subscriber varchar(40) NOT NULL)")


def hang_up() -> None:
    """Register the proof's subscribers in this process."""
    events.subscriber("proof.count", "proof.*")(_count)
    events.subscriber("proof.count-promptly", "proof.*", prompt=True)(_count_promptly)


def _count(event: events.Event) -> None:
    _add(event.id, "proof.count")
    person = Recipient(email="alice@example.org", name="Alice")
    send_written(person, subject="Proof", body="One message.", key=f"proof:{event.id}", about=event.subject)


def _count_promptly(event: events.Event) -> None:
    _add(event.id, "proof.count-promptly")


def _add(event_id: str, subscriber: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO proof_effect (event_id, subscriber) VALUES (%s, %s)", [event_id, subscriber])


def counts() -> dict[tuple[str, str], int]:
    """(event, subscriber) → how often its effect is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT event_id, subscriber, count(*) FROM proof_effect GROUP BY event_id, subscriber")
        return {(event_id, subscriber): count for event_id, subscriber, count in cursor.fetchall()}
