# SPDX-License-Identifier: MIT
"""`python -m onecouncil.payments.standin`: the stand-in as a process of its own."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from .server import RunningStandIn, Settings


def parse(arguments: list[str]) -> Settings:
    reads = argparse.ArgumentParser(prog="python -m onecouncil.payments.standin", description=__doc__)
    reads.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: this machine only)",
    )
    reads.add_argument("--port", type=int, default=8201)
    reads.add_argument(
        "--data",
        type=Path,
        required=True,
        help="the SQLite file, or a folder to keep it in",
    )
    reads.add_argument("--public-url", default="", help="where a payer's browser finds this process")
    reads.add_argument("--webhook-url", default="", help="where to tell of payments; none when empty")
    # Secrets may come from the environment: a command line can be read by every user of the machine.
    reads.add_argument("--webhook-secret", default=os.environ.get("ONECOUNCIL_PAY_WEBHOOK_SECRET", ""))
    reads.add_argument("--api-key", default=os.environ.get("ONECOUNCIL_PAY_KEY", ""))
    reads.add_argument(
        "--testing",
        action="store_true",
        help="open /_faults and /_clock to callers on this machine",
    )
    given = reads.parse_args(arguments)
    if not given.api_key:
        reads.error("give --api-key, or set ONECOUNCIL_PAY_KEY")
    if given.webhook_url and not given.webhook_secret:
        reads.error("give --webhook-secret, or set ONECOUNCIL_PAY_WEBHOOK_SECRET")
    return Settings(
        data=_file(given.data),
        api_key=given.api_key,
        host=given.host,
        port=given.port,
        public_url=given.public_url.rstrip("/"),
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        testing=given.testing,
    )


def _file(data: Path) -> Path:
    if data.is_dir() or not data.suffix:
        data.mkdir(parents=True, exist_ok=True)
        return data / "pay-standin.sqlite3"
    data.parent.mkdir(parents=True, exist_ok=True)
    return data


def main(arguments: list[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = parse(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = RunningStandIn(settings).start()
    sys.stdout.write(f"Payment stand-in at {running.url}\n")  # the line that a starter waits for
    sys.stdout.flush()
    stop.wait()
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
