# SPDX-License-Identifier: MIT
"""Somebody at a browser: goes to pages, reads them, answers questions. `Mouse` points; `Keys` has a keyboard only."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page

MAX_TABS = 150
"""No page of ours has more places to stop at."""


class Mouse:
    """One person and their window. Each page that loads is looked at by `look` (axe-core), while scripts are on:
    axe-core waits for the page's clock, which stands still when scripts are off."""

    def __init__(self, context: BrowserContext, url: str, look: Callable[[Page], None] | None) -> None:
        self.context = context
        self.url = url
        self.look = look
        self.page = context.new_page()
        self.statuses: list[str] = []
        self.page.on("response", lambda answer: self._note(answer.status, answer.url))

    def _note(self, status: int, url: str) -> None:
        if status >= 400 and status != 422:
            self.statuses.append(f"{status} {url}")

    def go(self, path: str) -> None:
        """Type an address of the site."""
        self.page.goto(path if path.startswith("http") else self.url + path)
        self._arrived()

    def _arrived(self) -> None:
        self.page.wait_for_load_state("load")
        assert not self.statuses, self.statuses
        assert self.page.locator("h1").count() == 1, self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.evaluate("window.innerWidth"), f"{self.page.url} scrolls sideways"
        if self.look:
            self.look(self.page)

    def press(self, name: str) -> None:
        """Press a button that people see, and wait for the next page."""
        self._activate(self._button(name))

    def follow(self, name: str) -> None:
        """Follow a link by its words."""
        self._activate(self.page.get_by_role("link", name=name, exact=True).first)

    def fill(self, field: str, text: str) -> None:
        self.page.locator(f"[name={field}]").fill(text)

    def pick(self, field: str, value: str) -> None:
        """Choose one radio or box by its value."""
        self.page.locator(f"[name={field}][value='{value}']").check()

    def first(self, field: str) -> None:
        """Choose the first radio that is offered."""
        self.page.locator(f"[name={field}]").first.check()

    def choose(self, field: str, down: int) -> None:
        """Choose the so-manieth entry of a list, from 1."""
        self.page.locator(f"select[name={field}]").select_option(index=down)

    def upload(self, field: str, name: str, content: bytes, kind: str) -> None:
        self.page.locator(f"input[name={field}]").set_input_files({"name": name, "mimeType": kind, "buffer": content})

    @property
    def words(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def reads(self, *expected: str) -> None:
        """The page says all of these."""
        for each in expected:
            assert each in self.words, f"{each!r} is not on {self.page.url}:\n{self.words}"

    def found(self, pattern: str) -> str:
        """What the page shows that fits the pattern."""
        match = re.search(pattern, self.words)
        assert match, f"nothing like {pattern} on {self.page.url}:\n{self.words}"
        return match.group()

    def _button(self, name: str) -> Locator:
        # The hidden button at the top of a journey's form is there for the Enter key alone.
        seen = self.page.locator("button:not([aria-hidden]), a[role=button]")
        return seen.filter(has_text=re.compile(f"^\\s*{re.escape(name)}\\s*$")).first

    def _activate(self, target: Locator) -> None:
        with self.page.expect_event("load"):
            target.click()
        self._arrived()


class Keys(Mouse):
    """The same person without a mouse: Tab to get there, Enter, Space, arrows and letters."""

    def fill(self, field: str, text: str) -> None:
        self._tab_to(self.page.locator(f"[name={field}]"))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def pick(self, field: str, value: str) -> None:
        """Boxes one by one; radios are one stop, and arrows go from one to the next."""
        wanted = self.page.locator(f"[name={field}][value='{value}']")
        self._tab_to(self.page.locator(f"[name={field}]").first)
        for _ in range(MAX_TABS):
            if self._is_at(wanted):
                break
            self.page.keyboard.press("ArrowDown")
        if not wanted.is_checked():
            self.page.keyboard.press("Space")
        assert wanted.is_checked()

    def first(self, field: str) -> None:
        self._tab_to(self.page.locator(f"[name={field}]").first)
        self.page.keyboard.press("Space")

    def choose(self, field: str, down: int) -> None:
        self._tab_to(self.page.locator(f"select[name={field}]"))
        for _ in range(down):
            self.page.keyboard.press("ArrowDown")

    def _activate(self, target: Locator) -> None:
        self._tab_to(target)
        with self.page.expect_event("load"):
            self.page.keyboard.press("Enter")
        self._arrived()

    def _tab_to(self, target: Locator) -> None:
        for _ in range(MAX_TABS):
            if self._is_at(target):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target} on {self.page.url}")

    @staticmethod
    def _is_at(target: Locator) -> bool:
        return bool(target.evaluate("element => element === document.activeElement"))
