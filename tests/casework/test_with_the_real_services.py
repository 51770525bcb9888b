# SPDX-License-Identifier: MIT
"""Without any fake: the catalogue's own service, handed in over HTTP, becomes a case; withdrawing closes it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client
from tests.casework.given import case_of
from tests.house.world import ANSWERS, SERVICE

from onecouncil.casework import facets
from onecouncil.casework.furniture import case_faults
from onecouncil.core.actors import system
from onecouncil.services.actions.publishing import load
from onecouncil.services.catalogue import read_folder

CATALOGUE = sorted(Path(settings.CATALOGUE_DIR).glob("*/*.yaml"))


@pytest.mark.django_db(transaction=True)
def test_handed_in_seen_and_withdrawn(signed_in: Callable[[str], Client], work: Callable[[], None]) -> None:
    facets.forget()
    load([one for one in read_folder(Path(settings.CATALOGUE_DIR)) if one.slug == SERVICE], system("test"))
    alice, cass = signed_in("alice"), signed_in("cass")
    body = json.dumps({"answers": ANSWERS})
    answer = alice.post(f"/api/v1/services/{SERVICE}/submissions", body, content_type="application/json")
    reference = answer.json()["reference"]
    assert case_of(reference).state == "open", "there before any worker ran"
    assert "mend the swings" in cass.get(f"/staff/cases/{reference}").content.decode()
    assert reference in alice.get("/account/").content.decode(), "the panel of the account page"
    assert "Withdraw it" in alice.get(f"/account/cases/{reference}").content.decode()
    assert alice.post(f"/account/cases/{reference}/withdraw").status_code == 303
    work()
    assert case_of(reference).outcome == "withdrawn"


def test_every_service_of_the_catalogue_has_a_case_that_can_be_read() -> None:
    wholes = [yaml.safe_load(path.read_text()) for path in CATALOGUE]
    faults = [
        (whole["slug"], str(fault))
        for whole in wholes
        if "case" in whole
        for fault in case_faults(whole["case"], whole)
    ]
    assert not faults
