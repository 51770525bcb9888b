# SPDX-License-Identifier: MIT
"""Searching payments and refunds, page by page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from . import bodies
from .desk import Desk
from .problems import ApiError
from .states import SEARCHABLE

MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
MOST = 500
Query = Mapping[str, str]
Where = tuple[list[str], list[Any]]


def payments(desk: Desk, query: Query, lag: float = 0.0) -> bodies.Json:
    """`lag` hides the newest payments for so many seconds: GOV.UK Pay's search is only eventually consistent."""
    where, values = _payment_conditions(query)
    if lag:
        where.append("created <= ?")
        values.append(desk.clock.now() - lag)
    desk.expire_due()
    total, rows, links, page = _page(desk, "payment", (where, values), query, "/v1/payments")
    with desk.store.transaction():
        results = [bodies.payment_in_search(desk.body(row)) for row in rows]
    return bodies.page_of(results, total, page, links)


def refunds(desk: Desk, query: Query) -> bodies.Json:
    where, values = _date_conditions(query)
    total, rows, links, page = _page(desk, "refund", (where, values), query, "/v1/refunds")
    return bodies.page_of([bodies.refund(row, desk.base) for row in rows], total, page, links)


def _payment_conditions(query: Query) -> Where:
    where, values = _date_conditions(query)
    state = query.get("state", "")
    if state and state not in SEARCHABLE:
        raise _bad("state")
    for name, column in (("reference", "reference"), ("state", "status")):
        if query.get(name):
            where.append(f"{column} = ?")
            values.append(query[name])
    if query.get("email"):
        where.append("email LIKE ? ESCAPE '\\'")
        values.append("%" + re.sub(r"([\\%_])", r"\\\1", query["email"]) + "%")
    if query.get("agreement_id") or query.get("cardholder_name"):
        where.append("0")  # no agreements, no real card holders: nothing can match
    return where, values


def _date_conditions(query: Query) -> Where:
    where: list[str] = []
    values: list[Any] = []
    for name, condition in (("from_date", "created >= ?"), ("to_date", "created < ?")):
        if query.get(name):
            where.append(condition)
            values.append(_moment(query[name], name))
    return where, values


def _moment(text: str, name: str) -> float:
    if not MOMENT.match(text):
        raise _bad(name)
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise _bad(name) from error


def _page(
    desk: Desk, table: str, conditions: Where, query: Query, path: str
) -> tuple[int, list[Any], dict[str, str], int]:
    """Count, rows of the asked page, links to its neighbours, and its number."""
    where, values = conditions
    page, size = (
        _number(query, "page", 1, None),
        _number(query, "display_size", MOST, MOST),
    )
    clause = f"WHERE {' AND '.join(where)}" if where else ""
    counted = desk.store.one(f"SELECT COUNT(*) AS n FROM {table} {clause}", *values)  # noqa: S608 - our own words
    total = int(counted["n"]) if counted else 0
    last = max(1, -(-total // size))
    if page > last:
        raise ApiError(404, "P0402", "Page not found")
    rows = desk.store.all(
        f"SELECT * FROM {table} {clause} ORDER BY created DESC, rowid DESC LIMIT ? OFFSET ?",  # noqa: S608
        *values,
        size,
        (page - 1) * size,
    )
    return total, list(rows), _links(desk.base + path, query, page, last), page


def _links(at: str, query: Query, page: int, last: int) -> dict[str, str]:
    pages = {"self": page, "first_page": 1, "last_page": last}
    if page > 1:
        pages["prev_page"] = page - 1
    if page < last:
        pages["next_page"] = page + 1
    return {name: f"{at}?{urlencode({**query, 'page': number})}" for name, number in pages.items()}


def _number(query: Query, name: str, default: int, most: int | None) -> int:
    text = query.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise _bad(name)
    if most is not None and int(text) > most:
        raise _bad(name)
    return int(text)


def _bad(name: str) -> ApiError:
    words = f"Invalid parameters: {name}. See Public API documentation for the correct data formats"
    return ApiError(422, "P0401", words)
