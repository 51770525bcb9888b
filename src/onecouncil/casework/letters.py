# SPDX-License-Identifier: MIT
"""Messages to the person of a case: whom to write to, where the link goes, which words."""

import re
from typing import Any

from django.conf import settings

from onecouncil.casework.casetypes import CaseType, DecisionType, Letter
from onecouncil.casework.models import Case
from onecouncil.core import messaging
from onecouncil.core.borough import borough
from onecouncil.core.calendar import screen_date
from onecouncil.core.messaging import Recipient

_FIELD = re.compile(r"\{([a-z_]+)\}")


def recipient(case: Case) -> Recipient:
    person = str(case.person_id) if case.person_id else None
    return Recipient(case.contact_email, case.contact_phone, case.contact_name, person)


def case_path(case: Case) -> str:
    """Where the person sees this case: in the account, or by reference and postcode."""
    return f"/account/cases/{case.reference}" if case.person_id else f"/track?reference={case.reference}"


def write(case: Case, template: str, key: str, **context: Any) -> None:
    """Send a message from a template, once for each key."""
    words = {**_facts(case), **context}
    messaging.send(to=recipient(case), template=template, context=words, key=key, about=case.reference)


def write_decision(case: Case, case_type: CaseType, decision: DecisionType, reason: str, key: str) -> None:
    """Tell the person of a decision: in the service's own words when it has them, else in the house's."""
    letter = case_type.letter_for(decision)
    if letter is None:
        template = decision.message if has_template(decision.message) else "case-decided"
        again = bool(case_type.second_stage and case.level == 1 and decision.closes and not decision.grants)
        write(case, template, key, decision=decision.label, reason=reason, again=again)
        return
    words = {**_facts(case), "decision": decision.label, "reason": reason, "name": case.contact_name}
    filled = Letter(_fill(letter.subject, words), _fill(letter.body, words))
    messaging.send_written(
        recipient(case), subject=filled.subject, body=filled.body, key=key, about=case.reference, kind=decision.key
    )


def has_template(name: str) -> bool:
    """Whether the house has a message template of that name."""
    from django.template import TemplateDoesNotExist, engines

    if not name or "/" in name:
        return False
    try:
        engines["text"].get_template(f"messages/{name}.txt")
    except TemplateDoesNotExist:
        return False
    return True


def _facts(case: Case) -> dict[str, str]:
    return {
        "reference": case.reference,
        "title": case.title,
        "due": screen_date(case.due_at),
        "link": settings.SITE_URL + case_path(case),
    }


def _fill(text: str, words: dict[str, str]) -> str:
    """`{field}` from the case, `{table.fact}` from the borough; an unknown field stays as it was written."""
    with_case = _FIELD.sub(lambda match: words.get(match.group(1), match.group(0)), text)
    return borough().fill(with_case)


def promise(text: str, case: Case) -> str:
    """A stage's promise with its dates, as a person reads it."""
    return _fill(text, _facts(case))
