# SPDX-License-Identifier: MIT
"""What this room asks of the rooms below it, in one place: the submission, the person's address, the staff."""

from typing import TYPE_CHECKING, Any

from onecouncil.core.actors import Actor

if TYPE_CHECKING:
    from onecouncil.services.api import SubmissionView


def submission(reference: str) -> "SubmissionView":
    """What was handed in.

    Raises:
        NotFound: there is no such submission, for example for a case the house opened by itself.
    """
    from onecouncil.services import api

    return api.submission(reference)


def withdraw(reference: str, actor: Actor) -> None:
    """Take the submission back; `submission.withdrawn` then closes the case."""
    from onecouncil.services import api

    api.withdraw(reference, actor)


def change_address(person_id: str, answer: dict[str, Any], actor: Actor) -> None:
    """Change the person's address in their account; `person.address_changed` tells everybody else.

    Raises:
        Problem: the address or the person is not good; Unavailable: the address service is not answering.
    """
    from onecouncil.accounts import api

    line = ", ".join(str(answer[part]) for part in ("line1", "line2", "town") if answer.get(part))
    given = api.AddressGiven(str(answer.get("uprn") or ""), line, str(answer.get("postcode") or ""))
    api.change_address(actor, person_id, given)


def address_of(person_id: str) -> str:
    """Where a person lives, on one line; empty when we do not know."""
    from onecouncil.accounts import api

    known = api.person(person_id)
    return known.one_line if known else ""


def caseworkers() -> dict[int, str]:
    """Names by user id of those a case can be given to."""
    from onecouncil.accounts import api

    return {user.id: user.name for user in api.staff_with_role("caseworker")}


def name_of(user_id: int) -> str:
    """The name of a member of staff."""
    from onecouncil.accounts import api

    return api.names_of([user_id]).get(user_id, "")


def one_line(answer: dict[str, Any]) -> str:
    """An address answer as one line."""
    return ", ".join(str(answer[part]) for part in ("line1", "line2", "town", "postcode") if answer.get(part))
