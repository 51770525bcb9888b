# SPDX-License-Identifier: MIT
"""Publishing and withdrawing what can be found. The room that owns a thing decides who may; this room only shows it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from onecouncil.core.calendar import now
from onecouncil.website.listings import ListingView
from onecouncil.website.models import Edition, Listing
from onecouncil.website.rules import check_listing

_FIELDS = (
    "url",
    "start_url",
    "title",
    "summary",
    "category",
    "lgsl",
    "lgil",
    "phrases",
    "body_text",
    "top_task",
    "state",
    "updated_at",
)


def publish_listings(listings: Iterable[ListingView], *, replacing: str = "") -> int:
    """Show these. With `replacing="service"` every other listing of that kind is withdrawn. Returns how many are shown.

    Raises:
        ValueError: a listing names a category that is not there, or has no title or address: a slip of the publisher.
    """
    rows = [_row(listing) for listing in listings]
    with transaction.atomic():
        if replacing:
            Listing.objects.filter(kind=replacing).exclude(slug__in=[row.slug for row in rows]).delete()
        Listing.objects.bulk_create(
            rows, batch_size=200, update_conflicts=True, unique_fields=["kind", "slug"], update_fields=_FIELDS
        )
        _new_edition()
    return len(rows)


def withdraw_listing(kind: str, slug: str) -> None:
    """Show it no longer. Nothing happens when it was not shown."""
    with transaction.atomic():
        Listing.objects.filter(kind=kind, slug=slug).delete()
        _new_edition()


def _row(listing: ListingView) -> Listing:
    check_listing(listing)
    return Listing(
        kind=listing.kind,
        slug=listing.slug,
        url=listing.url,
        start_url=listing.start_url,
        title=listing.title,
        summary=listing.summary,
        category=listing.category,
        lgsl=listing.lgsl,
        lgil=listing.lgil,
        phrases=list(listing.words),
        body_text=listing.body_text,
        top_task=listing.top_task,
        state=listing.state,
        updated_at=now(),
    )


def _new_edition() -> None:
    """Tell every process that what it holds in memory is old."""
    if not Edition.objects.filter(pk=1).update(number=F("number") + 1):
        Edition.objects.get_or_create(pk=1, defaults={"number": 1})
