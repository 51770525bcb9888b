# SPDX-License-Identifier: MIT
"""Every page type, at phone and desktop width: no fault known to axe-core, no sideways scrolling, nothing refused."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import WIDTHS, violations
from tests.browser.matter_pages import MATTER
from tests.browser.pages import PAGES, Shown, Site

SHOTS = os.environ.get("ONECOUNCIL_SHOTS", "")
"""A folder to save a picture of every page in, to look at."""
ONLY = os.environ.get("ONECOUNCIL_PAGES", "")
"""While working: only the page types whose name has this in it."""


@pytest.mark.slow
def test_every_page_type_is_accessible(
    site: Site, open_page: Callable[..., Page], capsys: pytest.CaptureFixture[str]
) -> None:
    """Zero violations of the WCAG 2.2 AA tags; the number of pages tested is printed, and is never none."""
    faults: list[str] = []
    tested = 0
    wanted = [shown for shown in [*PAGES, *MATTER] if ONLY in shown.name]
    for shown in wanted:
        path = shown.path if isinstance(shown.path, str) else shown.path(site)
        for width in WIDTHS:
            faults += [f"{shown.name} ({path}) at {width}: {fault}" for fault in _faults(open_page, shown, path, width)]
            tested += 1
    with capsys.disabled():
        print(f"\naxe-core: {tested} pages tested ({len(wanted)} page types at {WIDTHS}), {len(faults)} faults", end="")
    assert tested == len(wanted) * len(WIDTHS) > 0
    assert not faults, "\n".join(faults)


def _faults(open_page: Callable[..., Page], shown: Shown, path: str, width: int) -> list[str]:
    """What is wrong with one page at one width."""
    page = open_page("/health/live", who=shown.who, width=width)
    said: list[str] = []
    page.on("console", lambda said_: said.append(f"{said_.text} {said_.location}") if said_.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    response = page.goto(page.url.replace("/health/live", path), wait_until="load")
    faults = [] if response and response.status == shown.status else [f"status {response and response.status}"]
    # A page that answers an error status says so in the console; that is no fault of the page.
    faults += [text for text in said if not (shown.status >= 400 and "status of" in text)]
    if not faults:
        faults += violations(page)
    if width == min(WIDTHS):
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults += [f"scrolls sideways: {wide} pixels wide"] if wide > width else []
    if SHOTS:
        name = re.sub(r"[^a-z0-9]+", "-", shown.name.lower())
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    page.close()
    return faults


def test_the_checker_finds_a_fault_when_there_is_one(browser: Browser) -> None:
    """A checker that finds nothing anywhere would be worth nothing."""
    page = browser.new_page()
    page.set_content('<html lang="en"><title>t</title><main><h1>h</h1><img src="data:,"><input></main></html>')
    found = " ".join(violations(page))
    page.close()
    assert "image-alt" in found
    assert "label" in found
