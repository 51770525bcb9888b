# SPDX-License-Identifier: MIT
"""Who may do what: the one table. A test walks every URL of the site as every role and holds the answers against it.

A resident needs no permission to act on what is their own: rooms' `access_…` functions give a person their own
things. The table is for acting on other people's, and on the council's.
"""

from onecouncil.core.actors import Actor
from onecouncil.core.problems import Forbidden, SignInNeeded

ADVISER, CASEWORKER, FINANCE, STEWARD, EDITOR, ADMIN = (
    "adviser",
    "caseworker",
    "finance",
    "steward",
    "editor",
    "administrator",
)

TABLE: dict[str, frozenset[str]] = {
    # permission                who has it
    "desk.open": frozenset({ADVISER, CASEWORKER, FINANCE, STEWARD, EDITOR, ADMIN}),
    "customer.search": frozenset({ADVISER, CASEWORKER, STEWARD}),
    "customer.view": frozenset({ADVISER, CASEWORKER, STEWARD}),
    "customer.edit": frozenset({ADVISER, STEWARD}),
    "journey.assist": frozenset({ADVISER}),
    "case.view": frozenset({ADVISER, CASEWORKER}),
    "case.work": frozenset({CASEWORKER}),
    "case.message": frozenset({ADVISER, CASEWORKER}),
    "case.decide": frozenset({CASEWORKER}),
    "case.manage": frozenset({CASEWORKER}),
    "payment.view": frozenset({FINANCE}),
    "payment.refund": frozenset({FINANCE}),
    "payment.send_link": frozenset({ADVISER, FINANCE}),
    "content.edit": frozenset({EDITOR}),
    "content.publish": frozenset({EDITOR}),
    "data.view": frozenset({STEWARD, ADMIN}),
    "message.view": frozenset({ADMIN}),
    "webhook.manage": frozenset({ADMIN}),
    "event.view": frozenset({ADMIN}),
    "audit.view": frozenset({ADMIN}),
    "health.view": frozenset({ADMIN}),
    "staff.manage": frozenset({ADMIN}),
    "token.manage": frozenset({ADMIN}),
}


def may(actor: Actor, permission: str) -> bool:
    """Whether the table gives `permission` to one of the actor's roles (and, for a token, its scopes name it).

    Raises:
        KeyError: for a permission that is not in the table: a slip in our own code.
    """
    holders = TABLE[permission]
    if actor.kind == "system":
        return True
    if actor.token_scopes is not None and permission not in actor.token_scopes:
        return False
    return not holders.isdisjoint(actor.roles)


def require(actor: Actor, permission: str) -> None:
    """Pass, or raise.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: somebody is, and may not.
    """
    if may(actor, permission):
        return
    if not actor.is_signed_in:
        raise SignInNeeded()
    raise Forbidden()


def require_signed_in(actor: Actor) -> None:
    if not actor.is_signed_in:
        raise SignInNeeded()
