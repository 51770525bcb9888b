# SPDX-License-Identifier: MIT
"""The door of the website room: publish what can be found, and dress your own pages."""

from onecouncil.website.actions import publish_listings, withdraw_listing
from onecouncil.website.listings import CategoryView, Found, ListingView
from onecouncil.website.markdown import plain_text, render_markdown
from onecouncil.website.reads import in_category, listing, search
from onecouncil.website.rules import categories, category


def breadcrumbs(category_slug: str = "") -> list[dict[str, str]]:
    """The way back from a page in this category, for the `breadcrumbs` macro."""
    trail = [{"text": "Home", "href": "/"}]
    found = category(category_slug) if category_slug else None
    return [*trail, {"text": found.title, "href": found.url}] if found else trail


__all__ = [
    "CategoryView",
    "Found",
    "ListingView",
    "breadcrumbs",
    "categories",
    "category",
    "in_category",
    "listing",
    "plain_text",
    "publish_listings",
    "render_markdown",
    "search",
    "withdraw_listing",
]
