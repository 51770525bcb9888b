# SPDX-License-Identifier: MIT
"""Verbs of the room: may I, do it, tell it by an event, in one transaction."""

from onecouncil.accounts.actions.closing import close_account
from onecouncil.accounts.actions.people import (
    AddressGiven,
    DetailsGiven,
    change_address,
    change_details,
    create_person,
    email_confirmed,
    never_signed_in,
    own_person,
    settle_person,
)
from onecouncil.accounts.actions.roles import give_role, set_roles, take_role
from onecouncil.accounts.actions.tokens import create_token, revoke_token
from onecouncil.accounts.actions.users import create_user

__all__ = [
    "AddressGiven",
    "DetailsGiven",
    "change_address",
    "change_details",
    "close_account",
    "create_person",
    "create_token",
    "create_user",
    "email_confirmed",
    "give_role",
    "never_signed_in",
    "own_person",
    "revoke_token",
    "set_roles",
    "settle_person",
    "take_role",
]
