# SPDX-License-Identifier: MIT
"""A borough's worth of cases at once, for measuring: copies of the demo's own, with new references and dates.

The one place that writes another room's rows (casework's): no verb makes 100,000 cases in a minute. Never used by `up`.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.forms.models import model_to_dict

from onecouncil.casework.finding import words_of
from onecouncil.casework.models import Case, CaseWord
from onecouncil.core.borough import borough
from onecouncil.core.references import new_reference

BATCH = 5_000
SPREAD_DAYS = 365


def copy_cases(count: int, seed: int = 1) -> int:
    """Make cases until there are `count`; three in ten of the copies are open. Returns how many were made."""
    patterns = list(Case.objects.order_by("pk")[:400])
    wanted = max(0, count - Case.objects.count())
    if not patterns:
        raise ValueError("there is no case to copy: fill the demo first")
    rng = random.Random(seed)  # noqa: S311 - a repeatable crowd, not a secret
    copies = _copies(patterns, rng)
    made = 0
    while made < wanted:
        batch = list(islice(copies, min(BATCH, wanted - made)))
        with transaction.atomic():
            Case.objects.bulk_create(batch)
            CaseWord.objects.bulk_create(
                [CaseWord(case=case, word=word) for case in batch for word in words_of(case.contact_name)[:3]]
            )
        made += len(batch)
    return made


def _copies(patterns: list[Case], rng: random.Random) -> Iterator[Case]:
    """Open ones and closed ones, in the proportion a council has after a year."""
    opened = [case for case in patterns if case.closed_at is None] or patterns
    closed = [case for case in patterns if case.closed_at] or patterns
    while True:
        yield _copy(rng.choice(opened if rng.random() < 0.3 else closed), rng)


def _copy(pattern: Case, rng: random.Random) -> Case:
    """The same case at another time, under another reference."""
    values = model_to_dict(pattern, exclude=["id", "case_type"])
    copy = Case(**values, case_type_id=pattern.case_type_id)
    back = timedelta(days=rng.randrange(SPREAD_DAYS), seconds=rng.randrange(86_400))
    for name in ("opened_at", "due_at", "changed_at", "closed_at", "acknowledge_by", "acknowledged_at", "replied_at"):
        moment = getattr(pattern, name)
        setattr(copy, name, moment - back if moment else None)
    copy.reference = new_reference(borough().code)
    copy.person_id = uuid.UUID(int=rng.getrandbits(128), version=4)  # somebody else: nobody has a thousand cases
    return copy
