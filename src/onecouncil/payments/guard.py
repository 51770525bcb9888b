# SPDX-License-Identifier: MIT
"""The ledger's guard: triggers by which the database itself refuses to alter the books, whoever asks.

The life of an entry, the same in SQLite and in PostgreSQL:

1. the entry's row names a seal that does not exist yet: a deferred foreign key, so it must exist at the commit;
2. its lines are added;
3. the seal's row is added; its trigger refuses when the lines do not add up to nothing;
4. from then on no line can be added, and nothing of it can be updated or deleted.

An entry that does not balance can therefore not be committed: without a seal the foreign key fails, and with it the
trigger does. Deleting is allowed only while `payments_ledger_unlocked` holds a row. No code of ours writes one: the
migration does so in a test's database (`settings.TESTING`), because Django's TransactionTestCase empties tables with
DELETE or TRUNCATE; the tests of this guard take the row out first. The health page fails when it is found elsewhere.

SQLite drops triggers with a table, and Django re-makes a table to change a column: a migration that changes one of
these tables must end with `migrations.RunPython(guard.install_in_migration, …)`. The health page tells if it did not.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection

ENTRY, LINE, SEAL = "payments_ledger_entry", "payments_ledger_line", "payments_ledger_seal"
UNLOCKED = "payments_ledger_unlocked"
WORDS = "the ledger is append-only: write a correcting entry"
SEALED = "this ledger entry is sealed: write a correcting entry"
UNBALANCED = "a ledger entry needs lines that add up to nothing"

_HAS_SEAL = f"SELECT 1 FROM {SEAL} s JOIN {ENTRY} e ON e.seal_id = s.key WHERE e.id = NEW.entry_id"  # noqa: S608
_BALANCES = f"""SELECT 1 FROM {LINE} l JOIN {ENTRY} e ON e.id = l.entry_id WHERE e.seal_id = NEW.key
    GROUP BY e.id HAVING SUM(l.pence) = 0"""  # noqa: S608


def install(cursor: Any, vendor: str) -> None:
    """Put every trigger in its place; done again, it changes nothing."""
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {UNLOCKED} (why varchar(80) NOT NULL)")
    for statement in _sqlite() if vendor == "sqlite" else _postgres():
        cursor.execute(statement)


def remove(cursor: Any, vendor: str) -> None:
    on = {name: table for table, name in _triggers(vendor)}
    for name, table in on.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if vendor == "sqlite" else f" ON {table}"))


def install_in_migration(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        install(cursor, schema_editor.connection.vendor)
        if settings.TESTING:
            cursor.execute(f"INSERT INTO {UNLOCKED} VALUES ('a test empties its tables')")  # noqa: S608 - our own name


def remove_in_migration(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        remove(cursor, schema_editor.connection.vendor)


def fault() -> str:
    """What is wrong with the guard; empty when it stands."""
    if connection.vendor == "sqlite":
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        asked = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        standing = {row[0] for row in cursor.fetchall()}
        missing = {name for _, name in _triggers(connection.vendor)} - standing
        if missing:
            return f"The database no longer guards the ledger: {', '.join(sorted(missing))} missing"
        cursor.execute(f"SELECT COUNT(*) FROM {UNLOCKED}")  # noqa: S608 - our own name
        unlocked = cursor.fetchone()[0] and not settings.TESTING
    return "Somebody has unlocked the ledger for deleting" if unlocked else ""


def _triggers(vendor: str) -> list[tuple[str, str]]:
    """(table, trigger) of each."""
    events = ("update", "delete") if vendor == "sqlite" else ("update", "delete", "truncate")
    kept = [(table, f"{table}_no_{event}") for table in (ENTRY, LINE, SEAL) for event in events]
    return [*kept, (LINE, "payments_ledger_line_not_after_seal"), (SEAL, "payments_ledger_seal_balances")]


def _sqlite() -> list[str]:
    made = []
    for table in (ENTRY, LINE, SEAL):
        unlocked = f"WHEN NOT EXISTS (SELECT 1 FROM {UNLOCKED})"  # noqa: S608
        made.append(_sqlite_trigger(f"{table}_no_update", "UPDATE", table, "", WORDS))
        made.append(_sqlite_trigger(f"{table}_no_delete", "DELETE", table, unlocked, WORDS))
    made.append(_sqlite_trigger(f"{LINE}_not_after_seal", "INSERT", LINE, f"WHEN EXISTS ({_HAS_SEAL})", SEALED))
    made.append(_sqlite_trigger(f"{SEAL}_balances", "INSERT", SEAL, f"WHEN NOT EXISTS ({_BALANCES})", UNBALANCED))
    return made


def _sqlite_trigger(name: str, event: str, table: str, when: str, words: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {table} FOR EACH ROW {when} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )


def _postgres() -> list[str]:
    unlocked = f"TG_OP <> 'UPDATE' AND EXISTS (SELECT 1 FROM {UNLOCKED})"  # noqa: S608
    kept = f"IF {unlocked} THEN RETURN OLD; END IF; RAISE EXCEPTION '{WORDS}' USING ERRCODE = '23514';"
    late = f"IF EXISTS ({_HAS_SEAL}) THEN RAISE EXCEPTION '{SEALED}' USING ERRCODE = '23514'; END IF; RETURN NEW;"
    uneven = (
        f"IF NOT EXISTS ({_BALANCES}) THEN RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = '23514'; END IF; RETURN NEW;"
    )
    made = [
        _postgres_function("payments_ledger_kept", kept),
        _postgres_function("payments_ledger_not_after_seal", late),
        _postgres_function("payments_ledger_balances", uneven),
    ]
    for table in (ENTRY, LINE, SEAL):
        for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = f"{table}_no_{event.lower()}"
            made.append(_postgres_trigger(name, event, table, each, "payments_ledger_kept"))
    made.append(_postgres_trigger(f"{LINE}_not_after_seal", "INSERT", LINE, "ROW", "payments_ledger_not_after_seal"))
    made.append(_postgres_trigger(f"{SEAL}_balances", "INSERT", SEAL, "ROW", "payments_ledger_balances"))
    return made


def _postgres_function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _postgres_trigger(name: str, event: str, table: str, each: str, function: str) -> str:
    return f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
