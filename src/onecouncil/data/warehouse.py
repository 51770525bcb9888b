# SPDX-License-Identifier: MIT
"""The one place that knows DuckDB. It is imported inside functions only: web processes never load it.

Questions are asked of an in-memory database that can see the feed's files and nothing else of this machine.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from onecouncil.core.problems import Invalid

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "seq": "BIGINT",
    "id": "VARCHAR",
    "type": "VARCHAR",
    "subject": "VARCHAR",
    "time": "TIMESTAMP",
    "actor": "VARCHAR",
    "data": "VARCHAR",
}
"""The columns of a file of the feed; `time` is UTC, `data` JSON. `date` (UTC) is in the folder's name."""

MEMORY = "1GB"


@dataclass(frozen=True)
class Answer:
    columns: list[str]
    rows: list[tuple[Any, ...]]


def lines_to_parquet(lines: Path, target: Path) -> None:
    """One file of JSON lines → one Parquet file with our columns."""
    import duckdb

    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": MEMORY}) as session:
        source = f"read_json({_text(lines)}, format = 'newline_delimited', columns = {{{columns}}})"
        session.execute(f"COPY (FROM {source}) TO {_text(target)} (FORMAT parquet, COMPRESSION zstd)")


def ask(sql: str) -> Answer:
    """Answer one SELECT over the feed: the view is `events`.

    Raises:
        Invalid: it is not one SELECT, or DuckDB cannot answer it; with its words.
    """
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise Invalid({"sql": str(error).strip()}) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Invalid({"sql": "Enter one SELECT statement: the feed can be read, not changed"})
    with open_feed() as session:
        try:
            found = session.execute(statements[0])
            return Answer([column[0] for column in found.description or []], found.fetchall())
        except duckdb.Error as error:
            raise Invalid({"sql": str(error).strip()}) from error


def open_feed() -> "duckdb.DuckDBPyConnection":
    """An in-memory session with the view `events`, which may read the feed's folder and touch nothing else."""
    import duckdb

    folder = Path(settings.FEED_DIR) / "events"
    session = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": 2})
    session.execute("SET TimeZone = 'UTC'")
    session.execute(f"CREATE VIEW events AS {_source(folder)}")
    session.execute(f"SET allowed_directories = [{_text(folder)}]")
    session.execute("SET enable_external_access = false")
    session.execute("SET lock_configuration = true")
    return session


def _source(folder: Path) -> str:
    if any(folder.glob("date=*/part-*.parquet")):
        pattern = _text(folder / "date=*" / "part-*.parquet")
        return f"SELECT * FROM read_parquet({pattern}, hive_partitioning = true, hive_types = {{'date': DATE}})"  # noqa: S608
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in {**COLUMNS, "date": "DATE"}.items())
    return f"SELECT {columns} WHERE false"


def _text(value: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"
