# SPDX-License-Identifier: MIT
"""Questions of the room. Answers are frozen dataclasses."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import F, Q, QuerySet

from onecouncil.accounts import rules
from onecouncil.accounts.models import ApiToken, Person, RoleHolding, User
from onecouncil.core.actors import Actor
from onecouncil.core.addresses import tidy_postcode
from onecouncil.core.calendar import now
from onecouncil.core.permissions import TABLE, may, require
from onecouncil.core.problems import NotFound

PAGE = 20


@dataclass(frozen=True)
class PersonView:
    """Somebody we deal with. `user_id` when they can sign in."""

    id: str
    name: str
    email: str
    phone: str
    date_of_birth: date | None
    uprn: str
    address: str
    postcode: str
    created_at: datetime
    closed_at: datetime | None
    user_id: int | None = None

    @property
    def one_line(self) -> str:
        """The whole address on one line; empty when we know none."""
        return ", ".join(part for part in (self.address, self.postcode) if part)

    @property
    def key(self) -> str:
        """Where a list goes on after this person."""
        return f"{self.id}"


@dataclass(frozen=True)
class UserView:
    """Somebody who signs in, with the staff roles they hold."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]
    person_id: str | None


@dataclass(frozen=True)
class TokenView:
    id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def person(person_id: str) -> PersonView | None:
    """The person with this id; closed ones too. The caller has asked permission and logged the look."""
    if not _is_uuid(person_id):
        return None
    row = _people().filter(pk=person_id).first()
    return _person_view(row) if row else None


def people_named(person_ids: Iterable[str]) -> dict[str, str]:
    """Names by person id, in one query, for lists."""
    rows = Person.objects.filter(pk__in=[one for one in person_ids if _is_uuid(one)])
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def person_of_user(user_id: int) -> PersonView | None:
    row = _people().filter(user=user_id).first()
    return _person_view(row) if row else None


def find_people(actor: Actor, query: str, *, after: str = "", size: int = PAGE) -> list[PersonView]:
    """People whose name, e-mail address, phone or postcode fits, by name; `after` is the last id of the page before.

    Raises:
        Forbidden: not allowed to search customers.
    """
    require(actor, "customer.search")
    rows = _people().filter(_fits(query), closed_at__isnull=True)
    last = Person.objects.filter(pk=after).values("name", "pk").first() if _is_uuid(after) else None
    if last:
        rows = rows.filter(Q(name__gt=last["name"]) | Q(name=last["name"], pk__gt=last["pk"]))
    return [_person_view(row) for row in rows.order_by("name", "pk")[:size]] if query.strip() else []


def known_facts(person_id: str) -> dict[str, object]:
    """What we know of a person, as journeys name it, so that nobody is asked twice; what we do not know is left out."""
    known = person(person_id)
    if known is None or known.closed_at:
        return {}
    facts = {
        "person.name": known.name,
        "person.email": known.email,
        "person.phone": known.phone,
        "person.date_of_birth": known.date_of_birth.isoformat() if known.date_of_birth else "",
        "person.address": rules.address_fact(known.uprn, known.address, known.postcode),
        "person.uprn": known.uprn,
        "person.postcode": known.postcode,
    }
    return {key: value for key, value in facts.items() if value}


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Names by user id, in one query, to show which member of staff did something."""
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "name"))


def staff_with_role(role: str) -> list[UserView]:
    """Everybody who holds a role, by name: to whom a case can be given."""
    rows = User.objects.filter(is_active=True, role_holdings__role=role).order_by("name", "pk")[:500]
    return _user_views(list(rows))


def users(actor: Actor, query: str = "", *, after: int = 0, size: int = PAGE) -> list[UserView]:
    """Staff; with a query, anybody whose name or e-mail address starts so. In the order they came, a page by key."""
    require(actor, "staff.manage")
    rows = User.objects.filter(is_active=True, pk__gt=after)
    word = query.strip().lower()
    rows = rows.filter(_starts("email", word) | Q(name__istartswith=word)) if word else rows.filter(_is_staff())
    return _user_views(list(rows.order_by("pk")[:size]))


def access_user(actor: Actor, user_id: int) -> UserView:
    """One user, for those who manage staff."""
    require(actor, "staff.manage")
    rows = _user_views(list(User.objects.filter(pk=user_id, is_active=True)))
    if not rows:
        raise NotFound()
    return rows[0]


def tokens_of(actor: Actor) -> list[TokenView]:
    """The asker's own live tokens, newest first."""
    rows = ApiToken.objects.filter(user_id=actor.user_id or 0, revoked_at__isnull=True, expires_at__gt=now())
    return [
        TokenView(r.pk, r.name, r.prefix, tuple(r.scopes), r.created_at, r.expires_at, r.last_used_at)
        for r in rows.order_by("-pk")[:50]
    ]


def scopes_held(actor: Actor) -> list[str]:
    """The scopes this asker could give a token: their own things, and what their roles allow."""
    return [rules.OWN, *(permission for permission in TABLE if may(actor, permission))]


def _people() -> QuerySet[Person]:
    return Person.objects.annotate(signs_in_as=F("user__pk"))


def _fits(query: str) -> Q:
    kind, text = rules.search_kind(query), query.strip()
    if kind == "email":
        return _starts("email", text.lower())
    if kind == "phone":
        return _starts("phone_digits", rules.phone_digits(text))
    if kind == "postcode":
        return _starts("postcode", tidy_postcode(text) or text.upper())
    fits = Q()
    for word in text.split()[:5]:
        fits &= Q(name__icontains=word)
    return fits


def _starts(field: str, prefix: str) -> Q:
    """A prefix that an index answers: a range on SQLite, which orders by bytes; LIKE on PostgreSQL."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + "\U0010ffff"})
    return Q(**{f"{field}__startswith": prefix})


def _is_staff() -> Q:
    return Q(pk__in=RoleHolding.objects.values("user_id"))


def _user_views(rows: list[User]) -> list[UserView]:
    roles: dict[int, list[str]] = {row.pk: [] for row in rows}
    for user_id, role in RoleHolding.objects.filter(user__in=roles).order_by("role").values_list("user_id", "role"):
        roles[user_id].append(role)
    return [
        UserView(row.pk, row.name, row.email, tuple(roles[row.pk]), str(row.person_id) if row.person_id else None)
        for row in rows
    ]


def _person_view(row: Person) -> PersonView:
    return PersonView(
        id=str(row.pk),
        name=row.name,
        email=row.email,
        phone=row.phone,
        date_of_birth=row.date_of_birth,
        uprn=row.uprn,
        address=row.address,
        postcode=row.postcode,
        created_at=row.created_at,
        closed_at=row.closed_at,
        user_id=getattr(row, "signs_in_as", None),
    )


def _is_uuid(text: object) -> bool:
    try:
        uuid.UUID(str(text))
    except ValueError:
        return False
    return True
