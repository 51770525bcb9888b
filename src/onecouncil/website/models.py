# SPDX-License-Identifier: MIT
"""What the public can find: a published copy of what the other rooms offer, so that a public page asks two questions
of the database at most."""

from django.db import models
from django.db.models import Q


class Listing(models.Model):
    """One thing that can be found and opened: a service, or a page of another room."""

    LIVE, HIDDEN = "live", "hidden"

    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=100)
    url = models.CharField(max_length=300)
    start_url = models.CharField(max_length=500, default="", blank=True)
    """Where it is started: a journey of ours, or somebody else's website. Empty when the page is all there is."""
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=500, default="", blank=True)
    category = models.SlugField(max_length=60, default="", blank=True)
    lgsl = models.PositiveIntegerField(null=True)
    lgil = models.PositiveIntegerField(null=True)
    phrases = models.JSONField(default=list)
    """What residents call it, for the search."""
    body_text = models.TextField(default="", blank=True)
    top_task = models.PositiveSmallIntegerField(null=True)
    """Its place among the top tasks of the home page."""
    state = models.CharField(max_length=10, default=LIVE)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "website_listing"
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="one_listing_of_a_kind_and_slug"),
            models.CheckConstraint(condition=Q(state__in=["live", "hidden"]), name="listing_state_known"),
        ]


class Edition(models.Model):
    """One row, whose number grows with every publication: processes compare it with the one they hold in memory."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "website_edition"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_edition_row")]
