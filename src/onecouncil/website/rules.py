# SPDX-License-Identifier: MIT
"""The law of the room: the categories, what a listing must be, the order of lists."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from onecouncil.website.listings import CategoryView, ListingView

CATEGORIES_FILE = Path(__file__).with_name("categories.yaml")
CLICKS_ALLOWED = 3
"""From the home page to the start of any service."""


@cache
def categories() -> tuple[CategoryView, ...]:
    """All categories, in the order of the home page."""
    rows = yaml.safe_load(CATEGORIES_FILE.read_text(encoding="utf-8"))
    return tuple(CategoryView(row["slug"], row["title"], row["summary"]) for row in rows)


def category(slug: str) -> CategoryView | None:
    """The category with this slug, if there is one."""
    return next((one for one in categories() if one.slug == slug), None)


def check_listing(listing: ListingView) -> None:
    """Raises:
    ValueError: a listing that could not be shown.
    """
    if not listing.title or not listing.url.startswith("/"):
        raise ValueError(f"Listing {listing.key} needs a title, and an address on this site that starts with /")
    if listing.category and category(listing.category) is None:
        raise ValueError(f"Listing {listing.key}: there is no category {listing.category!r} in categories.yaml")
    if listing.state not in ("live", "hidden"):
        raise ValueError(f"Listing {listing.key}: state must be live or hidden, not {listing.state!r}")


def top_tasks(listings: Iterable[ListingView], most: int = 9) -> list[ListingView]:
    """The home page's first choices."""
    ranked = [one for one in listings if one.top_task is not None]
    return sorted(ranked, key=lambda one: (one.top_task or 0, one.title))[:most]


def by_letter(listings: Iterable[ListingView]) -> dict[str, list[ListingView]]:
    """Listings under the first letter of their titles, A to Z; what starts with a digit comes under "0 to 9"."""
    found: dict[str, list[ListingView]] = {}
    for one in sorted(listings, key=lambda one: one.title.casefold()):
        first = one.title[0].upper()
        found.setdefault(first if first.isalpha() else "0 to 9", []).append(one)
    return found
