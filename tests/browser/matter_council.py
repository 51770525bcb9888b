# SPDX-License-Identifier: MIT
"""The whole house for one matter: a real server, the real catalogue's services, a street, the real pay stand-in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from onecouncil.accounts.models import User
from onecouncil.casework import facets
from onecouncil.core.actors import system
from onecouncil.core.models import AddressRow
from onecouncil.payments.standin.server import RunningStandIn, Settings
from onecouncil.services.actions.publishing import load
from onecouncil.services.catalogue import read_folder
from onecouncil.website import snapshot
from tests.browser.matter_walk import Keys, Mouse

SERVICES = ("report-a-missed-bin", "book-a-bulky-waste-collection", "resident-parking-permit", "find-your-bin-day")
POSTCODE = "LM1 1AA"
PASSWORD = "correct horse battery"
PHONE, DESK = 360, 1280


@dataclass
class Council:
    """Opens windows on the live site; closes them at the end."""

    url: str
    browser: Browser
    check: Callable[[Page], None]
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, width: int = DESK, javascript: bool = True, keys: bool = False) -> Mouse:
        """A window with nobody signed in."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        return (Keys if keys else Mouse)(context, self.url, self.check if javascript else None)

    def signed_in(self, name: str, width: int = DESK) -> Mouse:
        """A window in which this test person has signed in, by typing."""
        email = f"{name}@example.org"
        proved = {"email": email, "verified": True, "primary": True}
        EmailAddress.objects.get_or_create(user=User.objects.get(email=email), defaults=proved)
        window = self.window(width)
        window.go("/sign-in")
        window.fill("login", email)
        window.fill("password", PASSWORD)
        window.press("Sign in")
        return window


@contextmanager
def open_council(browser: Browser, check: Callable[[Page], None], settings: Any, data: Path) -> Iterator[Council]:
    """Built anew for each test: the policy that lets a form lead to the stand-in is fixed when a server starts."""
    standin = RunningStandIn(Settings(data=data / "pay.sqlite3", api_key="key", testing=True)).start()
    settings.PAY_PROVIDER, settings.PAY_KEY = "demo", "key"
    settings.PAY_URL = settings.PAY_PUBLIC_URL = standin.url
    settings.CSP_FORM_ACTION = [standin.url]
    _furnish()
    server = LiveServer("localhost")
    settings.SITE_URL = server.url
    council = Council(server.url, browser, check)
    try:
        yield council
    finally:
        for context in council.contexts:
            context.close()
        server.stop()
        standin.stop()
        _forget()


def _furnish() -> None:
    """Three services to ask for, one to read, and a street."""
    _forget()
    folder = Path(django_settings.CATALOGUE_DIR)
    load([one for one in read_folder(folder) if one.slug in SERVICES], system("test"))
    call_command("catalogue", listings=True, verbosity=0)
    AddressRow.objects.bulk_create(
        AddressRow(
            uprn=str(10000000000 + number),
            line=f"{number} Heron Street, Larkmere",
            street="Heron Street",
            town="Larkmere",
            postcode=POSTCODE,
            ward="Herons",
            lat=51.5 + number / 10_000,
            lon=-0.1,
        )
        for number in range(1, 6)
    )


def _forget() -> None:
    snapshot.forget()
    facets.forget()
