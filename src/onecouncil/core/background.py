# SPDX-License-Identifier: MIT
"""Background jobs on the Django Tasks API (django-tasks-db), with what that leaves to us: retry, schedule, rescue.

A job is a plain function of JSON arguments. It may be killed at any instruction and run again, so it must be
idempotent. `enqueue` writes a row: in a transaction, the job is queued with the change or not at all.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import task

from onecouncil.core.calendar import now
from onecouncil.core.models import Schedule, WorkerBeat

log = logging.getLogger(__name__)

DEAD_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Job:
    """A function that can be queued. Calling it runs it here and now."""

    function: Callable[..., Any]
    retries: int

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def enqueue(self, *, after: timedelta | None = None, **kwargs: Any) -> None:
        _queue(self.name, kwargs, attempt=1, after=after)


def background(*, retries: int = 8) -> Callable[[Callable[..., Any]], Job]:
    """Make a function a job, tried again up to `retries` times with doubling, jittered waits."""
    return lambda function: Job(function, retries)


_regular: dict[str, tuple[Job, timedelta]] = {}


def every(*, seconds: float) -> Callable[[Job], Job]:
    """Queue this job (of no arguments) every so many seconds, once over all workers."""

    def keep(job: Job) -> Job:
        _regular[job.name] = (job, timedelta(seconds=seconds))
        return job

    return keep


def _queue(name: str, kwargs: dict[str, Any], *, attempt: int, after: timedelta | None) -> None:
    ready = run_job.using(run_after=now() + after) if after else run_job
    ready.enqueue(name=name, kwargs=kwargs, attempt=attempt)


@task()
def run_job(name: str, kwargs: dict[str, Any], attempt: int) -> None:
    """Run one job; when it fails, queue it again, or let the failure stand after the last try."""
    job: Job = import_string(name)
    try:
        job.function(**kwargs)
    except Exception:
        if attempt > job.retries:
            log.exception("job %s failed for good after %s tries", name, attempt)
            raise
        wait = min(2**attempt, 3600) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
        log.warning("job %s failed (try %s), again in %.0f s", name, attempt, wait, exc_info=True)
        _queue(name, kwargs, attempt=attempt + 1, after=timedelta(seconds=wait))


def queue_due() -> int:
    """Queue each regular job whose time has come; safe with several workers. Returns how many were queued."""
    moment = now()
    held = dict(Schedule.objects.filter(name__in=_regular).values_list("name", "next_at"))
    queued = 0
    for name, (job, gap) in _regular.items():
        if held.get(name, moment) > moment:
            continue
        with transaction.atomic():
            if name not in held:
                Schedule.objects.get_or_create(name=name, defaults={"next_at": moment})
            mine = Schedule.objects.filter(name=name, next_at__lte=moment).update(next_at=moment + gap)
            if mine:
                job.enqueue()
                queued += 1
    return queued


def beat(worker_id: str) -> None:
    """Say that this worker is alive."""
    moment = now()
    WorkerBeat.objects.update_or_create(
        worker_id=worker_id, defaults={"seen_at": moment}, create_defaults={"seen_at": moment, "started_at": moment}
    )


def rescue() -> int:
    """Put jobs of dead workers back in the queue, and forget those workers. Returns how many jobs."""
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    moment = now()
    WorkerBeat.objects.filter(seen_at__lt=moment - DEAD_AFTER).delete()
    alive = set(WorkerBeat.objects.values_list("worker_id", flat=True))
    running = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=moment - DEAD_AFTER
    ).values_list("pk", "worker_ids")
    lost = [pk for pk, workers in running if not workers or workers[-1] not in alive]
    if not lost:
        return 0
    return DBTaskResult.objects.filter(pk__in=lost, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, run_after=moment
    )


def sweep_finished(days: int = 7) -> None:
    """Delete the rows of jobs that ended well some time ago."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.successful().filter(finished_at__lt=now() - timedelta(days=days)).delete()
