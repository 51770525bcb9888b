# SPDX-License-Identifier: MIT
"""Clicks from the home page: the walk by itself on a made-up site, then the site as built with the catalogue."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from onecouncil.website import clicks, reads, snapshot
from onecouncil.website.api import ListingView, publish_listings

SITE = {
    "/": '<a href="/c">C</a> <a href="https://elsewhere.example/x">Out</a> <a href="/staff/">Desk</a>',
    "/c": '<a href="/s">S</a> <a href="#top">Top</a> <a hidden href="/secret">no</a>',
    "/s": '<a href="/s/start">Start</a>',
    "/s/start": '<a href="/deep">Deep</a>',
    "/staff/": '<a href="/staff-only">no</a>',
}
SERVICE = ListingView("service", "s", "/s", "S", start_url="/s/start")


def test_walk_counts_the_fewest_clicks_over_real_links_only() -> None:
    found = clicks.walk(SITE.get, 3)
    assert found == {
        "/": 0,
        "/c": 1,
        "https://elsewhere.example/x": 1,
        "/staff/": 1,
        "/s": 2,
        "/s/start": 3,
    }


def test_report_fails_what_is_too_deep_unreached_or_empty() -> None:
    near = clicks.depths([SERVICE], clicks.walk(SITE.get, 3))
    assert clicks.report(near, 3)[1]
    far = clicks.depths([replace(SERVICE, start_url="/deep")], clicks.walk(SITE.get, 3))
    assert not clicks.report(far, 3)[1]
    assert not clicks.report([], 3)[1]


def test_a_service_without_a_start_counts_as_its_page() -> None:
    assert clicks.depths([replace(SERVICE, start_url="")], clicks.walk(SITE.get, 3))[0].clicks == 2


@pytest.mark.django_db
def test_a_service_that_nothing_links_to_fails_the_command() -> None:
    snapshot.forget()
    publish_listings([replace(SERVICE, url="/services/nowhere", start_url="/services/nowhere/start")])
    with pytest.raises(CommandError, match="within 3 clicks"):
        call_command("click_depth", "--short")


@pytest.mark.django_db
def test_every_service_of_the_catalogue_starts_within_three_clicks(capsys: pytest.CaptureFixture[str]) -> None:
    snapshot.forget()
    call_command("catalogue", load=True, verbosity=0)
    assert len(reads.services()) >= 117
    with capsys.disabled():
        print()
        call_command("click_depth", "--short")
