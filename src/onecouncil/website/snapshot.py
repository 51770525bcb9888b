# SPDX-License-Identifier: MIT
"""The published site in memory: one per process, read again when the edition's number has changed.

1. a public read asks the database for the edition's number: one query;
2. when it is the number held, everything else comes from memory;
3. else all live listings are read (one query more), and the search index is built at the first search.
"""

import threading
from dataclasses import dataclass, field
from functools import cached_property

from onecouncil.website.listings import ListingView
from onecouncil.website.models import Edition, Listing
from onecouncil.website.pages import help_pages
from onecouncil.website.search import Document, Index


@dataclass(frozen=True)
class Snapshot:
    """Everything the public can find, as of one edition."""

    number: int
    listings: tuple[ListingView, ...]
    _lock: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    @cached_property
    def by_key(self) -> dict[str, ListingView]:
        return {listing.key: listing for listing in self.listings}

    @property
    def index(self) -> Index:
        """The search index: built once, by the first who asks, while the others wait."""
        with self._lock:
            return self._index

    @cached_property
    def _index(self) -> Index:
        return Index(_document(listing) for listing in self.listings)


_held: Snapshot | None = None


def snapshot() -> Snapshot:
    """The published site. One query, or two when something was published since the last call."""
    global _held
    number = Edition.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    held = _held
    if held is None or held.number != number:
        held = _held = Snapshot(number, (*_live_listings(), *help_pages()))
    return held


def forget() -> None:
    """Drop what is held, for tests that change the database under us."""
    global _held
    _held = None


def _live_listings() -> list[ListingView]:
    rows = Listing.objects.filter(state=Listing.LIVE).order_by("kind", "slug").values()
    return [
        ListingView(
            kind=row["kind"],
            slug=row["slug"],
            url=row["url"],
            title=row["title"],
            summary=row["summary"],
            category=row["category"],
            start_url=row["start_url"],
            lgsl=row["lgsl"],
            lgil=row["lgil"],
            words=tuple(row["phrases"]),
            body_text=row["body_text"],
            top_task=row["top_task"],
            state=row["state"],
        )
        for row in rows
    ]


def _document(listing: ListingView) -> Document:
    return Document(
        key=listing.key,
        title=listing.title,
        phrases=listing.words,
        summary=listing.summary,
        body=listing.body_text,
        top_task=listing.top_task is not None,
    )
