# SPDX-License-Identifier: MIT
"""The public pages: help pages with the council's facts, errors in plain words, nothing inline, nothing unescaped."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from onecouncil.core.borough import borough, placeholders
from onecouncil.website import pages, rules

PAGES = [page.url for page in pages.all_pages()]
EVERY_PAGE = ["/", "/a-to-z", "/search", "/search?q=zzzz", *PAGES, *(one.url for one in rules.categories())]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_page_opens_with_one_h1_a_title_and_nothing_inline(path: str, client: Client) -> None:
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert "London Borough of Larkmere</title>" in html
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def test_every_help_page_of_the_footer_is_there(client: Client) -> None:
    footer = client.get("/").content.decode().split('<footer class="govuk-footer">')[1]
    linked = set(re.findall(r'href="(/help/[^"]+)"', footer))
    assert linked == {
        f"/help/{slug}" for slug in ("accessibility", "privacy", "cookies", "contact-us", "terms", "about")
    }
    assert linked <= set(PAGES)


def test_help_pages_name_only_facts_the_borough_has() -> None:
    for page in pages.all_pages():
        missing = {fact for fact in placeholders(page.text) if not borough().has(fact)}
        assert not missing, (page.slug, missing)


def test_contact_page_shows_the_council_own_facts(client: Client) -> None:
    html = client.get("/help/contact-us").content.decode()
    assert borough().fact("phones.contact_centre") in html
    assert "{phones" not in html


def test_what_is_searched_for_is_escaped(client: Client) -> None:
    html = client.get("/search", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_a_very_long_search_is_cut_not_refused(client: Client) -> None:
    assert client.get("/search", {"q": "bin " * 5000}).status_code == 200


@pytest.mark.parametrize("path", ["/nowhere", "/categories/nowhere", "/help/nowhere"])
def test_what_is_not_there_answers_404_in_plain_words(path: str, client: Client) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "All services" in response.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 500, 503])
def test_every_error_page_renders_without_an_actor(status: int) -> None:
    html = render_to_string(
        f"errors/{status}.html",
        {"title": "It went wrong", "detail": "Here is why"},
        RequestFactory().get("/"),
        "jinja2",
    )
    assert "It went wrong" in html
    assert "Here is why" in html


def test_public_pages_answer_only_reads(client: Client) -> None:
    assert client.post("/search", {"q": "bin"}).status_code == 405


def test_robots_keeps_engines_out_of_what_is_private(client: Client) -> None:
    assert "Disallow: /account/" in client.get("/robots.txt").content.decode()
