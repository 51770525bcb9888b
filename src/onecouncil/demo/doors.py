# SPDX-License-Identifier: MIT
"""What the demo asks of the rooms, in one place: the verbs that their pages call, with nothing written past them."""

import io
from functools import cache
from typing import Any

from onecouncil.casework.actions import closing, deciding, working, writing
from onecouncil.casework.casepage import desk_page
from onecouncil.core import files, ports
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import today
from onecouncil.core.problems import Invalid
from onecouncil.demo.matters import PROOF, SLOT
from onecouncil.demo.till import Till
from onecouncil.payments.actions.paying import start_payment
from onecouncil.payments.actions.settling import settle_by_attempt
from onecouncil.services import rules
from onecouncil.services.actions import drafting, submitting
from onecouncil.services.engine import save_all
from onecouncil.services.journeys import journey_of
from onecouncil.services.outside import Lookups, outside
from onecouncil.services.people import known_facts

ask_second_stage = closing.ask_second_stage
decide = deciding.decide
note = working.note
reply = writing.reply
change_stage = working.change_stage
take = working.take
write = writing.write_to_resident


def hand_in(actor: Actor, service: str, answers: dict[str, Any], for_person: str | None) -> str:
    """Fill in a whole journey and hand it in; returns the reference.

    Raises:
        Invalid: the journey does not take these answers.
    """
    version = drafting.published_version(service)
    given = {key: _as_it_happens(key, value) for key, value in answers.items()}
    known = known_facts(for_person or actor.person_id)
    saved = save_all(journey_of(version), given, outside(known, rules.all_file_ids(given), Lookups()))
    if not saved.ok:
        raise Invalid({error.field: error.message for error in saved.errors})
    draft = drafting.begin(actor, drafting.Beginning(version, for_person=for_person), saved.answers)
    return submitting.submit(draft, actor).reference


def pay(reference: str, actor: Actor, till: Till, outcome: str) -> None:
    """Go to pay what was handed in, press a button at the provider, and come back."""
    bill = ports.payments().bill_about(reference)
    if bill is None:
        return
    token = bill.pay_path.rpartition("/")[2]
    started = start_payment(token, actor)
    till.choose(started.next_url, outcome)
    settle_by_attempt(token, started.attempt, actor)


def finish_tasks(actor: Actor, reference: str, words: str) -> None:
    """Open the case, as an officer does, and tick off what is to do."""
    for task in desk_page(actor, reference).tasks:
        if task.state == "todo":
            working.finish_task(actor, reference, task.id, words)


def _as_it_happens(key: str, value: Any) -> Any:
    """An answer that is known only on the day: a file to upload, a time that is still free."""
    if value == PROOF:
        kept = files.keep(f"{key.replace('_', '-')}.png", _picture(), about="draft:demo")
        return [{"id": kept.id, "name": kept.name, "kind": "png", "size": kept.size}]
    if value == SLOT:
        offered = ports.slots().offer("bulky-waste", today())
        free = [slot for slot in offered if slot.places_left > 0]
        return {"id": free[0].id, "label": free[0].label} if free else None
    return value


@cache
def _picture() -> bytes:
    """A small picture that says what it is."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (320, 120), "#eef4f2")
    ImageDraw.Draw(picture).text((24, 50), "Example evidence: nobody's real paper", fill="#0f3d47")
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()
