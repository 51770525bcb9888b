# SPDX-License-Identifier: MIT
"""Nobody reads a customer's record without saying why. Saying it is logged, shown to the person, and holds 30 minutes.

In the browser the stated purpose is kept in the session; for a program the log itself is asked.
"""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from onecouncil.core import audit
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.models import Look
from onecouncil.core.permissions import require
from onecouncil.core.problems import Forbidden
from onecouncil.customers import reads, rules

IN_SESSION = "customers.opened"
MOST_KEPT = 30
WHAT = "customer page"


class PurposeNeeded(Forbidden):
    """May look, but has not said why."""

    title = "Say first why you need to see this record"


def open_record(actor: Actor, person_id: str, purpose: str) -> datetime:
    """State the purpose: logged for the person to see. Returns until when the record is open.

    Raises:
        Invalid: the purpose is not on the list.
        NotFound, Forbidden: as `reads.access_customer`.
    """
    person = reads.access_customer(actor, person_id)
    audit.look(actor, person.id, purpose=purpose, what=WHAT)
    return now() + rules.PURPOSE_HOLDS


def remember(session: MutableMapping[str, Any], person_id: str, purpose: str) -> None:
    """Keep a stated purpose in this session; those that have run out are forgotten."""
    moment = now()
    held = {key: one for key, one in session.get(IN_SESSION, {}).items() if _holds(one, moment)}
    held[str(person_id)] = {"purpose": purpose, "at": moment.isoformat()}
    session[IN_SESSION] = dict(list(held.items())[-MOST_KEPT:])


def purpose_in(session: MutableMapping[str, Any], person_id: str) -> str:
    """The purpose stated in this session for this person in the last half hour; empty when there is none."""
    one = session.get(IN_SESSION, {}).get(str(person_id))
    return str(one["purpose"]) if one and _holds(one, now()) else ""


def forget(session: MutableMapping[str, Any], person_id: str) -> None:
    """The adviser is done with this person."""
    held = {key: one for key, one in session.get(IN_SESSION, {}).items() if key != str(person_id)}
    session[IN_SESSION] = held


def require_look(actor: Actor, person_id: str) -> None:
    """For programs: this user's look at this person was logged in the last half hour.

    Raises:
        PurposeNeeded: it was not.
    """
    require(actor, "customer.view")
    if actor.person_id and str(actor.person_id) == str(person_id):
        return
    since = now() - rules.PURPOSE_HOLDS
    if not Look.objects.filter(user_id=actor.user_id, person_id=person_id, what=WHAT, time__gt=since).exists():
        raise PurposeNeeded(f"POST the purpose to /api/v1/customers/{person_id}/looks first")


def _holds(one: dict[str, str], moment: datetime) -> bool:
    return rules.still_holds(datetime.fromisoformat(one["at"]), moment)
