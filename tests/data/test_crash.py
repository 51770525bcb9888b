# SPDX-License-Identifier: MIT
"""The proof by SIGKILL, in small: `./onecouncil prove crash` runs it with more rounds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_killed_processes_lose_nothing_and_do_nothing_twice() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, str(ROOT / "manage.py"), "prove", "crash", "--rounds", "12", "--seed", "20"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing lost, nothing twice" in done.stdout
