# SPDX-License-Identifier: MIT
"""A case opens exactly once: told twice, killed half-way, or opened by two at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.casework.conftest import HandIn
from tests.casework.given import MONDAY, case_of

from onecouncil.casework.actions import opening
from onecouncil.casework.models import Case, CaseEntry, Task
from onecouncil.core import events, relay
from onecouncil.core.actors import Actor, system
from onecouncil.core.messaging import messages_about
from onecouncil.core.models import Delivery, EventRow
from onecouncil.services.api import SubmissionView

pytestmark = pytest.mark.django_db(transaction=True)
HOUSE = system("test")


def counts(reference: str) -> tuple[int, int, int, int]:
    """Cases, timeline lines, `case.opened` events and messages of one submission."""
    return (
        Case.objects.filter(reference=reference).count(),
        CaseEntry.objects.filter(case__reference=reference).count(),
        EventRow.objects.filter(type="case.opened", subject=reference).count(),
        len(messages_about(reference)),
    )


def test_told_twice(hand_in: HandIn, work: Callable[[], None]) -> None:
    reference = hand_in()
    with transaction.atomic():
        data = {"reference": reference}
        events.publish("submission.submitted", subject=reference, data=data, actor=HOUSE)
    work()
    assert opening.open_for_submission(reference, HOUSE) is False
    assert counts(reference) == (1, 1, 1, 1)


@pytest.mark.parametrize("where", ["keep_words", "_make_tasks", "_confirm_slot", "tell"])
def test_killed_half_way(
    where: str, hand_in: HandIn, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks after some of the work: nothing is half there, and the next try does all of it."""

    def die(*args: object, **kwargs: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(opening, where, die)
        reference = hand_in("tell-us-you-have-moved", answers={"tell": ["libraries"]})
        assert counts(reference) == (0, 0, 0, 0)
        assert Task.objects.count() == 0
    Delivery.objects.filter(done_at__isnull=True).update(next_try_at="2020-01-01T00:00:00Z")
    work()
    assert counts(reference) == (1, 1, 1, 1)
    assert Task.objects.filter(case__reference=reference).count() == 3


def test_the_next_page_shows_it_at_once(hand_in: HandIn) -> None:
    """The subscriber is prompt: the case is there right after the commit, before any worker."""
    reference = hand_in(deliver=False)
    assert case_of(reference).state == "open"


def test_two_processes_deliver_at_the_same_moment(
    people: dict[str, Actor], submissions: dict[str, SubmissionView], hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "deliver_promptly", lambda ids: None)
    reference = hand_in(deliver=False)
    ids = list(Delivery.objects.filter(subscriber="casework.open-case").values_list("pk", flat=True))
    start = threading.Barrier(4)
    errors: list[Exception] = []

    def race() -> None:
        start.wait()
        try:
            for pk in ids:
                relay.deliver(pk)
            opening.open_for_submission(reference, HOUSE)
        except Exception as error:  # noqa: BLE001 - collected and asserted on below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert counts(reference) == (1, 1, 1, 1)


def test_a_definition_that_cannot_be_read_still_opens_a_case(hand_in: HandIn) -> None:
    reference = hand_in(case_definition={"stages": "none"})
    case = case_of(reference)
    assert case.kind == "report-a-missed-bin"
    note = case.entries.get(kind="note")
    assert "case.stages" in note.text
    assert not note.public


def test_a_home_address_is_no_place_on_a_map(hand_in: HandIn) -> None:
    from onecouncil.casework.api import public_reports
    from onecouncil.services.api import Place

    street, home = hand_in(), hand_in(place=Place("1 Heron Street", 51.5, -0.1, uprn="10000000001"))
    places = {report.reference: report.lat for report in public_reports(["report-a-missed-bin"])}
    assert places == {street: 51.5, home: None}


def test_who_did_it_for_the_person_is_kept(hand_in: HandIn, people: dict[str, Actor]) -> None:
    reference = hand_in(channel="assisted", assisted_by=people["ada"].user_id)
    line = case_of(reference).entries.get(kind="opened")
    assert (line.text, line.data["channel"], line.at) == ("Ada did this with you", "assisted", MONDAY)
