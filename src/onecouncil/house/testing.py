# SPDX-License-Identifier: MIT
"""`./onecouncil test`: everything, browser tests included. Says what it needs and installs what it may."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from onecouncil.house.postgres import private_postgres

ROOT = Path(__file__).resolve().parents[3]
BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="onecouncil test", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--fast", action="store_true", help="leave the browser and the slow tests out")
    parser.add_argument("--workers", default=str(os.cpu_count() or 1), help="parallel test processes")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="more arguments for pytest, after --")
    options = parser.parse_args(argv)
    more = [one for one in options.pytest if one != "--"]
    if not options.fast and not _browser_ready():
        return 1
    _build_assets()
    marks = ["-m", "not browser and not slow"] if options.fast else []
    command = [sys.executable, "-m", "pytest", "-n", options.workers, "--dist", "loadfile", *marks, *more]
    with _database(options.database) as url:
        environment = {**os.environ, **({"ONECOUNCIL_DATABASE_URL": url} if url else {})}
        return subprocess.run(command, cwd=ROOT, env=environment).returncode  # noqa: S603 - our own command


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with private_postgres() as url:
        print(f"• Tests run on a private PostgreSQL: {url}", flush=True)
        yield url


def _browser_ready() -> bool:
    """A Chromium is there, or is installed from Debian when we may (root); otherwise say what to do."""
    if any(shutil.which(name) for name in BROWSERS):
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("• Installing Debian's Chromium for the browser tests …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)  # noqa: S607
        done = subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], stdout=subprocess.DEVNULL)  # noqa: S607
        if done.returncode == 0:
            return True
    print(
        "The browser tests need Chromium. On Debian, as root: apt-get install chromium. "
        "Or leave them out: ./onecouncil test --fast",
        file=sys.stderr,
    )
    return False


def _build_assets() -> None:
    from onecouncil.website.assets import build

    build.build()
