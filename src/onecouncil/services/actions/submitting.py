# SPDX-License-Identifier: MIT
"""Handing in, once; paying; withdrawing.

The life of a submission:
1. `submit` locks the draft, looks whether it was handed in already, checks every answer again and works out the fee;
2. without a fee it is submitted and `submission.submitted` is published, all in that transaction;
3. with a fee it waits: a bill is raised, a slot is held, and the payer is sent to pay;
4. `bill.paid` makes it submitted, and publishes, once: the row's state is the guard;
5. unpaid, it can be paid later, changed (`reopen`) or withdrawn.
"""

import hashlib
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction

from onecouncil.core import events, files, messaging, ports
from onecouncil.core.actors import Actor, system
from onecouncil.core.borough import borough
from onecouncil.core.calendar import now
from onecouncil.core.permissions import may, require
from onecouncil.core.problems import Conflict, Invalid, NotFound
from onecouncil.core.references import new_reference
from onecouncil.services import rules
from onecouncil.services.engine import (
    Definition,
    FeeResult,
    FieldError,
    Outside,
    clean_json,
    exit_reached,
    fee,
    first_unanswered,
    is_complete,
    path,
    prune,
    summary,
)
from onecouncil.services.journeys import journey_of
from onecouncil.services.models import Draft, Service, Submission
from onecouncil.services.outside import Lookups, outside, stored_addresses
from onecouncil.services.people import known_facts

HOLD_MINUTES = 120
"""How long a slot is kept for somebody who pays: longer than a payment page stays open."""


class NotReady(Conflict):
    """The answers no longer add up to a submission. `page` is where to mend them; `errors` what is wrong there."""

    title = "Some of your answers need another look"

    def __init__(self, page: str | None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(errors[0].message if errors else "")
        self.page, self.errors = page, errors


def submit(draft: Draft, actor: Actor, *, request_key: str | None = None, request_digest: str = "") -> Submission:
    """Hand in a draft. Called twice it answers with the same submission.

    Raises:
        NotReady: an answer is missing, no longer valid, or the slot has gone meanwhile.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update(of=("self",)).select_related("version__service").get(pk=draft.pk)
        done = Submission.objects.filter(draft=locked).first()
        if done:
            return done
        definition = journey_of(locked.version)
        known = known_facts(locked.person_id)
        world = outside(
            known, rules.all_file_ids(locked.answers), Lookups(), addresses=stored_addresses(locked.answers)
        )
        check_ready(definition, locked.answers, world)
        row = _row(locked, definition, world, known)
        row.request_key, row.request_digest = request_key, request_digest
        _hold_slot(row, definition)
        row.save(force_insert=True)
        files.attach(row.file_ids, about=row.reference)
        if row.state == Submission.AWAITING_PAYMENT:
            row.bill = _raise_bill(row, locked, actor)
            row.save(update_fields=["bill"])
        else:
            _announce(row, actor)
        return row


def check_ready(definition: Definition, answers: dict[str, Any], world: Outside) -> None:
    """Every page on the path answered, every answer still one we would take.

    Raises:
        NotReady: with the first page to mend.
    """
    if exit_reached(definition, answers, world):
        raise NotReady(None)
    for page in path(definition, answers, world):
        for question in page.questions:
            holder = answers[page.group][page.index - 1] if page.group in answers else answers
            value = holder.get(question.key)
            cleaned = clean_json(question, value, world)
            if question.key in holder and not cleaned.ok:
                raise NotReady(page.id, cleaned.errors)
    if not is_complete(definition, answers, world):
        raise NotReady(first_unanswered(definition, answers, world))


def _row(draft: Draft, definition: Definition, world: Outside, known: dict[str, Any]) -> Submission:
    kept = prune(definition, draft.answers, world)
    charged: FeeResult = fee(definition, draft.answers, world)
    contact = rules.contact_of(definition, kept, known)
    free = charged.total_pence <= 0
    return Submission(
        reference=new_reference(borough().code),
        draft=draft,
        version=draft.version,
        service_slug=draft.version.service.slug,
        unit=_unit(draft),
        about=draft.about,
        state=Submission.SUBMITTED if free else Submission.AWAITING_PAYMENT,
        person_id=draft.person_id,
        **{**asdict(contact), "email": contact.email or draft.email},
        channel=draft.channel,
        assisted_by=draft.started_by,
        answers=kept,
        summary=[_section(part) for part in summary(definition, draft.answers, world)],
        file_ids=rules.file_ids_of(definition, kept),
        place=rules.place_of(definition, kept),
        fee_pence=max(charged.total_pence, 0),
        fee_lines=[asdict(line) for line in charged.lines],
        slot_id=rules.slot_of(definition, kept),
        created_at=now(),
        submitted_at=now() if free else None,
    )


def _section(part: Any) -> dict[str, Any]:
    rows = [{"label": row.label, "lines": list(row.lines)} for row in part.rows]
    return {"title": part.title, "rows": rows}


def _unit(draft: Draft) -> str:
    """A general enquiry goes to the unit of the service that it is about."""
    if draft.about:
        about = Service.objects.filter(slug=draft.about).values_list("unit", flat=True).first()
        if about:
            return about
    return str(draft.version.content["unit"])


def _hold_slot(row: Submission, definition: Definition) -> None:
    if not row.slot_id:
        return
    try:
        ports.slots().hold(row.slot_id, row.reference, minutes=HOLD_MINUTES)
    except Conflict as error:
        question = next(q for q in definition.questions.values() if q.type == "slot")
        message = "That time has just been taken. Select another one"
        gone = FieldError(question.key, question.key, "gone", message)
        page = next((page.key for _, page in definition.all_pages() if question in page.questions), None)
        raise NotReady(page, (gone,)) from error


def _raise_bill(row: Submission, draft: Draft, actor: Actor) -> str:
    lines = tuple(
        ports.BillLine(line["label"], line["pence"], line["fund"], rules.VAT_RATES[line["vat"]])
        for line in row.fee_lines
    )
    request = ports.BillRequest(
        about=row.reference,
        description=str(draft.version.content["title"]),
        lines=lines,
        # Who pays from a link may not open the journey that an adviser began.
        return_path=f"/track?reference={row.reference}" if row.assisted_by else f"/apply/{draft.token}/done",
        person_id=str(row.person_id) if row.person_id else None,
        payer_email=row.email,
    )
    return ports.payments().raise_bill(request, actor).reference


def _announce(row: Submission, actor: Actor) -> None:
    """Tell the house, and forget the draft's own copy of the answers."""
    events.publish(
        "submission.submitted",
        subject=row.reference,
        data={
            "reference": row.reference,
            "service": row.service_slug,
            "unit": row.unit,
            "channel": row.channel,
            "person_id": str(row.person_id) if row.person_id else None,
            "fee_pence": row.fee_pence,
            "bill": row.bill,
            "slot_id": row.slot_id,
        },
        actor=actor,
    )
    Draft.objects.filter(submission=row).update(answers={}, uploads={}, email="", updated_at=now())


def paid(reference: str) -> None:
    """The bill about a submission is paid: it is handed in now. Told again, nothing happens."""
    with transaction.atomic():
        waiting = Submission.objects.select_for_update().filter(reference=reference, state=Submission.AWAITING_PAYMENT)
        row = waiting.first()
        if row is None:
            return
        row.state, row.submitted_at = Submission.SUBMITTED, now()
        row.save(update_fields=["state", "submitted_at"])
        _announce(row, system("services.paid"))


def ready_to_pay(row: Submission) -> str:
    """The path to pay at, with the slot held again.

    Raises:
        Conflict: it does not wait for payment, or its slot has gone.
    """
    if row.state != Submission.AWAITING_PAYMENT:
        raise Conflict("There is nothing to pay")
    with transaction.atomic():
        if row.slot_id:
            ports.slots().hold(row.slot_id, row.reference, minutes=HOLD_MINUTES)
        bill = ports.payments().bill_about(row.reference)
    if bill is None:
        raise Conflict("There is nothing to pay")
    return bill.pay_path


def send_pay_link(row: Submission, actor: Actor) -> str:
    """Write to the resident with the link to pay; returns the address it went to.

    Raises:
        Invalid: we have no e-mail address or phone number to send it to.
    """
    require(actor, "payment.send_link")
    if not (row.email or row.phone):
        raise Invalid({"": "There is no e-mail address or phone number to send the link to"})
    with transaction.atomic():
        link = f"{settings.SITE_URL}{ready_to_pay(row)}"
        messaging.send(
            to=_recipient(row),
            template="services-pay-link",
            context={**_about(row), "link": link},
            key=f"pay-link:{row.reference}:{now():%Y%m%d%H%M}",
            about=row.reference,
        )
    return row.email or row.phone


def _about(row: Submission) -> dict[str, Any]:
    return {"title": row.version.content["title"], "reference": row.reference, "pence": row.fee_pence}


def _recipient(row: Submission) -> messaging.Recipient:
    person = str(row.person_id) if row.person_id else None
    return messaging.Recipient(email=row.email, phone=row.phone, name=row.name, person_id=person)


def access_submission(actor: Actor, reference: str) -> Submission:
    """A submission this actor may act on: their own, one they made for somebody, or any for those who work cases.

    Raises:
        NotFound: it is not there, or not theirs.
    """
    row = Submission.objects.select_related("version", "draft").filter(reference=reference).first()
    if row is None:
        raise NotFound()
    own = bool(actor.person_id) and str(row.person_id) == str(actor.person_id)
    made = row.assisted_by is not None and row.assisted_by == actor.user_id and may(actor, "journey.assist")
    if own or made or may(actor, "case.work"):
        return row
    raise NotFound()


def withdraw(reference: str, actor: Actor, reason: str = "") -> None:
    """Take a submission back. An unpaid bill is cancelled, the slot is free again, and the case hears the event.

    Raises:
        NotFound: it is not there, or not theirs.
        Conflict: it is withdrawn already, or a payment for it is under way.
    """
    row = access_submission(actor, reference)
    with transaction.atomic():
        _withdraw(row.pk, actor, reason)


def withdraw_draft(row: Submission, actor: Actor) -> None:
    """Take back an unpaid submission; the caller opened it through its draft.

    Raises:
        Conflict: a payment for it is under way.
    """
    with transaction.atomic():
        _withdraw(row.pk, actor, "withdrawn")


def reopen(draft: Draft, actor: Actor) -> None:
    """Change what was handed in but not paid for: it is withdrawn, and the draft can be edited and handed in again.

    Raises:
        Conflict: it is paid, or a payment is under way.
    """
    with transaction.atomic():
        row = Submission.objects.filter(draft=draft).first()
        if row is None:
            return
        if row.state == Submission.SUBMITTED:
            raise Conflict("This has been sent already and cannot be changed here")
        if row.state == Submission.AWAITING_PAYMENT:
            _withdraw(row.pk, actor, "changed")
        Submission.objects.filter(pk=row.pk).update(draft=None)
        files.attach(sorted(rules.all_file_ids(draft.answers)), about=f"draft:{draft.token}")


def _withdraw(pk: int, actor: Actor, reason: str) -> None:
    row = Submission.objects.select_for_update().get(pk=pk)
    if row.state == Submission.WITHDRAWN:
        raise Conflict("This was withdrawn already")
    if row.state == Submission.AWAITING_PAYMENT:
        ports.payments().cancel_bill(row.reference, reason or "withdrawn", actor)
    if row.slot_id:
        ports.slots().release(row.reference)
    row.state = Submission.WITHDRAWN
    row.save(update_fields=["state"])
    events.publish(
        "submission.withdrawn",
        subject=row.reference,
        data={"reference": row.reference, "service": row.service_slug, "reason": reason[:80]},
        actor=actor,
    )


def request_key(actor: Actor, slug: str, key: str) -> str:
    """What an Idempotency-Key is kept as: only the same caller meets it again."""
    return hashlib.sha256(f"{actor.label}:{actor.person_id}:{slug}:{key}".encode()).hexdigest()
