# SPDX-License-Identifier: MIT
"""Conducts the proof, in a process of its own whose settings point to a private data folder."""

import contextlib
import random
import socket
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from onecouncil.core import background, worker
from onecouncil.core.actors import system
from onecouncil.core.calendar import now
from onecouncil.core.models import Delivery, EventRow
from onecouncil.data import tasks
from onecouncil.data.actions import feeding
from onecouncil.data.crash import effects, players
from onecouncil.data.crash.players import Player
from onecouncil.data.crash.verdict import Line, verdict
from onecouncil.integration import api as integration

PATIENCE = 240.0
_TO_DO = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def conduct(rounds: int, seed: int) -> list[Line]:
    """Play, kill, let finish, and count."""
    luck, folder = random.Random(seed), Path(settings.DATA_DIR)  # noqa: S311 - a seed that can be given again
    acknowledged, received, stop = folder / "acknowledged", folder / "received", folder / "stop"
    _prepare()
    port = _free_port()
    integration.add_endpoint(system("proof"), f"http://127.0.0.1:{port}/", ["proof.*"], "The proof's receiver")
    receiver = Player("receiver", lambda: players.receive_forever(port, received))
    cast = [
        Player("worker", players.work),
        Player("publisher", lambda: players.publish_forever(acknowledged, stop)),
        Player("feed", players.feed_forever),
    ]
    with _on_stage([receiver, *cast]):
        for _ in range(rounds):
            time.sleep(luck.uniform(0.05, 1.0))
            victim = luck.choices(cast, weights=[4, 2, 3])[0]
            victim.kill()
            victim.start()
        stop.touch()
        _let_finish()
    _say("kills: " + ", ".join(f"{one.name} {one.kills}" for one in cast) + f" (seed {seed})")
    return verdict(acknowledged, received)


def _prepare() -> None:
    """A fresh database; and waits made short, so that what a dead worker held is taken up in seconds, not a minute."""
    call_command("migrate", interactive=False, verbosity=0)
    effects.make_table()
    effects.hang_up()
    background.DEAD_AFTER = timedelta(seconds=4)
    worker._BEAT_EVERY = 0.5


@contextlib.contextmanager
def _on_stage(everybody: list[Player]) -> Iterator[None]:
    for one in everybody:
        one.start()
    try:
        yield
    finally:
        for one in everybody:
            one.stop()


def _let_finish() -> None:
    """Wait until nothing is due any more."""
    until, swept = time.monotonic() + PATIENCE, 0.0
    tasks.write_feed.enqueue()
    while time.monotonic() < until:
        time.sleep(0.5)
        if not _left():
            return
        if time.monotonic() - swept > 5:
            integration.send_overdue.enqueue()
            swept = time.monotonic()
    _say(f"gave up waiting after {PATIENCE:.0f} s: {_left()}")


def _left() -> dict[str, int]:
    """What still has to happen, by kind; empty when all is done."""
    found = {
        "deliveries": Delivery.objects.filter(done_at__isnull=True).count(),
        "jobs": DBTaskResult.objects.filter(status__in=_TO_DO, run_after__lte=now()).count(),
        "webhooks": integration.waiting(),
        "feed": feeding.waiting(),
    }
    return {name: count for name, count in found.items() if count}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(rounds: int, seed: int) -> int:
    lines = conduct(rounds, seed)
    _say(f"events: {EventRow.objects.count()}")
    for line in lines:
        _say(f"  {line.count:>7}  {line.what:<58} {'right' if not line.wrong else f'WRONG: {line.wrong}'}")
    wrong = sum(line.wrong for line in lines)
    _say("nothing lost, nothing twice" if not wrong else f"{wrong} WRONG")
    return 1 if wrong else 0


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
