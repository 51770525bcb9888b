# SPDX-License-Identifier: MIT
"""A live site, a real browser, and axe-core. See README.md."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from onecouncil.core.actors import Actor
from onecouncil.website import snapshot
from onecouncil.website.assets import build
from tests.browser.axe import violations
from tests.browser.pages import Site

# Playwright's loop runs in this thread; the tests use the database from it all the same, one call at a time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def assets() -> None:
    """The compiled styles and scripts, and axe-core."""
    build.build()
    build.install()


@pytest.fixture(scope="session")
def browser(assets: None) -> Iterator[Browser]:
    """Debian's Chromium, in a profile of its own."""
    program = os.environ.get("ONECOUNCIL_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("The browser tests need Chromium: apt-get install chromium, or set ONECOUNCIL_CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, headless=True)
        yield started
        started.close()


@pytest.fixture
def site(live_server: Any, people: dict[str, Actor]) -> Iterator[Site]:
    """The whole house on a real port, with the catalogue published and the test people in it."""
    snapshot.forget()
    call_command("catalogue", load=True, verbosity=0)
    yield Site(live_server.url, people)
    snapshot.forget()


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page("/track", who="alice", width=320, javascript=False)` → the page, loaded."""
    contexts: dict[tuple[str, int, bool], BrowserContext] = {}

    def open_(path: str, who: str = "", width: int = 1280, javascript: bool = True) -> Page:
        key = (who, width, javascript)
        if key not in contexts:
            contexts[key] = _context(browser, site, who, width, javascript)
        page = contexts[key].new_page()
        page.goto(site.url + path, wait_until="load")
        return page

    yield open_
    for context in contexts.values():
        context.close()


def _context(browser: Browser, site: Site, who: str, width: int, javascript: bool) -> BrowserContext:
    """A window of this width, with this person's session in it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript)
    context.set_default_timeout(10_000)
    if who:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": _session(site, who), "url": site.url}])
    return context


def _session(site: Site, who: str) -> str:
    """A session of this person, as after signing in."""
    from onecouncil.accounts.models import User

    client = Client()
    user = User.objects.get(pk=site.people[who].user_id)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail with axe-core's findings when a page has any."""

    def check(page: Page) -> None:
        found = violations(page)
        assert not found, f"{page.url} at {page.viewport_size}:\n" + "\n".join(found)

    return check
