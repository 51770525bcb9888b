# SPDX-License-Identifier: MIT
"""Whatever is typed into an address, a form or a body, the house answers that it cannot do it: never that it broke.

Each request is undone afterwards, so that the next one meets the same council. Nothing is random: a fault found here
is found again.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from tests.house import strange, test_who_may
from tests.house.world import World, build_world

from onecouncil.accounts import throttle
from onecouncil.core import limits

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
_ENDS = ("/sign-out", "/static")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """One of everything; the rate limits look away."""
    made = build_world()
    monkeypatch.setattr(limits, "hit", lambda *args, **kwargs: None)
    monkeypatch.setattr(throttle, "count", lambda *args, **kwargs: None)
    return made


class Attacker:
    """Sends, undoes, and keeps what came back as a fault of ours."""

    def __init__(self, world: World) -> None:
        self.world, self.sent, self.faults = world, 0, {}  # type: ignore[var-annotated]
        self.table = test_who_may.read_table()
        self.clients = {name: world.client(name) for name in test_who_may.ASKERS}
        for client in self.clients.values():
            client.raise_request_exception = False

    def client(self, method: str, address: str) -> Client:
        """Whoever gets furthest there, by the table."""
        row = self.table.get(f"{method} /{address}", [])
        best = next((name for name, code in zip(test_who_may.ASKERS, row, strict=False) if code in GETS_FAR), "alice")
        return self.clients[best]

    def send(self, client: Client, method: str, url: str, data: object = "", kind: str = "") -> str:
        with transaction.atomic():
            answer = client.generic(method, url, data, content_type=kind or "application/x-www-form-urlencoded")
            text = answer.content.decode(errors="replace") if not answer.streaming else ""
            transaction.set_rollback(True)
        self.sent += 1
        if answer.status_code >= 500 and answer.status_code != 503:  # 503: the payment provider is not up in tests
            info = getattr(answer, "exc_info", None) or (None, "no exception")
            what = f"{method} {url.partition('?')[0][:90]} {info[1]!r:.150}"
            self.faults.setdefault(what, (url[-120:], str(data)[:160]))
        return text


GETS_FAR = ("200", "201", "204", "303", "400", "409", "422")


def pages(world: World) -> Iterator[tuple[str, str]]:
    """(address, url) of everything that is a page."""
    for address in sorted({one for one in test_who_may.addresses() if not one.startswith(test_who_may.SKIP)}):
        if not address.startswith("api/"):
            yield address, "/" + world.fill(address)


def test_strange_parameters_of_every_page(world: World) -> None:
    attacker = Attacker(world)
    for address, url in pages(world):
        client = attacker.client("GET", address)
        for name in strange.read_by(url, "GET"):
            for word in strange.WORDS:
                attacker.send(client, "GET", f"{url}?{urlencode({name: word})}")
    assert not attacker.faults, attacker.faults
    assert attacker.sent > 300


def test_strange_fields_of_every_form(world: World) -> None:
    attacker = Attacker(world)
    for address, url in pages(world):
        if url.startswith(_ENDS):
            continue
        client = attacker.client("POST", address)
        shown = strange.controls(attacker.send(client, "GET", url))
        names = sorted({*shown, *strange.read_by(url, "POST")})
        for word in strange.WORDS if names else ():
            attacker.send(client, "POST", url, urlencode(dict.fromkeys(names, word)))
        for name in names:
            usual = dict.fromkeys(names, "1")
            for word in ("\x00", "²", "9" * 5000):
                attacker.send(client, "POST", url, urlencode({**usual, name: word}))
    assert not attacker.faults, attacker.faults
    assert attacker.sent > 300


def test_strange_names_of_things_in_every_address(world: World) -> None:
    attacker = Attacker(world)
    for address in sorted(set(test_who_may.addresses())):
        for name in re.findall(r"<\w+>", address):
            for odd in strange.IN_PATHS:
                url = "/" + world.fill(address.replace(name, odd))
                attacker.send(attacker.client("GET", address), "GET", url)
    assert not attacker.faults, attacker.faults
    assert attacker.sent > 200


def test_strange_parameters_and_bodies_of_every_call(world: World) -> None:
    attacker, document = Attacker(world), test_who_may.document()
    for path, methods in document["paths"].items():
        address = re.sub(r"{(\w+)}", r"<\1>", path.lstrip("/"))
        url = "/" + world.fill(address)
        for method in (one.upper() for one in methods):
            client = attacker.client(method, address)
            for name in strange.query_names(document, method, path):
                for word in strange.WORDS:
                    attacker.send(client, method, f"{url}?{urlencode({name: word})}")
            for body in strange.bodies(document, method, path):
                attacker.send(client, method, url, json.dumps(body), "application/json")
            for broken in ("{", "[" * 100_000, '{"a":' * 400 + "1" + "}" * 400, "\xff"):
                attacker.send(client, method, url, broken, "application/json")
            attacker.send(client, method, url, "a=1", "text/plain")
    assert not attacker.faults, attacker.faults
    assert attacker.sent > 500
