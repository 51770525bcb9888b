# SPDX-License-Identifier: MIT
"""Every URL of the site as every role, held against one readable table: `who_may.txt` beside this file.

Each line: an address, then the status each asker gets for a GET; `in` means sent to sign in. A new address fails this
test until the table says who may open it. `ONECOUNCIL_WRITE_TABLE=1` writes what is, to be read and judged.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.world import World, build_world

TABLE = Path(__file__).with_name("who_may.txt")
ASKERS = ("anonymous", "alice", "bob", "ada", "cass", "fin", "stew", "ed", "addie")
HEADINGS = ("nobody", "owner", "other", "adviser", "casew.", "finance", "steward", "editor", "admin")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SKIP = ("static/",)


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address the site answers, with `<name>` for its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"^\^|\$$|\\Z", "", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield _PARAMETER.sub(r"<\1>", route)
        else:
            yield from addresses(entry, route)


def wanted() -> list[str]:
    return sorted({address for address in addresses() if not address.startswith(SKIP)})


def read_table() -> dict[str, list[str]]:
    rows = (line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {row[0].lstrip("/"): row[1:] for row in rows}


def status(client: Client, url: str) -> str:
    response = client.get(url)
    where = response.headers.get("Location", "")
    if response.status_code in (302, 303) and where.startswith(("/sign-in", "/account/reauthenticate")):
        return "in"
    return str(response.status_code)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_address_answers_every_role_as_the_table_says() -> None:
    world = build_world()
    found = {address: answers(world, address) for address in wanted()}
    if os.environ.get("ONECOUNCIL_WRITE_TABLE"):
        write_table(found)
    table = read_table()
    assert sorted(set(found) - set(table)) == [], "decide who may open these, in who_may.txt"
    assert sorted(set(table) - set(found)) == [], "these are gone: take them out of who_may.txt"
    wrong = {address: (row, table[address]) for address, row in found.items() if row != table[address]}
    assert not wrong, f"(is, should be): {wrong}"
    print(f"{len(found)} addresses x {len(ASKERS)} askers")


def answers(world: World, address: str) -> list[str]:
    """What each asker gets, each with a session of their own, on a site where nothing was changed before."""
    url = "/" + world.fill(address)
    return [status(world.client(name), url) for name in ASKERS]


def write_table(found: dict[str, list[str]]) -> None:
    head = "# " + "address".ljust(56) + " ".join(heading.ljust(7) for heading in HEADINGS)
    lines = [("/" + address).ljust(58) + " ".join(code.ljust(7) for code in row) for address, row in found.items()]
    TABLE.write_text("\n".join([head.rstrip(), *(line.rstrip() for line in lines), ""]))
