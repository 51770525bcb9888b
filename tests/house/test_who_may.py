# SPDX-License-Identifier: MIT
"""Every URL of the site as every role, held against one readable table: `who_may.txt` beside this file.

Each line: a method and an address, then the status each asker gets; `in` means sent to sign in, `again` to show once
more who one is. Forms are sent empty, calls with the smallest body they accept. A new address fails this test until the
table says who may open it. `ONECOUNCIL_WRITE_TABLE=1` writes what is, to be read and judged.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.house.bodies import operation
from tests.house.world import World, build_world

TABLE = Path(__file__).with_name("who_may.txt")
ASKERS = ("anonymous", "alice", "bob", "ada", "cass", "fin", "stew", "ed", "addie")
HEADINGS = ("nobody", "owner", "other", "adviser", "casew.", "finance", "steward", "editor", "admin")
ENDINGS = ("/discard", "/withdraw", "/close", "/submission", "/withdrawal", "/publication")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SKIP = ("static/", "robots.txt", "favicon.ico")
SIGNING_IN = ("account/security/", "sign-in", "recover", "create-account", "confirm-email")


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address the site answers, with `<name>` for its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"^\^|\$$|\\Z", "", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield _PARAMETER.sub(r"<\1>", route)
        else:
            yield from addresses(entry, route)


def wanted() -> list[tuple[str, str]]:
    """Every (method, address) that is walked: GET of all, POST of all but the sign-in's own forms, and the rest of the
    API's methods."""
    found = sorted({address for address in addresses() if not address.startswith(SKIP)})
    pairs = [("GET", address) for address in found]
    pairs += [("POST", address) for address in found if not address.startswith((*SIGNING_IN, "api/"))]
    return sorted([*pairs, *api_writes()], key=lambda pair: (ends_it(*pair), pair[1], pair[0]))


def ends_it(method: str, address: str) -> bool:
    """What takes Alice's things away is walked last."""
    return method == "DELETE" or address.endswith(ENDINGS)


def api_writes() -> list[tuple[str, str]]:
    return [
        (method.upper(), re.sub(r"{(\w+)}", r"<\1>", path.lstrip("/")))
        for path, methods in document()["paths"].items()
        for method in methods
        if method != "get"
    ]


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Client().get("/api/v1/openapi.json").content)
    return found


def read_table() -> dict[str, list[str]]:
    rows = (line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {f"{row[0]} {row[1]}": row[2:] for row in rows}


def status(client: Client, method: str, address: str, url: str) -> str:
    body, query = operation(document(), method, "/" + re.sub(r"<(\w+)>", r"{\1}", address))
    api = address.startswith("api/")
    response = client.generic(
        method,
        f"{url}?{urlencode(query)}" if query else url,
        json.dumps(body if body is not None else {}) if api else "",
        content_type="application/json" if api else "application/x-www-form-urlencoded",
    )
    where = response.headers.get("Location", "")
    if where.startswith("/account/security/confirm"):
        return "again"
    return "in" if response.status_code in (302, 303) and where.startswith("/sign-in") else str(response.status_code)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_address_answers_every_role_as_the_table_says() -> None:
    world = build_world()
    found = {f"{method} /{address}": answers(world, method, address) for method, address in wanted()}
    never = {row for row, got in found.items() if set(got) == {"405"}}
    found = {row: got for row, got in found.items() if row not in never}
    if os.environ.get("ONECOUNCIL_WRITE_TABLE"):
        write_table(found)
    table = read_table()
    assert sorted(set(found) - set(table)) == [], "decide who may open these, in who_may.txt"
    assert sorted(set(table) - set(found)) == [], "these are gone: take them out of who_may.txt"
    wrong = {address: (row, table[address]) for address, row in found.items() if row != table[address]}
    assert not wrong, f"(is, should be): {wrong}"
    print(f"{len(found)} methods and addresses x {len(ASKERS)} askers")


def answers(world: World, method: str, address: str) -> list[str]:
    """What each asker gets, each with a session of their own, on a site where nothing was changed before."""
    url = "/" + world.fill(address)
    return [status(world.client(name), method, address, url) for name in ASKERS]


def write_table(found: dict[str, list[str]]) -> None:
    head = "# what".ljust(66) + " ".join(heading.ljust(7) for heading in HEADINGS)
    lines = [what.ljust(66) + " ".join(code.ljust(7) for code in row) for what, row in found.items()]
    TABLE.write_text("\n".join([head.rstrip(), *(line.rstrip() for line in lines), ""]))
