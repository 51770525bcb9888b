# SPDX-License-Identifier: MIT
"""Staff roles: given and taken by an administrator; the house never loses its last one."""

from collections.abc import Collection

from django.db import transaction

from onecouncil.accounts import rules
from onecouncil.accounts.models import RoleHolding, User
from onecouncil.core import events
from onecouncil.core.actors import STAFF_ROLES, Actor
from onecouncil.core.calendar import now
from onecouncil.core.permissions import ADMIN, require
from onecouncil.core.problems import Conflict, Invalid, NotFound


def give_role(actor: Actor, user_id: int, role: str) -> None:
    """Give a user a staff role; nothing happens when they hold it.

    Raises:
        Forbidden: not allowed to manage staff.
        NotFound: no such user, or a closed one.
        Invalid: no such role.
    """
    require(actor, "staff.manage")
    _check_role(role)
    with transaction.atomic():
        if not User.objects.filter(pk=user_id, is_active=True).exists():
            raise NotFound()
        _held, fresh = RoleHolding.objects.get_or_create(
            user_id=user_id, role=role, defaults={"given_by": actor.label, "given_at": now()}
        )
        if fresh:
            events.publish("role.given", subject=f"user:{user_id}", data=_data(user_id, role), actor=actor)


def take_role(actor: Actor, user_id: int, role: str) -> None:
    """Take a staff role from a user; it counts from their next request.

    Raises:
        Forbidden: not allowed to manage staff.
        NotFound: they do not hold it.
        Conflict: they are the last administrator.
    """
    require(actor, "staff.manage")
    _check_role(role)
    with transaction.atomic():
        if role == ADMIN:
            keep_an_administrator(user_id)
        gone, _ = RoleHolding.objects.filter(user_id=user_id, role=role).delete()
        if not gone:
            raise NotFound()
        events.publish("role.taken", subject=f"user:{user_id}", data=_data(user_id, role), actor=actor)


def set_roles(actor: Actor, user_id: int, roles: Collection[str]) -> None:
    """Give and take until the user holds exactly these roles, all or nothing."""
    require(actor, "staff.manage")
    for role in roles:
        _check_role(role)
    with transaction.atomic():
        held = set(RoleHolding.objects.filter(user_id=user_id).values_list("role", flat=True))
        for role in sorted(set(roles) - held):
            give_role(actor, user_id, role)
        for role in sorted(held - set(roles)):
            take_role(actor, user_id, role)


def keep_an_administrator(user_id: int) -> None:
    """Pass when somebody else is an administrator too. Locks the holdings, so that two cannot leave at once.

    Raises:
        Conflict: this user is the last one.
    """
    holdings = RoleHolding.objects.select_for_update().filter(role=ADMIN, user__is_active=True)
    holders = list(holdings.order_by("pk").values_list("user_id", flat=True))
    if user_id in holders and not rules.may_lose_administrator(holders, user_id):
        raise Conflict("The council needs at least one administrator. Make somebody else administrator first")


def _check_role(role: str) -> None:
    if role not in STAFF_ROLES:
        raise Invalid({"roles": "Select a role from the list"})


def _data(user_id: int, role: str) -> dict[str, object]:
    return {"user_id": user_id, "role": role}
