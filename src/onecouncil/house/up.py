# SPDX-License-Identifier: MIT
"""`./onecouncil up`: from a fresh clone to a running council. Each step says what it does; done ones are skipped."""

import argparse
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from onecouncil.house.processes import Process, Processes

WEB_READY_SECONDS = 30


def main(argv: list[str]) -> int:
    options = _options(argv)
    _environment(options)
    for port in (options.port, options.port + 1):
        if not _is_free(options.host, port):
            print(f"Port {port} is in use. Stop what uses it, or choose another with --port.", file=sys.stderr)
            return 1
    from django import setup

    setup()
    started = time.monotonic()
    for words, do in _steps():
        if not _step(words, do):
            return 1
    processes = Processes()
    processes.stop_on_signals()
    web, *others = processes_of(options)
    processes.start(web)
    if not _wait_until_ready(options, processes):
        processes.stop()
        print("The web server did not start. Its messages are above.", file=sys.stderr)
        return 1
    for process in others:  # after the web, which people wait for
        processes.start(process)
    _welcome(options, time.monotonic() - started)
    return processes.wait()


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="onecouncil up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port of the site; the pretend provider takes the next")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--data", type=Path, help="the data folder (default: var/ beside this project)")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    return parser.parse_args(argv)


def _environment(options: argparse.Namespace) -> None:
    """Settings the children share. Whatever is already in the environment wins."""
    if options.data:
        os.environ["ONECOUNCIL_DATA"] = str(options.data.resolve())
    shown = "localhost" if options.host in ("127.0.0.1", "0.0.0.0", "::") else options.host  # noqa: S104 - compared only
    os.environ.setdefault("ONECOUNCIL_SITE_URL", f"http://{shown}:{options.port}")
    os.environ.setdefault("ONECOUNCIL_PAY_URL", f"http://127.0.0.1:{options.port + 1}")
    os.environ.setdefault("ONECOUNCIL_PAY_PUBLIC_URL", f"http://{shown}:{options.port + 1}")


def _steps() -> list[tuple[str, Callable[[], str]]]:
    from onecouncil.house import preparing

    return [
        ("Front-end assets", preparing.assets),
        ("Database", preparing.database),
        ("Services", preparing.catalogue),
        ("Example borough", preparing.example_borough),
    ]


def _step(words: str, do: Callable[[], str]) -> bool:
    """Do one step, say what came of it and how long it took; False when it could not be done."""
    from django.core.management import CommandError

    print(f"• {words} …", end=" ", flush=True)
    began = time.monotonic()
    try:
        print(f"{do()} ({time.monotonic() - began:.1f} s)", flush=True)
    except CommandError as problem:
        print(f"stopped.\n{problem}", file=sys.stderr)
        return False
    return True


def processes_of(options: argparse.Namespace) -> list[Process]:
    from django.conf import settings

    python = sys.executable
    listed = [
        Process(
            "web",
            [
                *(python, "-m", "granian", "--interface", "wsgi", "--host", options.host, "--port", str(options.port)),
                *("--workers", str(options.workers), "--blocking-threads", "2", "--backpressure", "64"),
                *("--no-ws", "--log-level", "warning", "onecouncil.house.wsgi:application"),
            ],
        ),
        Process("worker", [python, "-m", "onecouncil.house.cli", "worker"]),
    ]
    if settings.PAY_PROVIDER == "demo":
        listed.append(
            Process(
                "pretend provider",
                [
                    *(python, "-m", "onecouncil.payments.standin", "--port", str(options.port + 1)),
                    *("--host", options.host, "--data", str(settings.DATA_DIR / "stand-in.sqlite3")),
                    *("--webhook-url", f"http://127.0.0.1:{options.port}/pay/webhook/govuk-pay"),
                    *("--webhook-secret", settings.PAY_WEBHOOK_SECRET, "--api-key", settings.PAY_KEY),
                    *("--public-url", settings.PAY_PUBLIC_URL),
                ],
            )
        )
    return listed


def _wait_until_ready(options: argparse.Namespace, processes: Processes) -> bool:
    url = f"http://{options.host if options.host != '0.0.0.0' else '127.0.0.1'}:{options.port}/health/live"  # noqa: S104
    deadline = time.monotonic() + WEB_READY_SECONDS
    while time.monotonic() < deadline and not processes.ended():
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _welcome(options: argparse.Namespace, seconds: float) -> None:
    from django.conf import settings

    from onecouncil.house.preparing import demo_sign_ins

    print(f"\n{_bold(settings.SITE_URL)}  is up ({seconds:.1f} s). Stop it with Ctrl-C.\n")
    for line in demo_sign_ins():
        print(f"  {line}")
    print(flush=True)


def _bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text
