# SPDX-License-Identifier: MIT
"""The pages that are measured, and how a visitor comes to each: with whose session, after which steps."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie

from onecouncil.house.benches.client import Ask, Prepare

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
JOURNEY = "/services/report-a-pothole/start"


@dataclass(frozen=True)
class Page:
    """One line of the table. `expected`: the status every answer must have."""

    name: str
    prepare: Prepare
    expected: int = 200
    is_form: bool = False


def pages(sessions: Mapping[str, dict[str, str]]) -> list[Page]:
    """`sessions`: role → its cookies."""
    return [
        Page("home page", _plain("/")),
        Page("service page", _plain("/services/report-a-pothole")),
        Page("journey, a page", _journey_page),
        Page("journey, an answer", _journey_answer, expected=303, is_form=True),
        Page("account", _plain("/account/", sessions["resident"])),
        Page("worklist", _plain("/staff/cases/", sessions["caseworker"])),
    ]


def _plain(path: str, cookies: dict[str, str] | None = None) -> Prepare:
    return lambda connection: Ask(path, cookies or {})


def _journey_page(connection: http.client.HTTPConnection) -> Ask:
    """The second page of a journey that this visitor has begun."""
    path, cookies = _begin(connection)
    return Ask(path, cookies)


def _journey_answer(connection: http.client.HTTPConnection) -> Ask:
    """The answer to that page: checked, saved, and sent on to the next."""
    path, cookies = _begin(connection)
    token = _token(Ask(path, cookies).send(connection)[1])
    form = {"place-text": "Heron Street, outside number 14", "place-lat": "", "place-lon": ""}
    return Ask(path, cookies, {**form, "csrfmiddlewaretoken": token})


def _begin(connection: http.client.HTTPConnection) -> tuple[str, dict[str, str]]:
    """Answer the first question; returns the address of the second, and the cookies of this visitor."""
    status, body, headers = Ask(JOURNEY).send(connection)
    cookies = _cookies(headers)
    form = {"danger": "no", "csrfmiddlewaretoken": _token(body)}
    status, body, headers = Ask(JOURNEY, cookies, form).send(connection)
    if status != 303:
        raise RuntimeError(f"the journey did not begin: {status}")
    return str(headers["Location"]), {**cookies, **_cookies(headers)}


def _token(body: bytes) -> str:
    found = _TOKEN.search(body)
    if found is None:
        raise RuntimeError("the page has no form")
    return found.group(1).decode()


def _cookies(headers: http.client.HTTPMessage) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    for line in headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return {name: morsel.value for name, morsel in jar.items()}
