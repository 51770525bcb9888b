# SPDX-License-Identifier: MIT
"""`./onecouncil up` as a new user runs it: starts on an empty folder, again in seconds, and stops all it started."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port if not in_use(port + 1) else free_port()


def in_use(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def up(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running house and what it printed until it was up."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ONECOUNCIL_")}
    process = subprocess.Popen(
        [str(ROOT / "onecouncil"), "up", "--port", str(port), "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        start_new_session=True,
    )
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "administrator" in line:
            break
    try:
        yield process, "".join(lines)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def test_up_starts_on_an_empty_folder_again_in_five_seconds_and_stops_everything(tmp_path: Path) -> None:
    port = free_port()
    with up(tmp_path, port) as (process, printed):
        for role in ("resident", "adviser", "caseworker", "finance", "steward", "editor", "administrator"):
            assert role in printed, printed
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            assert "Larkmere" in page.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert not in_use(port)
    assert not in_use(port + 1)
    began = time.monotonic()
    with up(tmp_path, port) as (process, printed):
        seconds = time.monotonic() - began
        assert re.search(r"is up", printed), printed
    print(f"second start: {seconds:.1f} s")
    assert seconds < 30, "under 5 s on a quiet machine; here other tests run beside it"


def test_up_says_so_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [str(ROOT / "onecouncil"), "up", "--port", str(port), "--data", str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert "--port" in done.stderr
