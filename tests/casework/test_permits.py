# SPDX-License-Identifier: MIT
"""Permits: granted once, renewed without losing days, ended by the calendar."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework.actions import deciding
from onecouncil.casework.actions.closing import reopen
from onecouncil.casework.models import Permit
from onecouncil.casework.reads import permits_of_person
from onecouncil.casework.tasks import watch_permits
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import today
from onecouncil.core.messaging import messages_to
from onecouncil.core.models import EventRow
from onecouncil.core.problems import Conflict

pytestmark = pytest.mark.django_db(transaction=True)
PARKING = "resident-parking-permit"


def granted(hand_in: HandIn, cass: Actor, **changes: object) -> Permit:
    reference = hand_in(PARKING, **changes)
    deciding.decide(cass, reference, "granted")
    return Permit.objects.get(case__reference=reference)


def almost_over(permit: Permit, days: int = 10) -> None:
    Permit.objects.filter(pk=permit.pk).update(
        starts=today() - timedelta(days=300),
        ends=today() + timedelta(days=days),
        renew_from=today() - timedelta(days=18),
    )


def test_granted_with_its_vehicle(
    hand_in: HandIn, people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    permit = granted(hand_in, people["cass"])
    assert permit.details == {"Vehicle": "AB12CDE"}
    assert (permit.ends - permit.starts).days == 364
    assert EventRow.objects.filter(type="permit.granted", subject=permit.number).count() == 1
    page = signed_in("alice").get("/account/cases/").content.decode()
    assert permit.number in page
    assert "Renew this permit" not in page
    reopen(people["cass"], permit.case.reference, "A slip")
    with pytest.raises(Conflict, match="already has its permit"):
        deciding.decide(people["cass"], permit.case.reference, "granted")
    assert case_of(permit.case.reference).state == "open", "nothing of the second decision stays"


def test_renewed_once_and_no_day_is_lost(
    hand_in: HandIn, people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    old = granted(hand_in, people["cass"])
    almost_over(old)
    page = signed_in("alice").get(f"/account/cases/{old.case.reference}").content.decode()
    assert f"/services/{PARKING}/start?renews={old.number}" in page
    new = granted(hand_in, people["cass"])
    old.refresh_from_db()
    assert new.renewed_from == old
    assert new.starts == old.ends + timedelta(days=1)
    views = {view.number: view for view in permits_of_person(str(people["alice"].person_id))}
    assert (views[old.number].state, views[old.number].renew_path) == ("renewed", "")
    third = granted(hand_in, people["cass"])
    assert third.renewed_from is None, "a permit is renewed once"


def test_another_vehicle_or_another_person_renews_nothing(hand_in: HandIn, people: dict[str, Actor]) -> None:
    almost_over(granted(hand_in, people["cass"]))
    assert granted(hand_in, people["cass"], answers={"vrm": "XY99ZZZ"}).renewed_from is None
    assert granted(hand_in, people["cass"], by="bob").renewed_from is None
    assert granted(hand_in, people["cass"], by="").renewed_from is None


def test_reminded_once_and_ended(hand_in: HandIn, people: dict[str, Actor]) -> None:
    permit = granted(hand_in, people["cass"])
    almost_over(permit)
    watch_permits()
    watch_permits()
    subjects = [message.subject for message in messages_to(str(people["alice"].person_id))]
    assert len([subject for subject in subjects if subject.startswith("Renew your Resident parking permit")]) == 1
    almost_over(permit, days=-1)
    watch_permits()
    permit.refresh_from_db()
    assert permit.state == Permit.ENDED
    assert EventRow.objects.filter(type="permit.ended").count() == 1
    assert permits_of_person(str(people["alice"].person_id))[0].renew_path, "it can still be renewed for a month"
