# SPDX-License-Identifier: MIT
"""The worker process: one thread relays events and keeps the schedule, the main thread runs background jobs.

It holds nothing in memory that matters: killed at any instruction, the next one goes on from the database.
"""

import logging
import os
import socket
import threading
import time

from django.db import DatabaseError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from onecouncil.core import background, relay

log = logging.getLogger(__name__)

_BEAT_EVERY = 10.0


def worker_id() -> str:
    return f"{socket.gethostname()[:30]}-{os.getpid()}"


def run(interval: float = 0.5) -> None:
    """Work until SIGTERM or SIGINT."""
    jobs = _jobs_worker(interval, batch=False)
    jobs.configure_signals()
    threading.Thread(target=_relay_forever, args=(jobs.worker_id, interval), daemon=True, name="relay").start()
    jobs.run()


def drain(rounds: int = 50) -> None:
    """Work until nothing is due, then return: for tests, demos and commands."""
    for _ in range(rounds):
        delivered = relay.deliver_due()
        jobs = _jobs_worker(0, batch=True)
        jobs.run()
        if not delivered and jobs._run_tasks == 0:
            return


def _jobs_worker(interval: float, *, batch: bool) -> Worker:
    return Worker(
        queue_names=["default"],
        interval=interval,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id(),
        excluded_queue_names=[],
    )


def _relay_forever(name: str, interval: float) -> None:
    last_beat = 0.0
    while True:
        close_old_connections()
        tried = 0
        try:
            if time.monotonic() - last_beat > _BEAT_EVERY:
                background.beat(name)
                background.rescue()
                last_beat = time.monotonic()
            background.queue_due()
            tried = relay.deliver_due()
        except DatabaseError:
            log.exception("the relay could not reach the database; it tries again")
        if not tried:
            time.sleep(interval)
