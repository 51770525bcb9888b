# SPDX-License-Identifier: MIT
"""What crosses the room's door about things that can be found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ListingView:
    """One thing that can be found. Rooms above publish theirs with `api.publish_listings`."""

    kind: str
    """"service", or what your room calls its pages."""
    slug: str
    url: str
    title: str
    summary: str = ""
    category: str = ""
    """A slug of categories.yaml; empty for what stands in no category."""
    start_url: str = ""
    """Where it is started, when there is something to start."""
    lgsl: int | None = None
    lgil: int | None = None
    words: tuple[str, ...] = ()
    """What residents call it: whole phrases."""
    body_text: str = ""
    """Its page in plain words, for the search (`api.plain_text` makes it of Markdown)."""
    top_task: int | None = None
    """Its place among the top tasks of the home page."""
    state: str = "live"
    """live or hidden."""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.slug}"


@dataclass(frozen=True)
class CategoryView:
    """A category of the home page."""

    slug: str
    title: str
    summary: str

    @property
    def url(self) -> str:
        return f"/categories/{self.slug}"


@dataclass(frozen=True)
class Found:
    """A listing that a search found."""

    listing: ListingView
    score: float
