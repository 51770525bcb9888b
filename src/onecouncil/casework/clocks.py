# SPDX-License-Identifier: MIT
"""What time does to cases: they become late, and one day they are forgotten."""

from datetime import timedelta

from django.db import transaction

from onecouncil.casework import timeline
from onecouncil.casework.models import Case, CaseEntry, CaseWord, Decision, Permit, Task
from onecouncil.casework.timeline import tell, write_down
from onecouncil.casework.typestore import type_of
from onecouncil.core import files
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now

_BATCH = 500


def mark_late(actor: Actor) -> int:
    """Say once of each open case whose clock ran out that it is late; returns how many."""
    late = Case.objects.filter(closed_at__isnull=True, breached_at__isnull=True, due_at__lt=now())
    return sum(_mark_one(pk, actor) for pk in late.order_by("due_at").values_list("pk", flat=True)[:_BATCH])


def _mark_one(pk: int, actor: Actor) -> bool:
    with transaction.atomic():
        rows = Case.objects.select_for_update().filter(pk=pk, closed_at__isnull=True, breached_at__isnull=True)
        case = rows.filter(due_at__lt=now()).first()
        if case is None:
            return False
        case.breached_at = now()
        case.save(update_fields=["breached_at"])
        write_down(case, timeline.BREACHED, "", actor, public=False)
        tell(case, "breached", actor, due_at=case.due_at.isoformat(), assigned_user_id=case.assigned_user_id)
    return True


def forget_old(actor: Actor) -> int:
    """Erase who it was from cases closed longer ago than their kind is kept; what was done, and when, stays.

    Storage limitation: UK GDPR Article 5(1)(e). A case with a live permit is kept while the permit lives.
    """
    closed = Case.objects.select_related("case_type").filter(closed_at__isnull=False, erased_at__isnull=True)
    oldest = closed.exclude(permit__state=Permit.ACTIVE).order_by("closed_at")[:_BATCH]
    return sum(_forget_one(case, actor) for case in oldest if _kept_long_enough(case))


def _kept_long_enough(case: Case) -> bool:
    return case.closed_at is not None and case.closed_at + timedelta(days=type_of(case).retention_days) < now()


def _forget_one(case: Case, actor: Actor) -> bool:
    with transaction.atomic():
        mine = Case.objects.filter(pk=case.pk, closed_at=case.closed_at, erased_at__isnull=True).update(
            erased_at=now(), person_id=None, contact_name="", contact_email="", contact_phone="",
            track_postcode="", place_text="", lat=None, lon=None,
        )  # fmt: skip
        if not mine:
            return False
        CaseWord.objects.filter(case=case).delete()
        CaseEntry.objects.filter(case=case).update(text="", data={}, by_name="")
        Task.objects.filter(case=case).update(result="")
        Decision.objects.filter(case=case).update(reason="")
        Permit.objects.filter(case=case).update(person_id=None, holder="", address="", details={})
        tell(case, "erased", actor)
    for view in files.files_about(case.reference):
        files.remove(view.id)
    return True
