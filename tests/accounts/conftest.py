# SPDX-License-Identifier: MIT
"""What the tests of sign-in share: people with a proved e-mail address, and the newest code that was sent."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress

from onecouncil.accounts.models import User
from onecouncil.core.actors import Actor
from onecouncil.core.models import Message

PASSWORD = "correct horse battery"


@pytest.fixture
def known(people: dict[str, Actor]) -> dict[str, Actor]:
    """The test people, with their e-mail addresses proved."""
    for actor in people.values():
        user = User.objects.get(pk=actor.user_id)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return people


@pytest.fixture
def code_sent(db: None) -> Callable[[str], str]:
    """`code_sent("alice@example.org")` → the six figures in the newest message to that address."""

    def newest(address: str) -> str:
        row = Message.objects.filter(address=address).order_by("-pk").first()
        assert row is not None, f"nothing was sent to {address}"
        found = re.search(r"\b\d{6}\b", row.body)
        assert found, row.body
        return found.group()

    return newest
