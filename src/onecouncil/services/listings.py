# SPDX-License-Identifier: MIT
"""What the website room lists and finds: one listing for each published service, in the borough's own words."""

from collections.abc import Iterable
from typing import Any

from onecouncil.core.borough import borough
from onecouncil.services.models import Service
from onecouncil.website.api import ListingView, plain_text, publish_listings, render_markdown

__all__ = ["enquiry_path", "publish", "render_markdown", "start_path"]

ENQUIRY = "ask-the-council"
"""The service that takes what has no journey of its own."""


def publish(slugs: Iterable[str] | None = None) -> int:
    """Hand the listings of these services to the website, or of all (then others are withdrawn); returns how many."""
    rows = Service.objects.select_related("published").filter(published__isnull=False)
    if slugs is not None:
        rows = rows.filter(slug__in=list(slugs))
    made = [_listing(row.published.content) for row in rows.order_by("slug") if row.published]
    return publish_listings(made, replacing="service" if slugs is None else "")


def start_path(content: dict[str, Any]) -> str:
    """Where this service is started on our site; "" when it is somewhere else or by phone only."""
    if "journey" in content:
        return f"/services/{content['slug']}/start"
    if any(step["kind"] == "enquiry" for step in content["next_steps"]):
        return enquiry_path(content["slug"])
    return ""


def enquiry_path(slug: str) -> str:
    return f"/services/{ENQUIRY}/start?about={slug}"


def _listing(content: dict[str, Any]) -> ListingView:
    fill = borough().fill
    return ListingView(
        kind="service",
        slug=content["slug"],
        url=f"/services/{content['slug']}",
        start_url=start_path(content),
        title=fill(content["title"]),
        summary=fill(content["summary"]),
        category=content["category"],
        lgsl=content["lgsl"],
        lgil=content["lgil"],
        words=tuple(content["words"]),
        body_text=plain_text(fill(content["body"])),
        top_task=content.get("top_task"),
    )
