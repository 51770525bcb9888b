# SPDX-License-Identifier: MIT
"""`./onecouncil click-depth`: from the home page, how many clicks to the start of every service? Fails over three."""

from argparse import ArgumentParser
from urllib.parse import urljoin

import requests
from django.core.management.base import BaseCommand, CommandError
from django.test import Client

from onecouncil.website import clicks, reads, rules


class Command(BaseCommand):
    help = "Walk the site over its real links and print the clicks to the start of every service; fail over three."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="", help="walk a running site over HTTP instead of this code in-process")
        parser.add_argument("--short", action="store_true", help="print only the totals")

    def handle(self, *args: object, **options: object) -> None:
        fetch = over_http(str(options["url"])) if options["url"] else in_process()
        found = clicks.depths(reads.services(), clicks.walk(fetch, rules.CLICKS_ALLOWED))
        lines, well = clicks.report(found, rules.CLICKS_ALLOWED)
        for line in lines[len(found) if options["short"] else 0 :]:
            self.stdout.write(line)
        if not well:
            raise CommandError(f"Every service must start within {rules.CLICKS_ALLOWED} clicks of the home page.")


def in_process() -> clicks.Fetch:
    """Fetch from this code, without a server, as nobody in particular."""
    client = Client(HTTP_HOST="localhost")

    def fetch(path: str) -> str | None:
        response = client.get(path)
        return response.content.decode() if _is_html(response.status_code, response["Content-Type"]) else None

    return fetch


def over_http(site: str) -> clicks.Fetch:
    """Fetch from a running site."""
    session = requests.Session()

    def fetch(path: str) -> str | None:
        response = session.get(urljoin(site, path), timeout=20, allow_redirects=False)
        return response.text if _is_html(response.status_code, response.headers.get("Content-Type", "")) else None

    return fetch


def _is_html(status: int, content_type: str) -> bool:
    return status == 200 and content_type.startswith("text/html")
