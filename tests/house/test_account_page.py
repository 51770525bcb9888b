# SPDX-License-Identifier: MIT
"""The account page shows what each room hung up for it, as HTML and not as its source."""

from collections.abc import Callable

import pytest
from django.test import Client

from onecouncil.core import furniture

pytestmark = pytest.mark.django_db


def test_panels_of_other_rooms_are_html(signed_in: Callable[[str], Client]) -> None:
    page = signed_in("alice").get("/account/").content.decode()
    assert furniture._panels, "rooms hang up their panels when they are loaded"
    assert "&lt;section" not in page
    assert "&lt;h2" not in page
