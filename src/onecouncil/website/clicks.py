# SPDX-License-Identifier: MIT
"""How many clicks from the home page? Walks the site as built, over the links in its HTML, as a person without
JavaScript would. Knows no framework: it is given a function that fetches a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from onecouncil.website.listings import ListingView

Fetch = Callable[[str], str | None]
"""Address on this site → its HTML; None when it is not a page that anybody can open."""

NOT_PAGES = ("/api/", "/static/", "/account/", "/staff/", "/sign-in", "/apply/")


@dataclass(frozen=True)
class Depth:
    """One service, where it is started, and the clicks it takes; None when it was not reached."""

    title: str
    start: str
    clicks: int | None
    read_only: bool
    """The page is all there is: there is nothing to start."""


class _Links(HTMLParser):
    """The addresses of all links of a page that a person can see and follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "hidden" not in given:
            self.found.append(str(given["href"]))


def links(html: str, base: str) -> list[str]:
    """Where the links of a page lead; anchors on the page itself are left out."""
    reader = _Links()
    reader.feed(html)
    absolute = (urldefrag(urljoin(base, href)).url for href in reader.found)
    return [url for url in dict.fromkeys(absolute) if url and url != base]


def walk(fetch: Fetch, most: int) -> dict[str, int]:
    """Every address reachable from the home page in at most so many clicks, with the fewest clicks to it."""
    clicks = {"/": 0}
    edge = ["/"]
    for depth in range(most):
        following: list[str] = []
        for page in edge:
            for url in links(fetch(page) or "", page):
                if url not in clicks:
                    clicks[url] = depth + 1
                    following.append(url)
        edge = [url for url in following if _is_page(url)]
    return clicks


def _is_page(url: str) -> bool:
    """On this site, and open to everybody."""
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc and not parts.path.startswith(NOT_PAGES)


def depths(services: Iterable[ListingView], clicks: dict[str, int]) -> list[Depth]:
    """The clicks to the start of every service, the deepest first."""
    found = [
        Depth(one.title, one.start_url or one.url, clicks.get(one.start_url or one.url), not one.start_url)
        for one in services
    ]
    return sorted(found, key=lambda one: (-(one.clicks if one.clicks is not None else 99), one.title))


def report(found: list[Depth], allowed: int) -> tuple[list[str], bool]:
    """The lines to print, and whether all is well. A walk that found no service is not well."""
    lines = [f"{one.clicks if one.clicks is not None else 'none':>6}  {one.title}  {one.start}" for one in found]
    reached = [one.clicks for one in found if one.clicks is not None]
    lost = len(found) - len(reached)
    for depth in sorted(set(reached)):
        lines.append(f"{reached.count(depth):>4} services start in {depth} clicks")
    reading = sum(one.read_only for one in found)
    lines.append(f"{len(found)} services, {reading} of them to read only; {lost} not reached within {allowed} clicks")
    lines.append(f"maximum: {max(reached, default=0)} clicks{' (some were not reached)' if lost else ''}")
    return lines, bool(found) and not lost and max(reached) <= allowed
