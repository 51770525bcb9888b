# SPDX-License-Identifier: MIT
"""Rows of the ground: the outbox, the trail, messages, addresses, files, limits."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class EventRow(models.Model):
    """One domain event, written in the same transaction as the change it tells of. CloudEvents 1.0 in shape."""

    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    time = models.DateTimeField()
    actor = models.CharField(max_length=80)
    data = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "core_event"
        indexes = [
            models.Index(fields=["subject", "id"], name="event_of_subject"),
            models.Index(fields=["type", "id"], name="event_of_type"),
        ]


class Delivery(models.Model):
    """One subscriber's turn with one event. Done, due again, or parked after too many failures."""

    event = models.ForeignKey(EventRow, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "core_delivery"
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery_per_subscriber")]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
                name="delivery_due",
            ),
            models.Index(fields=["id"], condition=Q(parked_at__isnull=False), name="delivery_parked"),
        ]


class AuditEntry(models.Model):
    """The trail: who changed what, when. Written by a subscriber of every event; the database refuses changes to it."""

    event_id = models.UUIDField(unique=True)
    time = models.DateTimeField()
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)

    class Meta:
        db_table = "core_audit_entry"
        indexes = [
            models.Index(fields=["subject", "-id"], name="trail_of_subject"),
            models.Index(fields=["actor", "-id"], name="trail_of_actor"),
        ]


class Look(models.Model):
    """One look at a person's record by somebody else, with its purpose; the person can read it."""

    person_id = models.UUIDField()
    user_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    what = models.CharField(max_length=80)
    time = models.DateTimeField()

    class Meta:
        db_table = "core_look"
        indexes = [
            models.Index(fields=["person_id", "-id"], name="looks_at_person"),
            models.Index(fields=["user_id", "-id"], name="looks_by_user"),
        ]


class Message(models.Model):
    """One message to one person by one channel."""

    QUEUED, SENT, KEPT, FAILED = "queued", "sent", "kept", "failed"

    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=8, default="email")
    address = models.CharField(max_length=254)
    person_id = models.UUIDField(null=True)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    about = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=8, default=QUEUED)
    provider_reference = models.CharField(max_length=120, default="", blank=True)
    error = models.CharField(max_length=300, default="", blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "core_message"
        indexes = [
            models.Index(fields=["about", "id"], name="messages_about"),
            models.Index(fields=["person_id", "-id"], name="messages_to_person"),
            models.Index(fields=["address", "-id"], name="messages_to_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "kept", "failed"]), name="message_state_known"
            )
        ]


class AddressRow(models.Model):
    """The council's own gazetteer: one row a property."""

    uprn = models.CharField(primary_key=True, max_length=12)
    line = models.CharField(max_length=160)
    street = models.CharField(max_length=80)
    town = models.CharField(max_length=60)
    postcode = models.CharField(max_length=8)
    ward = models.CharField(max_length=60)
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:
        db_table = "core_address"
        indexes = [
            models.Index(fields=["postcode", "uprn"], name="addresses_in_postcode"),
            models.Index(fields=["street", "uprn"], name="addresses_in_street"),
        ]


class StoredFile(models.Model):
    """One uploaded or made file; the bytes are in Django's default storage under `stored_as`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    about = models.CharField(max_length=120, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "core_file"
        indexes = [models.Index(fields=["about", "id"], name="files_about")]


class LimitCount(models.Model):
    """How often a key was hit in one window."""

    key = models.CharField(max_length=160)
    window = models.BigIntegerField()
    hits = models.PositiveIntegerField(default=0)
    ends = models.BigIntegerField()

    class Meta:
        db_table = "core_limit"
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_count_per_window")]
        indexes = [models.Index(fields=["ends"], name="limits_ended")]


class Schedule(models.Model):
    """When a regular job is due next."""

    name = models.CharField(primary_key=True, max_length=160)
    next_at = models.DateTimeField()

    class Meta:
        db_table = "core_schedule"


class WorkerBeat(models.Model):
    """A worker process says it is alive."""

    worker_id = models.CharField(primary_key=True, max_length=64)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "core_worker"
