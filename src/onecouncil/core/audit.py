# SPDX-License-Identifier: MIT
"""The trail of changes, and the log of looks at people's records.

Purpose limitation: UK GDPR Article 5(1)(b); the person's right to know who received their data: Article 15(1)(c).
"""

from dataclasses import dataclass
from datetime import datetime

from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.events import Event, subscriber
from onecouncil.core.models import AuditEntry, Look
from onecouncil.core.problems import Invalid

PURPOSES = {
    "enquiry": "Answering the person's enquiry",
    "casework": "Working on the person's case",
    "payment": "A question about a payment",
    "safeguarding": "Keeping somebody safe",
    "quality": "Checking that records are right",
}
"""The closed list of reasons to open somebody's record, as the person will read them."""


@subscriber("core.audit", "*")
def write_trail(event: Event) -> None:
    """Every event becomes one entry of the trail; a second delivery writes nothing."""
    AuditEntry.objects.get_or_create(
        event_id=event.id,
        defaults={"time": event.time, "actor": event.actor, "verb": event.type, "subject": event.subject},
    )


def look(actor: Actor, person_id: str, *, purpose: str, what: str) -> None:
    """Log that `actor` looks at a person's record. One's own record needs no entry.

    Raises:
        Invalid: the purpose is not on the list.
    """
    if purpose not in PURPOSES:
        raise Invalid({"purpose": "Select why you need to see this record"})
    if actor.person_id and str(actor.person_id) == str(person_id):
        return
    Look.objects.create(
        person_id=person_id, user_id=actor.user_id, who=_staff_label(actor), purpose=purpose, what=what, time=now()
    )


@dataclass(frozen=True)
class LookView:
    id: int
    who: str
    purpose: str
    what: str
    time: datetime


def looks_at(person_id: str, *, before: int | None = None, size: int = 20) -> list[LookView]:
    """Who looked at this person's record, newest first, a page by key."""
    rows = Look.objects.filter(person_id=person_id)
    if before:
        rows = rows.filter(pk__lt=before)
    return [
        LookView(row.pk, row.who, PURPOSES.get(row.purpose, row.purpose), row.what, row.time)
        for row in rows.order_by("-pk")[:size]
    ]


def _staff_label(actor: Actor) -> str:
    role = next((role for role in sorted(actor.roles) if role != "resident"), "person")
    return f"{actor.name} ({role})" if actor.name else role
