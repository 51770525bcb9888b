# SPDX-License-Identifier: MIT
"""Test people are Alice, Bob and Charlie (residents) and Ada (adviser), Cass (caseworker), Fin (finance), Stew
(steward), Ed (editor), Addie (administrator). Tests use a real database, and run subscribers and jobs with `work()`."""

from collections.abc import Callable
from datetime import timedelta

import hypothesis
import pytest
from django.test import Client
from django.utils import timezone

from onecouncil.core.actors import RESIDENT, Actor

hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

STAFF = {
    "ada": "adviser",
    "cass": "caseworker",
    "fin": "finance",
    "stew": "steward",
    "ed": "editor",
    "addie": "administrator",
}


@pytest.fixture
def people(db: None) -> dict[str, Actor]:
    """Every test person, as an Actor, with a User and (residents) a Person behind it."""
    return {name: make_person(name) for name in ("alice", "bob", "charlie", *STAFF)}


def make_person(name: str) -> Actor:
    from onecouncil.accounts.models import Person, RoleHolding, User

    role = STAFF.get(name, RESIDENT)
    email = f"{name}@example.org"
    person = None
    if role == RESIDENT:
        person = Person.objects.create(
            name=f"{name.title()} Example",
            email=email,
            phone="07700 900001",
            uprn="10000000001",
            address="1 Heron Street, Larkmere",
            postcode="LM1 1AA",
            created_at=timezone.now() - timedelta(days=30),
        )
    user = User.objects.create_user(email, "correct horse battery", name=name.title(), person=person)
    if role != RESIDENT:
        RoleHolding.objects.create(user=user, role=role, given_at=timezone.now())
    return Actor(
        kind="person",
        user_id=user.pk,
        person_id=str(person.pk) if person else None,
        name=user.name,
        roles=frozenset({role}),
    )


@pytest.fixture
def signed_in(people: dict[str, Actor]) -> Callable[[str], Client]:
    """`signed_in("alice")` → a test client with Alice's session."""
    from onecouncil.accounts.models import User

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(pk=people[name].user_id), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return client_of


@pytest.fixture
def work(db: None) -> Callable[[], None]:
    """Deliver every event and run every job that is due, as the worker would."""
    from onecouncil.core.worker import drain

    return drain


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the data folder this test process made."""
    import shutil

    from django.conf import settings

    if "onecouncil-test-" in str(settings.DATA_DIR):
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
