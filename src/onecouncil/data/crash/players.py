# SPDX-License-Identifier: MIT
"""The processes of the proof. Each is forked from the conductor, so that it is at work again soon after its death."""

import contextlib
import ctypes
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.db import connections, transaction

from onecouncil.core import worker
from onecouncil.core.actors import system
from onecouncil.core.events import publish
from onecouncil.core.models import Delivery
from onecouncil.data.actions import feeding

Play = Callable[[], None]
_US = system("proof")
_PR_SET_PDEATHSIG = 1
BACKLOG = 200
"""More than this waiting proves nothing more, and only makes the end late."""


@dataclass
class Player:
    """A process that can be killed and started again. `kills` counts how often it was."""

    name: str
    play: Play
    pid: int = 0
    kills: int = 0

    def start(self) -> None:
        connections.close_all()
        pid = os.fork()
        if pid:
            self.pid = pid
            return
        try:
            os.setsid()
            _die_with_parent()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            random.seed(os.urandom(8))
            self.play()
        finally:
            os._exit(0)

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
            self.kills += 1

    def stop(self) -> None:
        """End it for good, without counting."""
        self.kill()
        self.kills -= 1


def _die_with_parent() -> None:
    """When the conductor itself is killed, leave nobody behind (Linux; elsewhere they are left to be found)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def work() -> None:
    """The real worker."""
    worker.run(interval=0.02)


def publish_forever(acknowledged: Path, stop: Path) -> None:
    """Publish events, one to three in a transaction, and write down the ids after the commit."""
    with acknowledged.open("a", buffering=1) as file:
        while not stop.exists():
            if Delivery.objects.filter(done_at__isnull=True).count() > BACKLOG:
                time.sleep(0.2)
                continue
            with transaction.atomic():
                made = [
                    publish("proof.made", subject=f"PROOF-{os.getpid()}", data={"part": part}, actor=_US)
                    for part in range(random.randint(1, 3))  # noqa: S311 - load, not a secret
                ]
            file.write("".join(f"{one}\n" for one in made))
            time.sleep(0.03)
    while True:
        time.sleep(1)


def feed_forever() -> None:
    """Write the feed all the time, so that the kills meet it at work."""
    while True:
        feeding.feed()
        time.sleep(0.05)


def receive_forever(port: int, received: Path) -> None:
    """A receiver of webhooks that writes down each id before it answers; now and then it fails, once for an id."""
    failed: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            told = self.headers.get("webhook-id", "")
            fails = told not in failed and random.random() < 0.05  # noqa: S311 - load, not a secret
            failed.add(told)
            if not fails:
                with received.open("a") as file:
                    file.write(told + "\n")
            self.send_response(500 if fails else 204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
