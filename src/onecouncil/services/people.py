# SPDX-License-Identifier: MIT
"""What we know of a person already, so that no journey asks for it twice."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID


def known_facts(person_id: str | UUID | None) -> dict[str, Any]:
    """Facts for prefilling and conditions (`person.name`, `person.address`, …); empty for nobody."""
    if person_id is None:
        return {"person.signed_in": False}
    from onecouncil.accounts import api

    known: Mapping[str, Any] = api.known_facts(str(person_id))
    return {"person.signed_in": True, **known}
