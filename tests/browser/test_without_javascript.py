# SPDX-License-Identifier: MIT
"""Scripts off: the menu is open, search works, and a service can be started from the home page in three clicks."""

from collections.abc import Callable

from playwright.sync_api import Page


def test_from_the_home_page_to_the_start_of_a_service(open_page: Callable[..., Page]) -> None:
    page = open_page("/", javascript=False, width=320)
    page.get_by_role("link", name="Bins and recycling").click()
    page.get_by_role("link", name="Report a missed bin collection").click()
    page.locator('a[href$="/start"], form[action$="/start"] button').first.click()
    assert page.locator("h1").count() == 1
    assert "/services/report-a-missed-bin" not in page.url or page.url.endswith("/start")


def test_search_works(open_page: Callable[..., Page]) -> None:
    page = open_page("/", javascript=False, width=320)
    page.get_by_label("Search in your own words").fill("binmen didn't come")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".oc-list a").first.inner_text() == "Report a missed bin collection"


def test_the_menu_is_open_without_and_folds_with_javascript(open_page: Callable[..., Page]) -> None:
    without = open_page("/", javascript=False, width=320)
    assert without.get_by_role("link", name="All services", exact=True).is_visible()
    page = open_page("/", width=320)
    menu = page.get_by_role("button", name="Menu")
    assert not page.get_by_role("link", name="All services", exact=True).is_visible()
    menu.click()
    assert page.get_by_role("link", name="All services", exact=True).is_visible()


def test_skip_link_leads_to_the_content(open_page: Callable[..., Page]) -> None:
    page = open_page("/a-to-z")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
