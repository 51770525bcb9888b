# SPDX-License-Identifier: MIT
"""Journeys half-way: begin, save a page, keep files, claim by signing in, come back, carry over, forget."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from onecouncil.core import audit, files, limits, messaging
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now, today
from onecouncil.core.permissions import may, require
from onecouncil.core.problems import Invalid, NotFound
from onecouncil.core.references import new_token
from onecouncil.services import rules
from onecouncil.services.engine import (
    FileMeta,
    Outside,
    Question,
    Saved,
    add_item,
    carry,
    clean,
    remove_item,
    save_page,
)
from onecouncil.services.journeys import journey_of
from onecouncil.services.models import Draft, Service, ServiceVersion, Submission
from onecouncil.services.outside import file_meta, kind_of
from onecouncil.services.people import known_facts
from onecouncil.services.sitting import Sitting, sit_down, take_known


@dataclass(frozen=True)
class Beginning:
    """Who begins what: for a person (`for_person`, by an adviser), about a service, by which channel."""

    version: ServiceVersion
    about: str = ""
    for_person: str | None = None
    channel: str = Draft.ONLINE


def published_version(slug: str) -> ServiceVersion:
    """The version that a new journey begins on.

    Raises:
        NotFound: the service is not published, or has no journey.
    """
    row = Service.objects.select_related("published").filter(slug=slug, published__isnull=False).first()
    if row is None or row.published is None or "journey" not in row.published.content:
        raise NotFound()
    return row.published


def may_begin(actor: Actor, beginning: Beginning) -> None:
    """An adviser may begin for somebody else.

    Raises:
        Forbidden, SignInNeeded: this actor may not.
        NotFound: there is no such person.
    """
    if beginning.for_person:
        require(actor, "journey.assist")
        if not known_facts(beginning.for_person).get("person.name"):
            raise NotFound()


def owner_of(actor: Actor, beginning: Beginning) -> str | None:
    """Whose journey it will be."""
    return beginning.for_person or actor.person_id


def begin(actor: Actor, beginning: Beginning, answers: Mapping[str, Any]) -> Draft:
    """Keep a new draft with its first answers. A look at the person is logged when somebody else begins for them."""
    may_begin(actor, beginning)
    moment = now()
    with transaction.atomic():
        if beginning.for_person:
            audit.look(actor, beginning.for_person, purpose="enquiry", what="form filled in for them")
        return Draft.objects.create(
            token=new_token(),
            version=beginning.version,
            answers=dict(answers),
            about=beginning.about,
            person_id=owner_of(actor, beginning),
            channel=Draft.ASSISTED if beginning.for_person else beginning.channel,
            started_by=actor.user_id if beginning.for_person else None,
            created_at=moment,
            updated_at=moment,
            expires_at=moment + rules.DRAFT_LIFE,
        )


def access_draft(actor: Actor, token: str, own_tokens: Collection[str] = ()) -> Draft:
    """A draft this actor may open. `own_tokens`: the anonymous drafts that this browser began or resumed.

    A draft of nobody's is claimed when its browser is signed in as a person.

    Raises:
        NotFound: it is not there, has expired, or is not theirs.
    """
    draft = Draft.objects.select_related("version__service__published").filter(token=token).first()
    if draft is None or draft.expires_at < now() or not _may_open(actor, draft, own_tokens):
        raise NotFound()
    if draft.person_id is None and actor.person_id and draft.channel == Draft.ONLINE:
        claim(draft, actor.person_id)
    return draft


def _may_open(actor: Actor, draft: Draft, own_tokens: Collection[str]) -> bool:
    if draft.started_by is not None:
        assisting = draft.started_by == actor.user_id and may(actor, "journey.assist")
        return assisting or _is_theirs(actor, draft)
    if draft.person_id is not None:
        return _is_theirs(actor, draft)
    return draft.channel == Draft.API or draft.token in own_tokens


def _is_theirs(actor: Actor, draft: Draft) -> bool:
    return bool(actor.person_id) and str(draft.person_id) == str(actor.person_id)


def claim(draft: Draft, person_id: str) -> None:
    """A draft begun without signing in becomes this person's, once, with what we know of them filled in."""
    with transaction.atomic():
        mine = Draft.objects.filter(pk=draft.pk, person_id__isnull=True).update(person_id=person_id, updated_at=now())
        if not mine:
            raise NotFound()
        draft.person_id = UUID(person_id)
        if Submission.objects.filter(draft=draft).exists():
            return
        sitting = sit_down(draft.version, draft=draft)
        Draft.objects.filter(pk=draft.pk).update(answers=sitting.answers)
        draft.answers = sitting.answers


def bring_up_to_date(draft: Draft) -> tuple[str, ...]:
    """Move a draft off a withdrawn version. Returns the questions that must be asked again."""
    fresh = draft.version.service.published
    if draft.version.withdrawn_at is None or fresh is None or fresh.pk == draft.version_id:
        return ()
    with transaction.atomic():
        locked = lock(draft)
        sitting = sit_down(draft.version, draft=locked)
        answers, dropped = carry(locked.answers, journey_of(draft.version), journey_of(fresh), sitting.world)
        locked.version, locked.answers, locked.updated_at = fresh, answers, now()
        locked.save(update_fields=["version", "answers", "updated_at"])
    draft.version, draft.answers = fresh, answers
    return dropped


def save(draft: Draft, page_id: str, form: Mapping[str, Sequence[str]]) -> tuple[Saved, Sitting]:
    """Take one page's answers into the draft; with errors nothing changes.

    Raises:
        NotFound: the page is not on the path.
    """
    with transaction.atomic():
        locked = lock(draft)
        sitting = sit_down(locked.version, draft=locked)
        saved = take_page(sitting, page_id, form)
        if saved.ok:
            uploads = {key: ids for key, ids in locked.uploads.items() if not key.startswith(f"{page_id}:")}
            keep(locked, sitting.answers, uploads)
    return saved, sitting


def take_page(sitting: Sitting, page_id: str, form: Mapping[str, Sequence[str]]) -> Saved:
    """The engine's answer to a page's form; when it is good, the sitting holds it."""
    try:
        saved = save_page(sitting.definition, sitting.answers, page_id, form, sitting.world)
    except KeyError as error:
        raise NotFound() from error
    if saved.ok:
        sitting.answers = dict(saved.answers)
    return saved


def lock(draft: Draft) -> Draft:
    """The draft as it stands now, ours until the transaction ends; one that was handed in cannot be changed."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related("version__service__published")
    locked = rows.filter(pk=draft.pk).first()
    if locked is None or Submission.objects.filter(draft=locked).exists():
        raise NotFound()
    return locked


def keep(draft: Draft, answers: dict[str, Any], uploads: dict[str, Any] | None = None) -> None:
    draft.answers, draft.updated_at = answers, now()
    draft.expires_at = draft.updated_at + rules.DRAFT_LIFE
    if uploads is not None:
        draft.uploads = uploads
    draft.save(update_fields=["answers", "uploads", "updated_at", "expires_at"])


def another_item(draft: Draft, group: str) -> None:
    with transaction.atomic():
        locked = lock(draft)
        keep(locked, add_item(journey_of(locked.version), locked.answers, group))


def drop_item(draft: Draft, group: str, index: int) -> None:
    """Remove one item of a group, and the files that were given only for it."""
    with transaction.atomic():
        locked = lock(draft)
        before = rules.all_file_ids(locked.answers)
        try:
            answers = remove_item(journey_of(locked.version), locked.answers, group, index)
        except (KeyError, IndexError) as error:
            raise NotFound() from error
        keep(locked, answers, uploads={})
        for file_id in before - rules.all_file_ids(answers):
            files.remove(file_id)


# --- files ----------------------------------------------------------------------------------------------------------


def uploads_for(draft: Draft, page_id: str, question: str, answered: Any) -> list[str]:
    """The files of one question: those received for the page that is open, else those of the saved answer."""
    held = draft.uploads.get(f"{page_id}:{question}")
    return list(held) if held is not None else [str(file["id"]) for file in answered or []]


def receive_files(
    draft: Draft, page_id: str, question: Question, answered: Any, given: Sequence[tuple[str, bytes]]
) -> list[str]:
    """Check and keep files for a question; returns all of its files.

    Raises:
        Invalid: a file is not what the question asks for, is empty or too large, or there are too many; none is kept.
    """
    key = question.key
    with transaction.atomic():
        locked = lock(draft)
        held = uploads_for(locked, page_id, key, answered)
        in_all = sum(len(ids) for ids in locked.uploads.values()) + len(rules.all_file_ids(locked.answers))
        if in_all + len(given) > rules.MOST_FILES:
            raise Invalid({key: f"You can upload {rules.MOST_FILES} files at most. Remove one first"})
        _refuse_unfit(question, held, given)
        about = f"draft:{locked.token}"
        held += [files.keep(name, content, about=about, field=key).id for name, content in given]
        locked.uploads[f"{page_id}:{key}"] = held
        locked.save(update_fields=["uploads"])
    draft.uploads = locked.uploads
    return held


def _refuse_unfit(question: Question, held: Sequence[str], given: Sequence[tuple[str, bytes]]) -> None:
    """Refuse files that the question's own rules (kinds, size, how many) would refuse later.

    Files we take for no question at all are left to `files.keep`, which says so better.
    """
    known = {file_id: meta for file_id in held if (meta := file_meta(file_id))}
    for number, (name, content) in enumerate(given):
        kind = kind_of(content)
        if not kind or len(content) > files.MAX_BYTES:
            return
        known[f"new-{number}"] = FileMeta(f"new-{number}", name, kind, len(content))
    so_far = replace(question, settings={**question.settings, "min_files": 1})
    ids = [*held, *(one for one in known if one.startswith("new-"))]
    cleaned = clean(so_far, {question.key: ids}, Outside(today=today(), files=known.get))
    if cleaned.errors:
        raise Invalid({error.field: error.message for error in cleaned.errors})


def drop_file(draft: Draft, page_id: str, question: str, file_id: str) -> None:
    """Remove one file of this draft.

    Raises:
        NotFound: the draft has no such file.
    """
    with transaction.atomic():
        locked = lock(draft)
        key = f"{page_id}:{question}"
        if file_id not in rules.all_file_ids(locked.answers) | set(locked.uploads.get(key, ())):
            raise NotFound()
        uploads = {k: [one for one in ids if one != file_id] for k, ids in locked.uploads.items()}
        uploads = {k: ids for k, ids in uploads.items() if ids}
        keep(locked, rules.without_file(locked.answers, file_id), uploads)
        files.remove(file_id)


def own_file(draft: Draft, file_id: str) -> files.FileView:
    """A file of this draft, to look at again.

    Raises:
        NotFound: the draft has no such file.
    """
    known = rules.all_file_ids(draft.answers) | {one for ids in draft.uploads.values() for one in ids}
    if file_id not in known:
        raise NotFound()
    return files.file_view(file_id)


# --- coming back ----------------------------------------------------------------------------------------------------


def send_resume_link(draft: Draft, email: str) -> None:
    """Write to the person with the link to go on; the link asks for the same e-mail address, or to sign in."""
    limits.hit("resume-link", draft.token, limit=5, seconds=3600)
    with transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(email=email, updated_at=now())
        messaging.send(
            to=messaging.Recipient(email=email, person_id=str(draft.person_id) if draft.person_id else None),
            template="services-resume",
            context={
                "title": draft.version.content["title"],
                "link": f"{settings.SITE_URL}/resume/{draft.token}",
                "until": draft.expires_at,
            },
            key=f"resume:{draft.token}:{now():%Y%m%d%H%M}",
            about=f"draft:{draft.token[:12]}",
        )


def resume(token: str, email: str) -> Draft:
    """Open an anonymous draft on another device with the link and the e-mail address it was sent to.

    Raises:
        NotFound: there is no such draft.
        Invalid: the address is another one.
    """
    limits.hit("resume", token, limit=10, seconds=600)
    draft = Draft.objects.select_related("version").filter(token=token, expires_at__gt=now()).first()
    if draft is None or not draft.email:
        raise NotFound()
    if draft.email.strip().lower() != email.strip().lower():
        raise Invalid({"email": "Enter the e-mail address that we sent the link to"})
    return draft


def drafts_of(person_id: str) -> list[Draft]:
    """A person's drafts that can be gone on with, newest first."""
    rows = Draft.objects.select_related("version").filter(person_id=person_id, expires_at__gt=now(), submission=None)
    return list(rows.order_by("-updated_at")[:20])


def discard(draft: Draft) -> None:
    """Delete a draft and its files."""
    with transaction.atomic():
        locked = lock(draft)
        for file in files.files_about(f"draft:{locked.token}"):
            files.remove(file.id)
        locked.delete()


def delete_expired(limit: int = 200) -> int:
    """Delete drafts past their time, with their files; what was handed in stays. Returns how many."""
    rows = Draft.objects.filter(expires_at__lt=now() - timedelta(hours=1)).order_by("expires_at")[:limit]
    for draft in rows:
        with transaction.atomic():
            if not Submission.objects.filter(draft=draft).exists():
                for file in files.files_about(f"draft:{draft.token}"):
                    files.remove(file.id)
            draft.delete()
    return len(rows)


__all__ = ["Beginning", "Sitting", "take_known"]
