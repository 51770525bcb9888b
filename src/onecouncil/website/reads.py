# SPDX-License-Identifier: MIT
"""Questions about what is published. Each costs one query, or two just after a publication."""

from dataclasses import dataclass

from onecouncil.website import rules
from onecouncil.website.listings import CategoryView, Found, ListingView
from onecouncil.website.snapshot import snapshot

LONGEST_QUERY = 200


@dataclass(frozen=True)
class Home:
    """What the home page shows."""

    top_tasks: list[ListingView]
    categories: tuple[CategoryView, ...]


def home() -> Home:
    return Home(rules.top_tasks(snapshot().listings), rules.categories())


def in_category(slug: str) -> list[ListingView]:
    """The listings of a category, top tasks first, then by title."""
    found = [one for one in snapshot().listings if one.category == slug]
    return sorted(found, key=lambda one: (one.top_task is None, one.top_task or 0, one.title.casefold()))


def a_to_z() -> dict[str, list[ListingView]]:
    return rules.by_letter(one for one in snapshot().listings if one.kind != "help")


def services() -> list[ListingView]:
    """Every service that can be found."""
    return [one for one in snapshot().listings if one.kind == "service"]


def listing(kind: str, slug: str) -> ListingView | None:
    return snapshot().by_key.get(f"{kind}:{slug}")


def search(text: str, limit: int = 20) -> list[Found]:
    """The best listings for what somebody typed, best first."""
    if not text.strip():
        return []
    site = snapshot()
    hits = site.index.search(text[:LONGEST_QUERY], limit)
    return [Found(site.by_key[hit.key], round(hit.score, 3)) for hit in hits]
