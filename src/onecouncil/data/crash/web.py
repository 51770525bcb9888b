# SPDX-License-Identifier: MIT
"""The web process of the proof, as `up` starts it, and a client that never gives up: after a kill it asks again with
the same Idempotency-Key, as a good program does, so each key must end as one submission and one case."""

import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import requests

from onecouncil.data.crash.players import Player

SERVICE = "report-a-pothole"
ANSWERS = {
    "danger": False,
    "place": {"text": "Outside 4 Heron Street", "lat": 51.52, "lon": -0.43},
    "part": "road",
    "size": "large",
    "depth": "deep",
}
PATIENCE = 90.0
AT_WORK = 5


@dataclass
class WebPlayer(Player):
    """Granian and its workers: one process group, killed together."""

    port: int = 0
    references: Path = Path()
    answered: int = 0

    def start(self) -> None:
        self.answered = _lines(self.references)
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "critical"),
            "onecouncil.house.wsgi:application",
        ]
        quiet = subprocess.DEVNULL
        started = subprocess.Popen(command, start_new_session=True, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603
        self.pid = started.pid

    def kill(self) -> None:
        if self.pid:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
            self.kills += 1

    def is_busy(self) -> bool:
        """Whether it has answered some reports since it was started: killing one that only starts up proves little.

        One that ended by itself (its port was not free yet) is started again, as a supervisor would.
        """
        if self.pid and os.waitpid(self.pid, os.WNOHANG)[0]:
            self.start()
        return _lines(self.references) >= self.answered + AT_WORK


def report_forever(port: int, references: Path, stop: Path) -> None:
    """Hand in reports over HTTP, and write down each reference that was answered. The last one is finished too."""
    url = f"http://127.0.0.1:{port}/api/v1/services/{SERVICE}/submissions"
    while not stop.exists():
        reference = _report(url, uuid.uuid4().hex, references.with_suffix(".notes"))
        if reference:
            with references.open("a") as file:
                file.write(reference + "\n")
        time.sleep(0.05)
    references.with_suffix(".done").touch()
    while True:
        time.sleep(1)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def _report(url: str, key: str, notes: Path) -> str:
    """Ask until there is an answer, always with the same key."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            answer = requests.post(url, json={"answers": ANSWERS}, headers={"Idempotency-Key": key}, timeout=10)
        except requests.RequestException as error:
            _note(notes, type(error).__name__)
            time.sleep(0.1)
            continue
        if answer.status_code in (200, 201):
            return str(answer.json()["reference"])
        _note(notes, f"{answer.status_code} {answer.text[:300]}")
        time.sleep(0.3)
    return ""


def _note(notes: Path, words: str) -> None:
    """The last thing that went wrong, for whoever asks why a proof does not go on."""
    notes.write_text(words)
