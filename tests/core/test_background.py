# SPDX-License-Identifier: MIT
"""Jobs: queued with the change, retried, scheduled once over all workers, rescued from dead workers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from onecouncil.core import background
from onecouncil.core.calendar import now
from onecouncil.core.models import WorkerBeat

runs: list[str] = []


@background.background(retries=1)
def note(word: str) -> None:
    runs.append(word)


@background.background(retries=1)
def stumble() -> None:
    runs.append("stumble")
    raise OSError("the disk is away")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    runs.clear()


@pytest.mark.django_db(transaction=True)
def test_a_job_is_queued_with_the_change_or_not_at_all(work: Callable[[], None]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note.enqueue(word="never")
        raise ZeroDivisionError
    note.enqueue(word="once")
    work()
    assert runs == ["once"]


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_is_tried_again_later_and_then_told(work: Callable[[], None]) -> None:
    stumble.enqueue()
    work()
    assert runs == ["stumble"]
    DBTaskResult.objects.update(run_after=now() - timedelta(seconds=1))
    work()
    assert runs == ["stumble", "stumble"]
    assert DBTaskResult.objects.failed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_regular_job_is_queued_once_for_each_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_regular", {note.name: (note, timedelta(hours=1))})
    assert background.queue_due() == 1
    assert background.queue_due() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_dead_worker_is_put_back_and_of_a_live_one_is_left(work: Callable[[], None]) -> None:
    note.enqueue(word="rescued")
    row = DBTaskResult.objects.get()
    row.claim("worker-1")
    DBTaskResult.objects.update(started_at=now() - timedelta(minutes=5))
    background.beat("worker-1")
    assert background.rescue() == 0
    WorkerBeat.objects.update(seen_at=now() - timedelta(minutes=5))
    assert background.rescue() == 1
    work()
    assert runs == ["rescued"]
