# SPDX-License-Identifier: MIT
"""Conducts the proof, in a process of its own whose settings point to a private data folder."""

import contextlib
import io
import random
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

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
from onecouncil.data.crash import effects, players, web
from onecouncil.data.crash.players import Player
from onecouncil.data.crash.verdict import Line, Told, verdict
from onecouncil.data.crash.web import WebPlayer
from onecouncil.integration import api as integration

PATIENCE = 120.0
"""How long nothing may move before the proof is given up."""
_TO_DO = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def conduct(rounds: int, seed: int) -> list[Line]:
    """Play, kill, let finish, and count."""
    luck, folder = random.Random(seed), Path(settings.DATA_DIR)  # noqa: S311 - a seed that can be given again
    told = Told(folder)
    _prepare()
    receiver, cast = _cast(told)
    with _on_stage([*cast, receiver]):
        _wait_for(cast[0].is_busy, told)
        for _ in range(rounds):
            victim = luck.choices(cast[:4], weights=[2, 4, 2, 3])[0]
            if isinstance(victim, WebPlayer):
                _wait_for(victim.is_busy, told)
            time.sleep(luck.uniform(0.05, 1.0))
            victim.kill()
            victim.start()
        told.stop.touch()
        _let_finish(told)
    _say("kills: " + ", ".join(f"{one.name} {one.kills}" for one in cast[:4]) + f" (seed {seed})")
    return verdict(told)


def _cast(told: Told) -> tuple[Player, list[Any]]:
    """The receiver, which is not killed; and the web process, the worker, the publisher, the feed, the web's client."""
    port, web_port = _free_port(), _free_port()
    integration.add_endpoint(system("proof"), f"http://127.0.0.1:{port}/", ["proof.*"], "The proof's receiver")
    receiver = Player("receiver", lambda: players.receive_forever(port, told.received))
    return receiver, [
        WebPlayer("web", players.work, port=web_port, references=told.references),
        Player("worker", players.work),
        Player("publisher", lambda: players.publish_forever(told.acknowledged, told.stop)),
        Player("feed", players.feed_forever),
        Player("client", lambda: web.report_forever(web_port, told.references, told.stop)),
    ]


def _wait_for(is_so: Callable[[], bool], told: Told) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            notes = told.references.with_suffix(".notes")
            words = notes.read_text() if notes.exists() else "nothing"
            raise TimeoutError(f"the web process does not answer; its client was told: {words}")
        time.sleep(0.05)


def _prepare() -> None:
    """A fresh database; and waits made short, so that what a dead worker held is taken up in seconds, not a minute."""
    call_command("migrate", interactive=False, verbosity=0)
    _publish_one_service()
    effects.make_table()
    effects.hang_up()
    background.DEAD_AFTER = timedelta(seconds=4)
    worker._BEAT_EVERY = 0.5


def _publish_one_service() -> None:
    """The service that the web's client asks for; the whole catalogue would take longer than the proof."""
    source = next(Path(settings.CATALOGUE_DIR).rglob(f"{web.SERVICE}.yaml"))
    folder = Path(settings.DATA_DIR) / "catalogue" / source.parent.name
    folder.mkdir(parents=True)
    shutil.copy(source, folder)
    call_command("catalogue", load=True, folder=str(folder.parent), stdout=io.StringIO())


@contextlib.contextmanager
def _on_stage(everybody: list[Player]) -> Iterator[None]:
    for one in everybody:
        one.start()
    try:
        yield
    finally:
        for one in everybody:
            one.stop()


def _let_finish(told: Told) -> None:
    """Wait until nothing is due any more."""
    until, swept, before = time.monotonic() + PATIENCE, 0.0, _left()
    tasks.write_feed.enqueue()
    while time.monotonic() < until:
        time.sleep(0.5)
        left = _left()
        if told.references.with_suffix(".done").exists() and not left:
            return
        if left != before:
            until, before = time.monotonic() + PATIENCE, left
        if time.monotonic() - swept > 5:
            integration.send_overdue.enqueue()
            swept = time.monotonic()
    _say(f"gave up: nothing moved for {PATIENCE:.0f} s: {before}")


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
