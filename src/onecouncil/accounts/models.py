# SPDX-License-Identifier: MIT
"""Rows of people: a Person is who somebody is to the council; a User is how somebody signs in."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Value
from django.db.models.functions import Replace

_PREFIX = ["varchar_pattern_ops"]
"""So that PostgreSQL answers `LIKE 'start%'` from the index whatever the database's collation; SQLite needs nothing."""


class Person(models.Model):
    """Somebody we deal with. They may have a User, or have only been served by phone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    email = models.EmailField(default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    phone_digits = models.GeneratedField(
        expression=Replace("phone", Value(" "), Value("")),
        output_field=models.CharField(max_length=20),
        db_persist=True,
    )
    date_of_birth = models.DateField(null=True, blank=True)
    uprn = models.CharField(max_length=12, default="", blank=True)
    address = models.CharField(max_length=200, default="", blank=True)
    postcode = models.CharField(max_length=8, default="", blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_person"
        indexes = [
            models.Index(fields=["name", "id"], name="people_by_name"),
            models.Index(fields=["email"], name="people_by_email", opclasses=_PREFIX),
            models.Index(fields=["postcode"], name="people_by_postcode", opclasses=_PREFIX),
            models.Index(fields=["phone_digits"], name="people_by_phone_digits", opclasses=_PREFIX),
        ]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """How one person signs in. `roles` come from RoleHolding; a resident is anybody with a person."""

    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, null=True, on_delete=models.SET_NULL, related_name="user")
    name = models.CharField(max_length=120, default="", blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]  # a list in Django too, which its stubs call a class variable

    class Meta:
        db_table = "accounts_user"


class RoleHolding(models.Model):
    """One staff role of one user (a role of `core.actors.STAFF_ROLES`)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_holdings")
    role = models.CharField(max_length=20)
    given_by = models.CharField(max_length=80, default="", blank=True)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_role_holding"
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="one_holding_per_role")]


class ApiToken(models.Model):
    """A key for a program that acts for one user. Only its hash is kept: a copy of this table opens nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_api_token"
        indexes = [models.Index(fields=["user", "-id"], name="tokens_of_user")]


class CacheRow(models.Model):
    """Django's database cache, where allauth's rate limits count: they hold over all web processes and restarts.

    The columns are Django's own (`createcachetable`); nothing but its DatabaseCache reads or writes them.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"
