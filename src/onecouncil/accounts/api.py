# SPDX-License-Identifier: MIT
"""The door of the room: people, who they are to us, and who on the staff did something."""

from onecouncil.accounts.actions import (
    AddressGiven,
    DetailsGiven,
    change_address,
    change_details,
    create_person,
    create_user,
    own_person,
)
from onecouncil.accounts.bearer import actor_of_token
from onecouncil.accounts.reads import (
    PersonView,
    UserView,
    find_people,
    known_facts,
    names_of,
    people_named,
    person,
    person_of_user,
    staff_with_role,
)
from onecouncil.accounts.throttle import client_ip

__all__ = [
    "AddressGiven",
    "DetailsGiven",
    "PersonView",
    "UserView",
    "actor_of_token",
    "change_address",
    "change_details",
    "client_ip",
    "create_person",
    "create_user",
    "find_people",
    "known_facts",
    "names_of",
    "own_person",
    "people_named",
    "person",
    "person_of_user",
    "staff_with_role",
]
