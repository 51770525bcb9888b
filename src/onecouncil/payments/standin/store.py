# SPDX-License-Identifier: MIT
"""The stand-in's SQLite file: payments, their events, refunds, and the webhooks still to be sent."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    payment_id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, amount INTEGER NOT NULL, reference TEXT NOT NULL,
    description TEXT NOT NULL, return_url TEXT NOT NULL, email TEXT, language TEXT NOT NULL, metadata TEXT NOT NULL,
    delayed_capture INTEGER NOT NULL, moto INTEGER NOT NULL, status TEXT NOT NULL, code TEXT,
    created REAL NOT NULL, provider_id TEXT, captured REAL
);
CREATE INDEX IF NOT EXISTS payment_by_reference ON payment (reference, created);
CREATE INDEX IF NOT EXISTS payment_by_creation ON payment (created);
CREATE INDEX IF NOT EXISTS payment_open ON payment (created)
    WHERE status IN ('created', 'started', 'submitted', 'capturable');
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY, payment_id TEXT NOT NULL REFERENCES payment,
    status TEXT NOT NULL, code TEXT, at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS event_of_payment ON event (payment_id, id);
CREATE TABLE IF NOT EXISTS refund (
    refund_id TEXT PRIMARY KEY, payment_id TEXT NOT NULL REFERENCES payment, amount INTEGER NOT NULL,
    status TEXT NOT NULL, created REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS refund_of_payment ON refund (payment_id, created);
CREATE INDEX IF NOT EXISTS refund_by_creation ON refund (created);
CREATE TABLE IF NOT EXISTS webhook (
    message_id TEXT PRIMARY KEY, payment_id TEXT NOT NULL, event_type TEXT NOT NULL, body BLOB NOT NULL,
    due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting'
);
CREATE INDEX IF NOT EXISTS webhook_due ON webhook (due) WHERE state = 'waiting';
"""


class Store:
    """One connection behind one lock: a stand-in for one council needs no more, and it cannot deadlock."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        # FULL: what a payer was told is true must still be true after the power has failed.
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        self._db.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Joins an outer transaction when there is one."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        with self._lock:
            row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
            return row

    def all(self, sql: str, *values: Any) -> Sequence[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        """Change something; how many rows it changed."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def insert(self, table: str, **values: Any) -> None:
        """`table` and the names are ours, never a caller's; the values are bound."""
        names = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())  # noqa: S608

    def close(self) -> None:
        with self._lock:
            self._db.close()
