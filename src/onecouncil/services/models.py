# SPDX-License-Identifier: MIT
"""Rows of the services room: what is on offer, what is being filled in, what was handed in.

A `ServiceVersion` never changes once it is published: a draft journey or a submission that points at it reads the same
questions for ever. A `Draft` remembers everything typed; a `Submission` holds only the answers on the path.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class Service(models.Model):
    """One thing the council does for people. `title`, `category` and `unit` are those of the published version."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    unit = models.CharField(max_length=60)
    lgsl = models.PositiveIntegerField(null=True)
    published = models.ForeignKey("ServiceVersion", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "services_service"
        indexes = [models.Index(fields=["category", "title"], name="services_in_category")]


class ServiceVersion(models.Model):
    """One state of a definition. `text` is the file as it was written, `content` the same as data.

    `withdrawn_at`: the version is wrong or out of force; people half-way on it are carried over to the published one.
    """

    DRAFT, PUBLISHED = "draft", "published"
    FILE, EDITOR = "file", "editor"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, default=DRAFT)
    origin = models.CharField(max_length=6, default=FILE)
    text = models.TextField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, default="", blank=True)
    author = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "services_version"
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["service"], condition=Q(state="draft"), name="one_draft_of_service"),
            models.CheckConstraint(condition=Q(state__in=["draft", "published"]), name="version_state_known"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | Q(state="published", published_at__isnull=False),
                name="published_version_has_date",
            ),
        ]


class Draft(models.Model):
    """A journey half-way. Its files are `core.files` about `draft:<token>`.

    Who may open it: its person, the adviser who started it for them, or (nobody's yet) the browser it was begun in.
    `uploads`: files received for a question whose page is not saved yet: `page:question` → ids.
    """

    ONLINE, ASSISTED, API = "online", "assisted", "api"

    token = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    uploads = models.JSONField(default=dict)
    about = models.CharField(max_length=80, default="", blank=True)
    person_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=8, default=ONLINE)
    started_by = models.BigIntegerField(null=True)
    email = models.EmailField(default="", blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "services_draft"
        indexes = [
            models.Index(fields=["person_id", "-updated_at"], name="drafts_of_person"),
            models.Index(fields=["expires_at"], name="drafts_expiring"),
        ]


class Submission(models.Model):
    """What a person handed in. `awaiting_payment` → `submitted` on `bill.paid`, once; or `withdrawn`.

    One for each draft: a second click finds this one. `summary` is frozen as the person read it.
    """

    AWAITING_PAYMENT, SUBMITTED, WITHDRAWN = "awaiting_payment", "submitted", "withdrawn"

    reference = models.CharField(max_length=20, unique=True)
    draft = models.OneToOneField(Draft, null=True, on_delete=models.SET_NULL, related_name="submission")
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    service_slug = models.CharField(max_length=80)
    unit = models.CharField(max_length=60)
    about = models.CharField(max_length=80, default="", blank=True)
    state = models.CharField(max_length=16)
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=120, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    postcode = models.CharField(max_length=8, default="", blank=True)
    channel = models.CharField(max_length=8)
    assisted_by = models.BigIntegerField(null=True)
    answers = models.JSONField()
    summary = models.JSONField()
    file_ids = models.JSONField(default=list)
    place = models.JSONField(null=True)
    fee_pence = models.PositiveIntegerField(default=0)
    fee_lines = models.JSONField(default=list)
    bill = models.CharField(max_length=40, default="", blank=True)
    slot_id = models.CharField(max_length=80, default="", blank=True)
    request_key = models.CharField(max_length=64, null=True, unique=True)
    request_digest = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "services_submission"
        indexes = [
            models.Index(fields=["person_id", "-id"], name="submissions_of_person"),
            models.Index(fields=["service_slug", "-id"], name="submissions_to_service"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["awaiting_payment", "submitted", "withdrawn"]), name="submission_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False), name="submitted_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(state="awaiting_payment") | Q(fee_pence__gt=0), name="only_a_fee_waits_for_payment"
            ),
        ]
