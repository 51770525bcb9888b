# SPDX-License-Identifier: MIT
"""Writing messages, sending them, and reading what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from onecouncil.core.background import background
from onecouncil.core.borough import borough
from onecouncil.core.calendar import now
from onecouncil.core.messaging.providers import provider
from onecouncil.core.models import Message


@dataclass(frozen=True)
class Recipient:
    """Whom to write to. `person_id` when they are known to us."""

    email: str = ""
    phone: str = ""
    name: str = ""
    person_id: str | None = None


@dataclass(frozen=True)
class MessageView:
    id: int
    channel: str
    address: str
    subject: str
    body: str
    state: str
    about: str
    created_at: datetime


def send(*, to: Recipient, template: str, context: Mapping[str, Any], key: str, about: str = "") -> None:
    """Write the message made from `templates/messages/<template>.txt` (first line `Subject: …`), once for each key."""
    text = _words(template, {**context, "name": to.name, "borough": borough(), "site": settings.SITE_URL})
    first, _, body = text.partition("\n")
    send_written(
        to, subject=first.removeprefix("Subject:").strip(), body=body.strip(), key=key, about=about, kind=template
    )


def send_written(to: Recipient, *, subject: str, body: str, key: str, about: str = "", kind: str = "written") -> None:
    """Write a message whose words are already there. Nothing happens without an address, or when the key was used."""
    channel = "email" if to.email else "sms"
    address = to.email or to.phone
    if not address:
        return
    kept = settings.MESSAGES_PROVIDER == "kept"
    with transaction.atomic():
        row, fresh = Message.objects.get_or_create(
            key=key,
            defaults={
                "channel": channel,
                "address": address,
                "person_id": to.person_id,
                "template": kind[:60],
                "subject": " ".join(subject.split())[:200],  # a line break would start another mail header
                "body": body,
                "about": about,
                "state": Message.KEPT if kept else Message.QUEUED,
                "created_at": now(),
            },
        )
        if fresh and not kept:
            send_message.enqueue(message_id=row.pk)


@background(retries=10)
def send_message(message_id: int) -> None:
    """Hand one queued message to the provider. At least once: the key goes along so that a provider can tell a repeat.

    Raises:
        Unavailable: the provider is down; the job is tried again.
    """
    row = Message.objects.filter(pk=message_id, state=Message.QUEUED).first()
    if row is None:
        return
    outcome = provider(settings.MESSAGES_PROVIDER).send(row.channel, row.address, row.subject, row.body, row.key)
    Message.objects.filter(pk=message_id, state=Message.QUEUED).update(
        state=Message.SENT if outcome.accepted else Message.FAILED,
        provider_reference=outcome.reference[:120],
        error=outcome.error[:300],
        sent_at=now() if outcome.accepted else None,
    )


def messages_about(about: str) -> list[MessageView]:
    """All messages about one reference, oldest first."""
    return [_view(row) for row in Message.objects.filter(about=about).order_by("pk")[:200]]


def messages_to(person_id: str, *, before: int | None = None, size: int = 20) -> list[MessageView]:
    """Messages to one person, newest first, a page by key."""
    rows = Message.objects.filter(person_id=person_id)
    if before:
        rows = rows.filter(pk__lt=before)
    return [_view(row) for row in rows.order_by("-pk")[:size]]


def all_messages(*, before: int | None = None, size: int = 25) -> list[MessageView]:
    """Every message, newest first, a page by key. For administrators."""
    rows = Message.objects.filter(pk__lt=before) if before else Message.objects.all()
    return [_view(row) for row in rows.order_by("-pk")[:size]]


def messages_at(address: str, size: int = 25) -> list[MessageView]:
    """The newest messages to one address."""
    return [_view(row) for row in Message.objects.filter(address__iexact=address).order_by("-pk")[:size]]


def _words(template: str, context: Mapping[str, Any]) -> str:
    from django.template import engines

    return str(engines["text"].get_template(f"messages/{template}.txt").render(dict(context)))


def _view(row: Message) -> MessageView:
    return MessageView(row.pk, row.channel, row.address, row.subject, row.body, row.state, row.about, row.created_at)
