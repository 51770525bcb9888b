# SPDX-License-Identifier: MIT
"""`./onecouncil bench web`: what the pages cost, in a real server over loopback, against a bare page of the same size.

A private data folder (and PostgreSQL, when asked for) is made, filled, served exactly as `up` serves it, measured page
by page, and removed. The floor runs under the same server with the same workers, right after each page, so that both
see the same machine.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onecouncil.house.benches.client import Ask, Measured, measure
from onecouncil.house.benches.visitors import Page, pages
from onecouncil.house.postgres import private_postgres
from onecouncil.house.processes import Process, Processes
from onecouncil.house.up import processes_of

WORKERS = 2
READY_SECONDS = 60
HEAD = ("page", "bytes", "req/s", "p50 ms", "p95 ms", "p99 ms", "floor req/s", "floor p50", "x floor")


@dataclass(frozen=True)
class Row:
    """One page and the floor measured right after it."""

    page: Page
    ours: Measured
    floor: Measured

    @property
    def ratio(self) -> float:
        """How many bare pages could be served in the time of one of ours."""
        return self.floor.rate / self.ours.rate if self.ours.rate else float("inf")


def run(*, cases: int, requests: int, seconds: float, database: str) -> list[Row]:
    """Measure every page; prints what it does as it goes.

    Raises:
        RuntimeError: a server did not start, or a page did not answer as it should.
    """
    with _world(database) as environment:
        print(f"• Filling a private council with {cases:,} cases …", flush=True)
        began = time.monotonic()
        sessions = _fill(environment, cases)
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
        with _servers(environment) as (port, floor_port):
            print("• Measuring …", flush=True)
            return [_row(page, port, floor_port, requests, seconds) for page in pages(sessions)]


def table(rows: list[Row]) -> str:
    """The measurements as lines of text."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(text.ljust(width) if column == 0 else text.rjust(width) for column, (text, width) in enumerate(pairs))
        for pairs in (list(zip(line, widths, strict=True)) for line in cells)
    )


def _cells(row: Row) -> tuple[str, ...]:
    ours, floor = row.ours, row.floor
    times = (f"{ours.percentile(percent):.1f}" for percent in (50, 95, 99))
    floors = (f"{floor.rate:.0f}", f"{floor.percentile(50):.1f}", f"{row.ratio:.1f}")
    return (row.page.name, f"{ours.size:,}", f"{ours.rate:.0f}", *times, *floors)


def _row(page: Page, port: int, floor_port: int, requests: int, seconds: float) -> Row:
    ours = measure(port, page.prepare, requests=requests, seconds=seconds)
    if set(ours.statuses) != {page.expected}:
        raise RuntimeError(f"{page.name}: expected {page.expected}, got {ours.statuses}")
    bare = Ask(f"/{ours.size}", form={"place": "Heron Street"} if page.is_form else None)
    floor = measure(floor_port, lambda connection: bare, requests=requests * 4, seconds=seconds)
    print(f"  {page.name}: {len(ours.times)} requests", flush=True)
    return Row(page, ours, floor)


@contextlib.contextmanager
def _world(database: str) -> Iterator[dict[str, str]]:
    """The environment of a private council; everything of it is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="onecouncil-bench-"))
    held = {"ONECOUNCIL_DATA": str(folder), "ONECOUNCIL_DEMO": "1", "ONECOUNCIL_PAY_PROVIDER": "failing"}
    try:
        if database == "postgres":
            with private_postgres() as url:
                yield {**os.environ, **held, "ONECOUNCIL_DATABASE_URL": url}
        else:
            yield {**os.environ, **held, "ONECOUNCIL_DATABASE_URL": ""}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(environment: dict[str, str], cases: int) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-m", "onecouncil.house.benches.town", str(cases)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    if done.returncode:
        raise RuntimeError("the private council could not be filled; what went wrong is above")
    sessions: dict[str, dict[str, str]] = json.loads(done.stdout.strip().splitlines()[-1])
    return sessions


@contextlib.contextmanager
def _servers(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The council's web server and the floor's, both stopped afterwards."""
    port, floor_port = _free_port(), _free_port()
    options = argparse.Namespace(host="127.0.0.1", port=port, workers=WORKERS)
    web = processes_of(options)[0]
    floor = [part.replace("onecouncil.house.wsgi", "onecouncil.house.benches.floor") for part in web.command]
    floor[floor.index(str(port))] = str(floor_port)
    processes = Processes()
    try:
        for process, extra in ((web, environment), (Process("floor", floor), {**environment})):
            with _environment(extra):
                processes.start(process)
        _wait(port, "/health/live", processes)
        _wait(floor_port, "/0", processes)
        yield port, floor_port
    finally:
        processes.stop()


@contextlib.contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    """The processes of the house inherit our environment: lend them this one for their start."""
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _wait(port: int, path: str, processes: Processes) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not processes.ended():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server at port {port} did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
