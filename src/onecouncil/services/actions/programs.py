# SPDX-License-Identifier: MIT
"""What a program hands in: a whole journey as JSON, through the same checks as the pages."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from onecouncil.core.actors import Actor
from onecouncil.core.problems import Conflict, Forbidden, Invalid
from onecouncil.services import rules
from onecouncil.services.actions import drafting, submitting
from onecouncil.services.actions.drafting import Beginning
from onecouncil.services.engine import FieldError, Saved, clean_json, save_all
from onecouncil.services.models import Draft, Submission
from onecouncil.services.sitting import Sitting, sit_down


def hand_in(
    actor: Actor,
    slug: str,
    answers: Mapping[str, Any],
    *,
    declared: bool = False,
    about: str = "",
    for_person: str | None = None,
    key: str = "",
) -> Submission:
    """Check and hand in a journey given as JSON.

    Args:
        declared: the statement on the check-your-answers page is agreed to.
        about: the service that an enquiry is about.
        for_person: for whom an adviser hands it in.
        key: the caller's Idempotency-Key: the same one again answers with the same submission.

    Raises:
        Invalid: an answer is wrong or missing, or the declaration is not agreed to.
        Forbidden: the service needs a person, and the asker is none.
        Conflict: the key was used with other answers.
    """
    beginning = Beginning(drafting.published_version(slug), about, for_person or None, channel=Draft.API)
    drafting.may_begin(actor, beginning)
    mark = rules.digest([answers, declared, about, for_person])
    kept_key = submitting.request_key(actor, slug, key) if key else None
    before = Submission.objects.select_related("version").filter(request_key=kept_key).first() if kept_key else None
    if before:
        return _same(before, mark)
    saved = _checked(actor, beginning, answers, declared)
    with transaction.atomic():
        draft = drafting.begin(actor, beginning, saved.answers)
        try:
            return submitting.submit(draft, actor, request_key=kept_key, request_digest=mark)
        except submitting.NotReady as problem:
            raise Invalid(by_field(problem.errors) or {"": problem.detail}) from problem


def _checked(actor: Actor, beginning: Beginning, answers: Mapping[str, Any], declared: bool) -> Saved:
    owner = drafting.owner_of(actor, beginning)
    sitting = sit_down(beginning.version, person_id=owner)
    if sitting.sign_in_at and not owner:
        raise Forbidden("This service needs a person: use a token that may act as its owner")
    saved = check_all(sitting, answers)
    _declared(sitting, declared)
    return saved


def complete(draft: Draft, *, declared: bool) -> None:
    """Check a draft as a whole, and take what was left out as left blank.

    Raises:
        Invalid: with every field that is wrong, the declaration too.
    """
    with transaction.atomic():
        locked = drafting.lock(draft)
        sitting = sit_down(locked.version, draft=locked)
        saved = check_all(sitting, locked.answers)
        _declared(sitting, declared)
        drafting.keep(locked, dict(saved.answers))


def _declared(sitting: Sitting, declared: bool) -> None:
    if sitting.definition.declaration and not declared:
        raise Invalid({"declaration": sitting.definition.declaration.message or "Agree to the declaration"})


def _same(before: Submission, mark: str) -> Submission:
    if before.request_digest != mark:
        raise Conflict("This Idempotency-Key was used with other answers")
    return before


def check_all(sitting: Sitting, answers: Mapping[str, Any]) -> Saved:
    """The answers together with what we know already, checked as a whole.

    Raises:
        Invalid: with every field that is wrong.
    """
    saved = save_all(sitting.definition, {**sitting.answers, **answers}, sitting.world)
    if not saved.ok:
        raise Invalid(by_field(saved.errors))
    return saved


def by_field(errors: tuple[FieldError, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.field, error.message)
    return found


def keep_draft(draft: Draft, answers: Mapping[str, Any]) -> Draft:
    """Take some answers into a draft, each page that is given whole; nothing changes when one is wrong.

    Raises:
        Invalid: with every field that is wrong.
    """
    with transaction.atomic():
        locked = drafting.lock(draft)
        sitting = sit_down(locked.version, draft=locked)
        wrong: dict[str, str] = {}
        merged = dict(locked.answers)
        for key, value in answers.items():
            question = sitting.definition.questions.get(key)
            if question is None or key in sitting.definition.group_of:
                wrong[key] = "This journey has no such question"
                continue
            cleaned = clean_json(question, value, sitting.world)
            wrong.update(by_field(cleaned.errors))
            merged[key] = cleaned.value
        if wrong:
            raise Invalid(wrong)
        drafting.keep(locked, merged)
    return locked
