# SPDX-License-Identifier: MIT
"""People: known on their first sign-in, or when staff write them down; their details; where they live."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from onecouncil.accounts import rules
from onecouncil.accounts.models import Person, User
from onecouncil.core import addresses, events
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now, today
from onecouncil.core.permissions import may, require, require_signed_in
from onecouncil.core.problems import Conflict, Invalid, NotFound


@dataclass(frozen=True)
class DetailsGiven:
    """What somebody says of themselves. `phone` as typed."""

    name: str
    phone: str = ""
    date_of_birth: date | None = None


@dataclass(frozen=True)
class AddressGiven:
    """A property by `uprn`, or `line` and `postcode` as typed when it is in no list."""

    uprn: str = ""
    line: str = ""
    postcode: str = ""


def settle_person(user_id: int) -> str | None:
    """The person of a user whose e-mail address is proved: theirs, the one staff wrote down with it, or a new one.

    Two people waiting under one address (a family's mailbox) are not guessed between: a new one is made and the data
    stewards match them. Staff get no person by signing in.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if user.person_id or user.role_holdings.exists():
            return str(user.person_id) if user.person_id else None
        return _give_person(user)


def never_signed_in(user_id: int) -> bool:
    """Whether this user signed up and never finished: no person, no role yet."""
    return User.objects.filter(pk=user_id, person__isnull=True, role_holdings__isnull=True).exists()


def own_person(actor: Actor) -> str:
    """The asker's own person, made now when they have none yet (staff who want something from the council themselves).

    Raises:
        SignInNeeded: nobody is signed in.
    """
    require_signed_in(actor)
    if actor.person_id:
        return actor.person_id
    if actor.kind == "token":
        raise NotFound("This token may not see its owner's own things")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.user_id or 0)
        return str(user.person_id) if user.person_id else _give_person(user)


def _give_person(user: User) -> str:
    waiting = list(Person.objects.filter(email=user.email, closed_at__isnull=True, user__isnull=True)[:2])
    linked = len(waiting) == 1
    person = (
        waiting[0]
        if linked
        else Person.objects.create(name=user.name or user.email.partition("@")[0], email=user.email, created_at=now())
    )
    User.objects.filter(pk=user.pk).update(person=person, name=user.name or person.name)
    actor = Actor(kind="person", user_id=user.pk, person_id=str(person.pk))
    _tell("person.registered", person.pk, actor, linked=linked, signs_in=True)
    return str(person.pk)


def create_person(actor: Actor, details: DetailsGiven, email: str = "", address: AddressGiven | None = None) -> str:
    """Write down somebody staff serve. When they later sign up with the same e-mail address, the two become one.

    Raises:
        Forbidden: not allowed to edit customers.
        Invalid: something typed is wrong.
    """
    require(actor, "customer.edit")
    faults, tidy = _checked(details)
    email = email.strip().lower()
    if email and not _is_email(email):
        faults["email"] = "Enter an e-mail address like name@example.com"
    if faults:
        raise Invalid(faults)
    place = _place(address) if address else {}
    with transaction.atomic():
        person = Person.objects.create(email=email, created_at=now(), **tidy, **place)
        _tell("person.registered", person.pk, actor, linked=False, signs_in=False)
    return str(person.pk)


def change_details(actor: Actor, person_id: str, details: DetailsGiven) -> None:
    """Change name, phone and date of birth.

    Raises:
        Invalid: something typed is wrong; nothing is changed.
        NotFound: no such person, or not the asker's to change.
    """
    faults, tidy = _checked(details)
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        person = _access_to_change(actor, person_id)
        changed = sorted(field for field, value in tidy.items() if getattr(person, field) != value)
        if not changed:
            return
        Person.objects.filter(pk=person.pk).update(**tidy)
        User.objects.filter(person=person).update(name=tidy["name"])
        _tell("person.details_changed", person.pk, actor, fields=changed)


def change_address(actor: Actor, person_id: str, given: AddressGiven) -> None:
    """Change where a person lives, once for all rooms: they hear `person.address_changed`.

    Raises:
        Invalid: the address is not complete; nothing is changed.
        NotFound: no such person, or not the asker's to change.
        Unavailable: the outside address service is not answering.
    """
    place = _place(given)
    with transaction.atomic():
        person = _access_to_change(actor, person_id)
        old = {"old_uprn": person.uprn, "old_postcode": person.postcode}
        if all(getattr(person, field) == value for field, value in place.items()):
            return
        Person.objects.filter(pk=person.pk).update(**place)
        _tell("person.address_changed", person.pk, actor, uprn=place["uprn"], postcode=place["postcode"], **old)


def email_confirmed(user_id: int, email: str) -> None:
    """Carry a user's newly confirmed e-mail address to their person. Call it in the transaction of the change."""
    person = Person.objects.filter(user=user_id).exclude(email=email).first()
    if person is None:
        return
    Person.objects.filter(pk=person.pk).update(email=email)
    actor = Actor(kind="person", user_id=user_id, person_id=str(person.pk))
    _tell("person.details_changed", person.pk, actor, fields=["email"])


def _access_to_change(actor: Actor, person_id: str) -> Person:
    """The person, locked, when they are the asker's own or the asker may edit customers."""
    own = actor.person_id is not None and str(actor.person_id) == str(person_id)
    if not own and not may(actor, "customer.edit"):
        raise NotFound()
    try:
        person = Person.objects.select_for_update().filter(pk=person_id).first()
    except ValidationError:
        person = None
    if person is None:
        raise NotFound()
    if person.closed_at:
        raise Conflict("This account is closed")
    return person


def _checked(details: DetailsGiven) -> tuple[dict[str, str], dict[str, Any]]:
    """(faults, tidy values) of details."""
    faults = rules.details_faults(details.name, details.phone)
    if details.date_of_birth and rules.birth_fault(details.date_of_birth, today()):
        faults["date_of_birth"] = rules.birth_fault(details.date_of_birth, today())
    name, phone = rules.tidy_name(details.name), rules.tidy_phone(details.phone) or ""
    return faults, {"name": name, "phone": phone, "date_of_birth": details.date_of_birth}


def _place(given: AddressGiven) -> dict[str, str]:
    """The columns of an address; looked up outside any transaction, since the lookup may leave the house."""
    if given.uprn:
        found = addresses.by_uprn(given.uprn)
        if found is None:
            raise Invalid({"uprn": "Select your address from the list, or type it in"})
        return {"uprn": found.uprn, "address": found.line[: rules.ADDRESS_LENGTH], "postcode": found.postcode}
    line, postcode = rules.tidy_name(given.line), addresses.tidy_postcode(given.postcode)
    faults = {}
    if not line:
        faults["line"] = "Enter the address: number, street and town"
    elif len(line) > rules.ADDRESS_LENGTH:
        faults["line"] = f"The address must be {rules.ADDRESS_LENGTH} characters or fewer"
    if postcode is None:
        faults["postcode"] = "Enter a full UK postcode, like LM1 4QX"
    if faults or postcode is None:
        raise Invalid(faults)
    return {"uprn": "", "address": line, "postcode": postcode}


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _tell(event: str, person_id: object, actor: Actor, **data: Any) -> None:
    """Ids, references and names of fields only: an event carries no personal data but the postcode of a move."""
    events.publish(event, subject=str(person_id), data={"person_id": str(person_id), **data}, actor=actor)
