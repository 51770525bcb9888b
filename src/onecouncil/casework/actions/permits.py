# SPDX-License-Identifier: MIT
"""Permits: granted by a decision, renewed by a later one, ended by the calendar."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from onecouncil.casework import below, letters, rules, timeline
from onecouncil.casework.casetypes import CaseType
from onecouncil.casework.models import Case, Permit
from onecouncil.casework.timeline import write_down
from onecouncil.core.actors import Actor
from onecouncil.core.borough import borough
from onecouncil.core.calendar import now, screen_date, today
from onecouncil.core.events import publish
from onecouncil.core.problems import Conflict, NotFound
from onecouncil.core.references import new_reference


def grant_permit(case: Case, case_type: CaseType, actor: Actor) -> Permit:
    """Issue the permit of a locked case. It renews the person's permit for the same thing, when that may be renewed.

    Raises:
        Conflict: this case has its permit already.
    """
    terms = case_type.permit
    if terms is None:
        raise Conflict("This kind of case has no permit")
    if Permit.objects.filter(case=case).exists():
        raise Conflict("This case already has its permit")
    answers = _answers(case)
    details = {label: _show(answers.get(question)) for label, question in terms.holds if answers.get(question)}
    old = _renewable(case, terms.kind, details)
    starts, ends = rules.permit_dates(terms, today(), old.ends if old else None, _day(answers.get(terms.starts)))
    permit = Permit.objects.create(
        number=new_reference(f"{borough().code}P"),
        case=case,
        kind=terms.kind,
        label=terms.label,
        service=case.service,
        person_id=case.person_id,
        holder=case.contact_name,
        address=next((below.one_line(value) for value in answers.values() if _is_address(value)), "")[:200],
        details=details,
        starts=starts,
        ends=ends,
        renew_from=max(starts, _renew_from(ends, terms.renew_before_days)),
        renewed_from=old,
    )
    text = f"{terms.label} {permit.number}, from {screen_date(starts)} to {screen_date(ends)}"
    write_down(case, timeline.PERMIT, text, actor, data={"number": permit.number})
    publish("permit.granted", subject=permit.number, data=_data(permit), actor=actor)
    return permit


def _day(answer: Any) -> date | None:
    """The day that a date question was answered with; None when it was not."""
    try:
        return date.fromisoformat(str(answer))
    except ValueError:
        return None


def end_permits(actor: Actor) -> int:
    """Mark permits whose last day has passed; returns how many."""
    ended = 0
    for permit in Permit.objects.filter(state=Permit.ACTIVE, ends__lt=today()).order_by("ends")[:500]:
        with transaction.atomic():
            if Permit.objects.filter(pk=permit.pk, state=Permit.ACTIVE).update(state=Permit.ENDED):
                publish("permit.ended", subject=permit.number, data=_data(permit), actor=actor)
                ended += 1
    return ended


def remind_to_renew() -> int:
    """Write once to each holder whose permit can be renewed now; returns how many."""
    due = Permit.objects.filter(reminded_at__isnull=True, renew_from__lte=today(), state=Permit.ACTIVE, renewal=None)
    permits = list(due.select_related("case__case_type").order_by("renew_from")[:500])
    for permit in permits:
        with transaction.atomic():
            if Permit.objects.filter(pk=permit.pk, reminded_at__isnull=True).update(reminded_at=now()):
                letters.write(
                    permit.case,
                    "permit-renew",
                    f"permit-renew-{permit.number}",
                    permit=permit.label,
                    number=permit.number,
                    ends=screen_date(permit.ends),
                    renew_link=f"{settings.SITE_URL}{renew_path(permit)}",
                )
    return len(permits)


def renew_path(permit: Permit) -> str:
    """A renewal is the same journey again; the grant finds the permit that it renews."""
    return f"/services/{permit.service}/start?renews={permit.number}"


def _renewable(case: Case, kind: str, details: dict[str, str]) -> Permit | None:
    if case.person_id is None:
        return None
    held = Permit.objects.select_for_update(of=("self",)).filter(person_id=case.person_id, kind=kind, renewal=None)
    return next((one for one in held.order_by("-ends")[:50] if one.details == details and _renews_now(one)), None)


def _renews_now(permit: Permit) -> bool:
    return rules.may_renew(permit.state, permit.renew_from, permit.ends, today(), renewed=False)


def _renew_from(ends: date, days_before: int) -> date:
    return ends - timedelta(days=days_before)


def _answers(case: Case) -> dict[str, Any]:
    """What was answered; nothing for a case the house opened by itself."""
    try:
        return below.submission(case.reference).answers
    except NotFound:
        return {}


def _is_address(value: Any) -> bool:
    return isinstance(value, dict) and "line1" in value


def _show(value: Any) -> str:
    if _is_address(value):
        return below.one_line(value)
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _data(permit: Permit) -> dict[str, Any]:
    return {
        "number": permit.number,
        "kind": permit.kind,
        "service": permit.service,
        "person_id": str(permit.person_id) if permit.person_id else None,
        "starts": permit.starts.isoformat(),
        "ends": permit.ends.isoformat(),
    }
