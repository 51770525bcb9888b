# SPDX-License-Identifier: MIT
"""Finding one's own case without an account: reference and postcode together, and nothing told to who has only one."""

from onecouncil.casework import rules
from onecouncil.casework.models import Case
from onecouncil.core.problems import NotFound
from onecouncil.core.references import normalise

NO_MATCH = "We could not find a request with that reference and postcode. Check both and try again"


def find_tracked(reference: str, postcode: str) -> str:
    """The reference of the case that both fit.

    The same work is done for a wrong reference as for a wrong postcode, so that neither the words nor the time of the
    answer tell which it was.

    Raises:
        NotFound: the two do not belong together, or there is no such case.
    """
    wanted = normalise(reference) or ""
    held = (
        Case.objects.filter(reference=wanted, erased_at__isnull=True).values_list("track_postcode", flat=True).first()
    )
    if not rules.same_postcode(held or "", postcode):
        raise NotFound(NO_MATCH)
    return wanted
