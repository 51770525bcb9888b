# SPDX-License-Identifier: MIT
"""The page types of the house, each opened by the browser tests. Add your room's at the end: one line each.

`path` is an address, or a function of the live site that makes what the page needs and returns the address:

    def a_case(site: Site) -> str:
        reference = open_case_for(site.people["alice"])
        return f"/account/cases/{reference}"

    Shown("a case, to its resident", a_case, who="alice"),
"""

from collections.abc import Callable
from dataclasses import dataclass

from onecouncil.core.actors import Actor


@dataclass(frozen=True)
class Site:
    """The live server, and the people who can sign in to it."""

    url: str
    people: dict[str, Actor]


@dataclass(frozen=True)
class Shown:
    """One page type: what it is, where it is, who sees it, and the status it answers with."""

    name: str
    path: str | Callable[[Site], str]
    who: str = ""
    status: int = 200


WEBSITE = [
    Shown("home", "/"),
    Shown("category", "/categories/bins-and-recycling"),
    Shown("category, long", "/categories/environment-and-pests"),
    Shown("A to Z", "/a-to-z"),
    Shown("search, empty", "/search"),
    Shown("search, results", "/search?q=pot+hole+outside+my+house"),
    Shown("search, nothing", "/search?q=zzzzqqqqzzzz"),
    Shown("help: accessibility", "/help/accessibility"),
    Shown("help: privacy", "/help/privacy"),
    Shown("help: cookies (a table)", "/help/cookies"),
    Shown("help: contact", "/help/contact-us"),
    Shown("not found", "/nowhere", status=404),
    Shown("home, signed in", "/", who="alice"),
]

SERVICES = [
    Shown("service page", "/services/report-a-missed-bin"),
    Shown("service page with a fee", "/services/book-a-bulky-waste-collection"),
    Shown("service page, to read", "/services/school-term-dates"),
]

PAGES = [*WEBSITE, *SERVICES]
