# SPDX-License-Identifier: MIT
"""Rows of the room and their invariants. A case's reference is its submission's."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from onecouncil.casework import rules


class CaseTypeRow(models.Model):
    """One version of a service's `case:` part. Cases point at the version they were opened under."""

    kind = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    definition = models.JSONField()

    class Meta:
        db_table = "casework_case_type"


class Case(models.Model):
    """One matter. `level` is 2 once the person asked for a second stage; `replied_at` is set until we answer."""

    reference = models.CharField(max_length=24, unique=True)
    case_type = models.ForeignKey(CaseTypeRow, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=60)
    service = models.CharField(max_length=80)
    unit = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    person_id = models.UUIDField(null=True)
    contact_name = models.CharField(max_length=120, default="", blank=True)
    contact_email = models.CharField(max_length=254, default="", blank=True)
    contact_phone = models.CharField(max_length=20, default="", blank=True)
    track_postcode = models.CharField(max_length=10, default="", blank=True)
    place_text = models.CharField(max_length=200, default="", blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    state = models.CharField(max_length=8, default=rules.OPEN)
    stage = models.CharField(max_length=40)
    stage_label = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(default=0)
    assigned_user_id = models.BigIntegerField(null=True)
    assigned_name = models.CharField(max_length=120, default="", blank=True)
    outcome = models.CharField(max_length=40, default="", blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_case"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=rules.STATES), name="case_state_known"),
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="case_level_known"),
            models.CheckConstraint(
                condition=Q(state=rules.CLOSED, closed_at__isnull=False)
                | (~Q(state=rules.CLOSED) & Q(closed_at__isnull=True)),
                name="case_closed_has_time",
            ),
        ]
        # The worklist reads open cases by due date; each index answers one of its filters without a sort.
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="open_cases_by_due"),
            models.Index(
                fields=["assigned_user_id", "due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="open_cases_of_officer",
            ),
            models.Index(
                fields=["unit", "due_at", "id"], condition=Q(closed_at__isnull=True), name="open_cases_of_unit"
            ),
            models.Index(
                fields=["kind", "due_at", "id"], condition=Q(closed_at__isnull=True), name="open_cases_of_kind"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(replied_at__isnull=False), name="cases_with_reply"),
            models.Index(fields=["state", "due_at", "id"], name="cases_by_state"),
            models.Index(
                fields=["due_at"], condition=Q(closed_at__isnull=True, breached_at__isnull=True), name="cases_to_breach"
            ),
            models.Index(fields=["closed_at"], condition=Q(erased_at__isnull=True), name="cases_to_erase"),
            models.Index(fields=["person_id", "-id"], name="cases_of_person"),
            models.Index(fields=["service", "-id"], name="cases_of_service"),
        ]


class CaseWord(models.Model):
    """One word a case is found by (of the name, e-mail, postcode), in plain small letters and digits."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=60)

    class Meta:
        db_table = "casework_word"
        constraints = [models.UniqueConstraint(fields=["word", "case"], name="one_word_per_case")]


class CaseEntry(models.Model):
    """One line of a case's own timeline. `key` makes an entry that must not come twice unique in its case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=16)
    public = models.BooleanField()
    text = models.TextField(default="", blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, default="", blank=True)
    at = models.DateTimeField()
    key = models.CharField(max_length=80, null=True)

    class Meta:
        db_table = "casework_entry"
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="one_entry_per_key")]
        indexes = [models.Index(fields=["case", "id"], name="entries_of_case")]


class Task(models.Model):
    """A piece of work in a case, for one unit. `result` is what the resident reads when `public`."""

    TODO, DONE, DROPPED = "todo", "done", "dropped"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=160)
    unit = models.CharField(max_length=60)
    public = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=TODO)
    due_at = models.DateTimeField()
    result = models.CharField(max_length=300, default="", blank=True)
    done_at = models.DateTimeField(null=True)
    done_by_name = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        db_table = "casework_task"
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="one_task_per_key"),
            models.CheckConstraint(condition=Q(state__in=["todo", "done", "dropped"]), name="task_state_known"),
        ]
        indexes = [models.Index(fields=["unit", "due_at"], condition=Q(state="todo"), name="tasks_to_do")]


class Decision(models.Model):
    """One decision. They are numbered within their case, so that one decision cannot be made twice."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    reason = models.TextField(default="", blank=True)
    closes = models.BooleanField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_decision"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="decisions_numbered")]


class Permit(models.Model):
    """A leave to do something for a time. A renewal is a new row that points at the old one."""

    ACTIVE, ENDED, CANCELLED = "active", "ended", "cancelled"

    number = models.CharField(max_length=24, unique=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="permit")
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    service = models.CharField(max_length=80)
    person_id = models.UUIDField(null=True)
    holder = models.CharField(max_length=120)
    address = models.CharField(max_length=200, default="", blank=True)
    details = models.JSONField(default=dict)
    starts = models.DateField()
    ends = models.DateField()
    renew_from = models.DateField()
    state = models.CharField(max_length=10, default=ACTIVE)
    reminded_at = models.DateTimeField(null=True)
    renewed_from = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="renewal")

    class Meta:
        db_table = "casework_permit"
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="permit_ends_after_start"),
            models.CheckConstraint(condition=Q(state__in=["active", "ended", "cancelled"]), name="permit_state_known"),
        ]
        indexes = [
            models.Index(fields=["person_id", "-ends"], name="permits_of_person"),
            models.Index(fields=["ends"], condition=Q(state="active"), name="permits_ending"),
            models.Index(fields=["renew_from"], condition=Q(reminded_at__isnull=True), name="permits_to_remind"),
        ]


class Slot(models.Model):
    """One time of one resource, with so many places."""

    resource = models.CharField(max_length=60)
    day = models.DateField()
    label = models.CharField(max_length=60)
    capacity = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "casework_slot"
        constraints = [models.UniqueConstraint(fields=["resource", "day", "label"], name="one_slot_per_time")]


class SlotBooking(models.Model):
    """One place of a slot, held until `expires_at` or booked. Two cannot have the same place: the database says no."""

    HELD, BOOKED = "held", "booked"

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    place = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8)
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "casework_slot_booking"
        constraints = [
            models.UniqueConstraint(fields=["slot", "place"], name="one_booking_per_place"),
            models.CheckConstraint(
                condition=Q(state="held", expires_at__isnull=False) | Q(state="booked", expires_at__isnull=True),
                name="hold_expires_booking_stays",
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="places_count_from_one"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="held"), name="holds_to_expire")]
