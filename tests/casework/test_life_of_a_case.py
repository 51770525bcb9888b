# SPDX-License-Identifier: MIT
"""The whole life of one case, through the pages a browser would use."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework.models import CaseEntry
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import screen_date
from onecouncil.core.messaging import messages_about
from onecouncil.core.models import AuditEntry, EventRow

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[str], Client]


def post(client: Client, path: str, **fields: str) -> str:
    """Send a form, expect to be led on, and return the page that follows."""
    response = client.post(path, fields)
    assert response.status_code == 303, response.content.decode()[:2000]
    return client.get(response["Location"]).content.decode()


def test_from_handed_in_to_closed(hand_in: HandIn, signed_in: SignedIn, work: Callable[[], None]) -> None:
    reference = hand_in()
    case = case_of(reference)
    assert (case.state, case.stage, case.kind, case.unit) == ("open", "received", "missed-bin", "waste")
    assert screen_date(case.due_at) == "25 November 2026"  # two working days after Monday the 23rd
    assert [message.subject for message in messages_about(reference)] == [f"We have your request {reference}"]

    alice, cass = signed_in("alice"), signed_in("cass")
    page = alice.get(f"/account/cases/{reference}").content.decode()
    assert "We check the round within 1 working day" in page
    assert "Recycling" in page

    desk = f"/staff/cases/{reference}"
    assert reference in cass.get("/staff/cases/").content.decode()
    assert "Hand it back" in post(cass, f"{desk}/take")
    assert "With the crew" in post(cass, f"{desk}/stage", stage="with-crew")
    assert "Was it out by 6am?" in post(cass, f"{desk}/message", message="Was it out by 6am?", wait="yes")
    assert case_of(reference).state == "waiting"
    post(cass, f"{desk}/note", note="The round was late")

    page = alice.get(f"/account/cases/{reference}").content.decode()
    assert "Was it out by 6am?" in page
    assert "We are waiting for your answer" in page
    assert "The round was late" not in page, "a note is for colleagues"
    assert "Yes, at 5.\nLate" not in page
    assert "Yes, at 5" in post(alice, f"/account/cases/{reference}/message", message="Yes, at 5")
    assert case_of(reference).state == "open"
    assert "Resident replied" in cass.get("/staff/cases/?view=replied").content.decode()

    post(cass, f"{desk}/decision", decision="collected")
    case = case_of(reference)
    assert (case.state, case.outcome, case.stage) == ("closed", "collected", "done")
    work()
    last = messages_about(reference)[-1]
    assert last.subject == f"We collected your bin ({reference})"
    assert "Larkmere is sorry" in last.body
    assert f"/account/cases/{reference}" in last.body

    assert "late" in post(cass, f"{desk}/reopen", reopen_reason="The crew were late again")
    assert case_of(reference).closed_at is None
    post(cass, f"{desk}/close", close_reason="It is a second report of the same bin")
    types = list(EventRow.objects.filter(subject=reference).order_by("pk").values_list("type", flat=True))
    assert types == [
        "submission.submitted", "case.opened", "case.assigned", "case.stage_changed", "case.message_sent", "case.noted",
        "case.message_received", "case.decided", "case.closed", "case.reopened", "case.closed",
    ]  # fmt: skip
    work()
    assert AuditEntry.objects.filter(subject=reference).count() == len(types)
    assert len({message.id for message in messages_about(reference)}) == 6


def test_bad_input_is_told_beside_the_field_and_changes_nothing(hand_in: HandIn, signed_in: SignedIn) -> None:
    reference = hand_in()
    cass, desk = signed_in("cass"), f"/staff/cases/{reference}"
    lines = CaseEntry.objects.count()
    for verb, fields, field, words in [
        ("message", {"message": "  "}, "message", "Enter your message"),
        ("note", {"note": ""}, "note", "Enter a note"),
        ("stage", {"stage": "done"}, "stage", "Select a stage"),
        ("decision", {}, "decision", "Select a decision"),
        ("decision", {"decision": "not-missed", "reason": " "}, "reason", "Enter the reason for this decision"),
        ("close", {"close_reason": ""}, "close_reason", "Enter why you close this case"),
        ("give", {"officer": "9999999"}, "officer", "Select who should have this case"),
    ]:
        response = cass.post(f"{desk}/{verb}", fields)
        page = response.content.decode()
        assert response.status_code == 422, verb
        assert words in page
        assert f'href="#{field}"' in page
        assert f'id="{field}"' in page
    kept = cass.post(f"{desk}/decision", {"decision": "nonsense", "reason": "I wrote a lot here"}).content.decode()
    assert "I wrote a lot here" in kept
    assert CaseEntry.objects.count() == lines
    assert case_of(reference).state == "open"


def test_a_closed_case_refuses_work_in_words(hand_in: HandIn, signed_in: SignedIn) -> None:
    reference = hand_in()
    cass, desk = signed_in("cass"), f"/staff/cases/{reference}"
    post(cass, f"{desk}/decision", decision="collected")
    for verb, fields in [("decision", {"decision": "collected"}), ("stage", {"stage": "received"}), ("take", {})]:
        response = cass.post(f"{desk}/{verb}", fields)
        assert response.status_code == 409
        assert "This case is closed. Reopen it first" in response.content.decode()
    assert messages_about(reference)[-1].subject.startswith("We collected")


def test_withdrawn_by_the_resident(
    hand_in: HandIn,
    people: dict[str, Actor],
    signed_in: SignedIn,
    work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Withdrawing is the services room's; its event closes the case."""
    from django.db import transaction

    from onecouncil.casework import below
    from onecouncil.core import events

    def withdraw(reference: str, actor: Actor) -> None:
        with transaction.atomic():
            events.publish("submission.withdrawn", subject=reference, data={"reference": reference}, actor=actor)

    monkeypatch.setattr(below, "withdraw", withdraw)
    reference = hand_in()
    assert "You have withdrawn this" in post(signed_in("alice"), f"/account/cases/{reference}/withdraw")
    work()
    assert (case_of(reference).state, case_of(reference).outcome) == ("closed", "withdrawn")
    decided = hand_in()
    post(signed_in("cass"), f"/staff/cases/{decided}/decision", decision="sent-out")
    assert signed_in("alice").post(f"/account/cases/{decided}/withdraw").status_code == 409


def test_late_cases_are_told_of_once(hand_in: HandIn, work: Callable[[], None], signed_in: SignedIn) -> None:
    from onecouncil.casework.models import Case
    from onecouncil.casework.tasks import watch_clocks

    reference = hand_in()
    Case.objects.filter(reference=reference).update(due_at="2026-11-20T23:59:59Z")
    watch_clocks()
    watch_clocks()
    assert EventRow.objects.filter(type="case.breached", subject=reference).count() == 1
    assert reference in signed_in("cass").get("/staff/cases/?view=overdue").content.decode()
    assert "We are late, and we are sorry" in signed_in("alice").get(f"/account/cases/{reference}").content.decode()
