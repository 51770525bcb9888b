# SPDX-License-Identifier: MIT
"""The only way to a case: `access_case(actor, reference)`. Not there and not yours are told alike."""

from dataclasses import dataclass

from django.core import signing

from onecouncil.casework.models import Case
from onecouncil.core.actors import Actor
from onecouncil.core.permissions import may
from onecouncil.core.problems import NotFound

GRANT_SECONDS = 30 * 60
_SALT = "casework.track"


@dataclass(frozen=True)
class Grant:
    """Leave to see one case without an account, given for half an hour to who knew its reference and postcode."""

    reference: str


def sign_grant(reference: str) -> str:
    return signing.dumps(reference, salt=_SALT)


def read_grant(signed: str) -> Grant | None:
    """The grant in a signed text; None when it is not ours or has run out."""
    try:
        return Grant(str(signing.loads(signed, salt=_SALT, max_age=GRANT_SECONDS)))
    except signing.BadSignature:
        return None


def access_case(actor: Actor, reference: str, *, grant: Grant | None = None, lock: bool = False) -> Case:
    """The case, for its own person, for staff who may view cases, or for a grant of this very case.

    Args:
        lock: hold the row until the transaction ends, so that what is then looked at stays true.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    if not reference.isprintable():
        raise NotFound()
    rows = Case.objects.select_related("case_type")
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(reference=reference).first()
    if case is None or not _may_see(actor, case, grant):
        raise NotFound()
    return case


def is_own(actor: Actor, case: Case, grant: Grant | None = None) -> bool:
    """Whether the asker is the person of the case, or came by its reference and postcode."""
    if grant is not None and grant.reference == case.reference:
        return True
    return bool(actor.person_id) and str(case.person_id) == str(actor.person_id)


def _may_see(actor: Actor, case: Case, grant: Grant | None) -> bool:
    return is_own(actor, case, grant) or may(actor, "case.view")
