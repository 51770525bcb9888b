# SPDX-License-Identifier: MIT
"""Files that money is told by, read into rows: a bank statement, a provider's settlements, an agent's payments. Pure.

- `bank`: CSV with the columns date, text, amount (pounds, money out negative).
- `settlement`: CSV with the columns date, payment_id, gross, fee (pounds; a refund is negative).
- `agent`: fixed width, as shops' agents send it: `H` + date; `D` + reference (20) + date (8, YYYYMMDD) + pence (10);
  `T` + number of rows (8) + pence of all (12). Its control totals must agree with its rows, or nothing of it is used.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime

from onecouncil.core.money import parse_pounds

BANK, SETTLEMENT, AGENT = "bank", "settlement", "agent"
KINDS = (BANK, SETTLEMENT, AGENT)
MOST_ROWS = 50_000


class Unreadable(ValueError):
    """The file is not what it should be; the words say which row, and why."""


@dataclass(frozen=True)
class Row:
    """One movement. `text` names it: a bank's words, a provider's payment id, or a payer's reference."""

    number: int
    day: date
    text: str
    pence: int
    fee_pence: int = 0


def read(kind: str, content: bytes) -> list[Row]:
    """All rows of a file of one of `KINDS`.

    Raises:
        Unreadable: it is not such a file, or its control totals do not agree with its rows.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not text in UTF-8") from error
    rows = _agent(text) if kind == AGENT else _csv(kind, text)
    if not rows:
        raise Unreadable("The file has no rows")
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS:,} rows: send it in parts")
    return rows


def _csv(kind: str, text: str) -> list[Row]:
    name, amount = ("text", "amount") if kind == BANK else ("payment_id", "gross")
    reader = csv.DictReader(text.splitlines())
    missing = {"date", name, amount} - set(reader.fieldnames or ())
    if missing:
        raise Unreadable(f"The file has no column {', '.join(sorted(missing))}")
    rows = []
    for number, one in enumerate(reader, 1):
        try:
            fee = parse_pounds(one.get("fee") or "0")
            rows.append(Row(number, date.fromisoformat(one["date"]), one[name].strip()[:255], _pence(one[amount]), fee))
        except (ValueError, AttributeError, TypeError) as error:
            raise Unreadable(f"Row {number} cannot be read: {error}") from error
    return rows


def _pence(text: str) -> int:
    pence = parse_pounds(text)
    if not pence:
        raise ValueError("the amount is nothing")
    return pence


def _agent(text: str) -> list[Row]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or lines[0][0] != "H" or lines[-1][0] != "T":
        raise Unreadable("The file does not begin with a header and end with control totals")
    rows = [_agent_row(number, line) for number, line in enumerate(lines[1:-1], 1)]
    told = _digits(lines[-1], 1, 9, "The control totals"), _digits(lines[-1], 9, 21, "The control totals")
    come_to = len(rows), sum(row.pence for row in rows)
    if told != come_to:
        raise Unreadable(
            f"The control totals are {told[0]} rows and {told[1]} pence; the rows are {come_to[0]} and {come_to[1]}"
        )
    return rows


def _agent_row(number: int, line: str) -> Row:
    what = f"Row {number}"
    if line[0] != "D" or len(line.rstrip()) < 39:
        raise Unreadable(f"{what} cannot be read: it is not a D row of 39 characters")
    try:
        day = datetime.strptime(line[21:29], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise Unreadable(f"{what} cannot be read: its date") from error
    pence = _digits(line, 29, 39, what)
    if not pence:
        raise Unreadable(f"{what} cannot be read: the amount is nothing")
    return Row(number, day, line[1:21].strip(), pence)


def _digits(line: str, start: int, end: int, what: str) -> int:
    found = line[start:end]
    if len(found) != end - start or not (found.isascii() and found.isdigit()):
        raise Unreadable(f"{what} cannot be read: no number at {start + 1} to {end}")
    return int(found)
