# SPDX-License-Identifier: MIT
"""Versions of services: from a file or from the browser, published once and then for ever the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from onecouncil.core import events
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now
from onecouncil.core.permissions import require
from onecouncil.core.problems import Conflict, Invalid, NotFound
from onecouncil.services import listings
from onecouncil.services.catalogue import Entry
from onecouncil.services.definitions import read_definition, rewrite
from onecouncil.services.models import Service, ServiceVersion
from onecouncil.services.rules import digest

WORDS = ("title", "summary", "audience", "cost", "time", "then", "words", "body")
"""What the editor's page changes; the journey has a designer of its own."""
PUBLISHED, UNCHANGED, KEPT = "published", "unchanged", "kept: it was edited in the browser"


@dataclass(frozen=True)
class Loaded:
    slug: str
    outcome: str


def load(entries: list[Entry], actor: Actor, *, force: bool = False) -> list[Loaded]:
    """Publish the files. An unchanged file does nothing; a service edited in the browser is kept, unless `force`.

    Raises:
        Conflict: a file has errors; nothing was loaded.
    """
    broken = [entry for entry in entries if entry.file.errors]
    if broken:
        raise Conflict(f"{broken[0].path.name}: {broken[0].file.errors[0]}")
    done = [_load_one(entry, actor, force) for entry in entries]
    changed = [loaded.slug for loaded in done if loaded.outcome == PUBLISHED]
    if changed:
        listings.publish(changed)
    return done


def _load_one(entry: Entry, actor: Actor, force: bool) -> Loaded:
    content, mark = entry.file.content, digest(entry.file.content)
    with transaction.atomic():
        service = _service(content)
        current = service.published
        if current and current.digest == mark:
            return Loaded(entry.slug, UNCHANGED)
        if current and current.origin == ServiceVersion.EDITOR and not force:
            return Loaded(entry.slug, KEPT)
        note = "Loaded from the file"
        version = _add(service, entry.file.text, content, actor, origin=ServiceVersion.FILE, note=note)
        _publish(service, version, actor)
        return Loaded(entry.slug, PUBLISHED)


def _service(content: Mapping[str, Any]) -> Service:
    row, _ = Service.objects.select_related("published").get_or_create(
        slug=content["slug"],
        defaults={key: content[key] for key in ("title", "category", "unit", "lgsl")},
    )
    return row


def _add(
    service: Service, text: str, content: dict[str, Any], actor: Actor, *, origin: str, note: str
) -> ServiceVersion:
    last = service.versions.aggregate(last=Max("number"))["last"] or 0
    return ServiceVersion.objects.create(
        service=service,
        number=last + 1,
        origin=origin,
        text=text,
        content=content,
        digest=digest(content),
        note=note[:200],
        author=actor.label,
        created_at=now(),
    )


def _publish(service: Service, version: ServiceVersion, actor: Actor) -> None:
    version.state, version.published_at = ServiceVersion.PUBLISHED, now()
    version.save(update_fields=["state", "published_at"])
    content = version.content
    Service.objects.filter(pk=service.pk).update(
        published=version,
        title=content["title"],
        category=content["category"],
        unit=content["unit"],
        lgsl=content["lgsl"],
    )
    events.publish(
        "service.published",
        subject=service.slug,
        data={"slug": service.slug, "version": version.number, "origin": version.origin, "lgsl": content["lgsl"]},
        actor=actor,
    )


# --- the editor -----------------------------------------------------------------------------------------------------


def access_service(actor: Actor, slug: str) -> Service:
    """A service, for those who edit.

    Raises:
        NotFound: there is none.
    """
    require(actor, "content.edit")
    row = Service.objects.select_related("published").filter(slug=slug).first()
    if row is None:
        raise NotFound()
    return row


def draft_of(service: Service) -> ServiceVersion | None:
    """The one unpublished version, if there is one."""
    return service.versions.filter(state=ServiceVersion.DRAFT).first()


def save_words(actor: Actor, slug: str, words: Mapping[str, Any], note: str = "") -> ServiceVersion:
    """Keep new words as the service's draft version.

    Raises:
        Invalid: a field is wrong; nothing was kept.
    """
    service = access_service(actor, slug)
    return _save_text(service, actor, note, lambda base: rewrite(base, {key: words[key] for key in WORDS}))


def save_text(actor: Actor, slug: str, text: str, note: str = "") -> ServiceVersion:
    """Keep a whole file as the draft version.

    Raises:
        Invalid: the file is wrong; the first fault is told with its line.
    """
    return _save_text(access_service(actor, slug), actor, note, lambda base: text)


def _save_text(service: Service, actor: Actor, note: str, change: Callable[[str], str]) -> ServiceVersion:
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=service.pk)
        draft = draft_of(service)
        base = draft or service.published
        if base is None:
            raise NotFound()
        text = change(base.text)
        content = _checked(text, service.slug)
        if draft is None:
            draft = _add(service, text, content, actor, origin=ServiceVersion.EDITOR, note=note)
        else:
            draft.text, draft.content, draft.digest, draft.note = text, content, digest(content), note[:200]
            draft.save(update_fields=["text", "content", "digest", "note"])
        return draft


def _checked(text: str, slug: str) -> dict[str, Any]:
    file = read_definition(text, slug=slug)
    if file.errors:
        raise Invalid({_field(fault.path): f"{fault.reason}".capitalize() for fault in reversed(file.errors)})
    return file.content


def _field(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def publish(actor: Actor, slug: str, *, carry_over: bool = False) -> ServiceVersion:
    """Publish the draft version. `carry_over`: people half-way on earlier versions are moved to this one.

    Raises:
        Conflict: there is no draft.
    """
    require(actor, "content.publish")
    service = access_service(actor, slug)
    with transaction.atomic():
        draft = draft_of(service)
        if draft is None:
            raise Conflict("There is no draft to publish")
        _publish(service, draft, actor)
        if carry_over:
            _withdraw_others(service, draft)
    listings.publish([slug])
    return draft


def roll_back(actor: Actor, slug: str, number: int) -> ServiceVersion:
    """Publish an earlier version's words again, as a new version.

    Raises:
        NotFound: there is no such published version.
    """
    require(actor, "content.publish")
    service = access_service(actor, slug)
    with transaction.atomic():
        old = service.versions.filter(number=number, state=ServiceVersion.PUBLISHED).first()
        if old is None:
            raise NotFound()
        service.versions.filter(state=ServiceVersion.DRAFT).delete()
        note = f"Back to version {number}"
        fresh = _add(service, old.text, old.content, actor, origin=ServiceVersion.EDITOR, note=note)
        _publish(service, fresh, actor)
    listings.publish([slug])
    return fresh


def discard(actor: Actor, slug: str) -> None:
    """Throw the draft version away."""
    access_service(actor, slug).versions.filter(state=ServiceVersion.DRAFT).delete()


def _withdraw_others(service: Service, version: ServiceVersion) -> None:
    old = service.versions.filter(state=ServiceVersion.PUBLISHED, withdrawn_at__isnull=True).exclude(pk=version.pk)
    old.update(withdrawn_at=now())
