# SPDX-License-Identifier: MIT
"""Who is asking. Made once for each request, job or command, then passed to every action."""

from dataclasses import dataclass, field

RESIDENT = "resident"
STAFF_ROLES = ("adviser", "caseworker", "finance", "steward", "editor", "administrator")
ROLES = (RESIDENT, *STAFF_ROLES)


@dataclass(frozen=True)
class Actor:
    """One asker. `kind` is anonymous, person (signed in), token (an API token) or system (the house itself)."""

    kind: str = "anonymous"
    user_id: int | None = None
    person_id: str | None = None
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    token_scopes: frozenset[str] | None = None
    """For a token: the permissions it was given; None means all that the roles allow."""

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_staff(self) -> bool:
        return any(role in self.roles for role in STAFF_ROLES)

    @property
    def label(self) -> str:
        """How the audit trail names this actor: never personal data of a resident."""
        if self.kind == "system":
            return f"system:{self.name}"
        return f"user:{self.user_id}" if self.user_id else "anonymous"


ANONYMOUS = Actor()


def system(name: str) -> Actor:
    """The house acting by itself, e.g. `system("payments.poller")`; may do anything, and the trail says so."""
    return Actor(kind="system", name=name)
