# SPDX-License-Identifier: MIT
"""Rows of the integration room: who wants to hear of events, and what became of each telling.

No secret is stored. A signing secret is worked out from the house's secret key and the `salt` of its row
(`rules.secret_of`), so a copy of these tables signs nothing.
"""

import uuid

from django.db import models
from django.db.models import Q


class WebhookEndpoint(models.Model):
    """One address that wants some kinds of events. Disabled ones keep their history and get nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.URLField(max_length=500)
    types = models.JSONField()
    description = models.CharField(max_length=120, default="", blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        db_table = "integration_endpoint"
        indexes = [models.Index(fields=["created_at"], condition=Q(disabled_at__isnull=True), name="endpoints_active")]


class WebhookSecret(models.Model):
    """One signing secret of an endpoint. After a rotation the old one signs beside the new one until `ends_at`.

    `fingerprint` tells when the house's secret key was changed, and with it every secret.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    salt = models.CharField(max_length=43)
    fingerprint = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "integration_secret"
        constraints = [
            models.UniqueConstraint(fields=["endpoint"], condition=Q(ends_at__isnull=True), name="one_current_secret")
        ]


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint. `body` is kept as signed, so that every try sends the same bytes."""

    WAITING, SENT, FAILED = "waiting", "sent", "failed"

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    event_type = models.CharField(max_length=80)
    body = models.TextField()
    state = models.CharField(max_length=8, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    response_code = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "integration_delivery"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="one_telling_per_endpoint"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "failed"]), name="telling_state_known"),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="waiting"), name="tellings_due"),
            models.Index(fields=["endpoint", "-id"], name="tellings_of_endpoint"),
            models.Index(fields=["created_at"], name="tellings_by_age"),
        ]
