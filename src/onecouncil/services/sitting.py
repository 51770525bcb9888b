# SPDX-License-Identifier: MIT
"""One look at a journey: its version, the answers so far, and the world as the engine sees it. One for each request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onecouncil.services import rules
from onecouncil.services.engine import (
    Definition,
    Outside,
    PageOnPath,
    exit_reached,
    find_page,
    first_unanswered,
    next_page,
    path,
    prefill,
)
from onecouncil.services.journeys import journey_of
from onecouncil.services.models import Draft, ServiceVersion
from onecouncil.services.outside import Lookups, outside
from onecouncil.services.people import known_facts

PASSED_OVER = ("person.name", "person.email", "person.phone", "person.postcode")
"""Facts that are taken without asking again; others stand in the form for the person to confirm."""
CHECK = "check"


@dataclass
class Sitting:
    """`prefilled`: values to draw where nothing is answered yet."""

    version: ServiceVersion
    definition: Definition
    answers: dict[str, Any]
    draft: Draft | None
    lookups: Lookups
    world: Outside
    prefilled: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str(self.version.content["title"])

    def page(self, page_id: str) -> PageOnPath | None:
        return find_page(self.definition, self.answers, page_id, self.world)

    def where_to_go_on(self) -> str:
        """The page to answer next: the first open one, an exit that was reached, or check-your-answers."""
        left = exit_reached(self.definition, self.answers, self.world)
        return left.id if left else first_unanswered(self.definition, self.answers, self.world) or CHECK

    def after(self, page_id: str | None) -> str:
        """From the page the engine names, on over those answered already (from what we know, or earlier)."""
        while page_id is not None:
            page = self.page(page_id)
            if page is None or page.kind != "page" or not page.answered:
                return page_id
            page_id = next_page(self.definition, self.answers, page_id, self.world)
        return self.where_to_go_on()

    def path_ids(self) -> list[str]:
        return [page.id for page in path(self.definition, self.answers, self.world)]

    @property
    def sign_in_at(self) -> str | None:
        return rules.signs_in_at(self.version.content["journey"])


def sit_down(version: ServiceVersion, *, draft: Draft | None = None, person_id: str | None = None) -> Sitting:
    """A sitting for a draft, or for a person who has not begun."""
    owner = str(draft.person_id) if draft and draft.person_id else person_id
    known = known_facts(owner)
    answers = dict(draft.answers) if draft else {}
    lookups = Lookups()
    allowed = rules.all_file_ids(answers) | _uploaded(draft)
    sitting = Sitting(version, journey_of(version), answers, draft, lookups, outside(known, allowed, lookups))
    if owner:
        take_known(sitting, known)
    return sitting


def take_known(sitting: Sitting, known: Mapping[str, Any]) -> None:
    """Answer what we know for certain; hold the rest ready to be confirmed."""
    found = prefill(sitting.definition, known, sitting.answers, sitting.world)
    for key, value in found.items():
        if sitting.definition.questions[key].prefill in PASSED_OVER:
            sitting.answers[key] = value
        else:
            sitting.prefilled[key] = value


def _uploaded(draft: Draft | None) -> set[str]:
    return {file_id for ids in draft.uploads.values() for file_id in ids} if draft else set()
