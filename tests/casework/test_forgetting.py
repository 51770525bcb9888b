# SPDX-License-Identifier: MIT
"""Cases are forgotten when their time is over, and not before. UK GDPR Article 5(1)(e)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework.actions import deciding
from onecouncil.casework.models import Case, CaseWord
from onecouncil.casework.tasks import forget_old_cases
from onecouncil.core import files
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_it_was_goes_what_was_done_stays(
    hand_in: HandIn, people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    reference, fresh, permit = hand_in(), hand_in(), hand_in("resident-parking-permit")
    files.keep("photo.txt", b"the bin is full", about=reference)
    for one, decision in [(reference, "not-missed"), (fresh, "collected"), (permit, "granted")]:
        deciding.decide(people["cass"], one, decision, "Because")
    long_ago = now() - timedelta(days=731)
    Case.objects.filter(reference__in=[reference, permit]).update(closed_at=long_ago)
    forget_old_cases()
    case = case_of(reference)
    assert (case.contact_name, case.person_id, case.track_postcode) == ("", None, "")
    assert (case.outcome, case.kind, case.closed_at) == ("not-missed", "missed-bin", long_ago)
    assert not CaseWord.objects.filter(case=case).exists()
    assert not files.files_about(reference)
    assert case.decisions.get().reason == ""
    assert case_of(fresh).contact_name == "Alice Example"
    assert case_of(permit).contact_name == "Alice Example", "its permit lives"
    assert signed_in("alice").get(f"/account/cases/{reference}").status_code == 404
    assert signed_in("cass").get(f"/staff/cases/{reference}").status_code == 200
    assert Client().post("/track", {"reference": reference, "postcode": "LM1 1AA"}).status_code == 422
