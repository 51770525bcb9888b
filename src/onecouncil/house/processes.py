# SPDX-License-Identifier: MIT
"""The processes `up` starts: each in a group of its own, all stopped together."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

GRACE_SECONDS = 8


@dataclass
class Process:
    name: str
    command: list[str]
    popen: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)


class Processes:
    """Starts processes, and on Ctrl-C, SIGTERM or the end of any of them stops all."""

    def __init__(self) -> None:
        self._all: list[Process] = []
        self._stopping = False

    def stop_on_signals(self) -> None:
        signal.signal(signal.SIGINT, self._asked)
        signal.signal(signal.SIGTERM, self._asked)

    def start(self, process: Process) -> None:
        process.popen = subprocess.Popen(process.command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        self._all.append(process)

    def ended(self) -> Process | None:
        return next((p for p in self._all if p.popen and p.popen.poll() is not None), None)

    def wait(self) -> int:
        """Stay until asked to stop (0) or until a process ends by itself (1)."""
        while not self._stopping:
            gone = self.ended()
            if gone and not self._stopping:
                print(f"The {gone.name} process ended by itself. Stopping the others.", file=sys.stderr)
                self.stop()
                return 1
            time.sleep(0.2)
        self.stop()
        return 0

    def stop(self) -> None:
        """Ask every group to end, then end those that do not."""
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(p.popen and p.popen.poll() is None for p in self._all):
            time.sleep(0.05)
        self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: int) -> None:
        for process in self._all:
            if process.popen is None:
                continue
            try:
                os.killpg(process.popen.pid, number)
            except ProcessLookupError:
                continue

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
