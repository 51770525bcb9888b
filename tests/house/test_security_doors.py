# SPDX-License-Identifier: MIT
"""What another site, a proxy, a log or a shared computer could do to a resident, and cannot."""

import io
import json
import logging
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from onecouncil.accounts.api import client_ip
from onecouncil.accounts.models import User
from onecouncil.core.actors import Actor
from onecouncil.house import views

pytestmark = pytest.mark.django_db

WRITES = (
    ("patch", "/api/v1/me", {"name": "Mallory"}),
    ("post", "/api/v1/me/cases/LM-0000-0000/messages", {"message": "hello"}),
    ("post", "/api/v1/cases/LM-0000-0000/notes", {"note": "hello"}),
    ("post", "/api/v1/drafts", {"service": "ask-the-council"}),
    ("post", "/api/v1/webhooks", {"url": "https://example.org/x", "types": ["*"]}),
    ("post", "/open311/v2/requests.json", {"service_code": "report-a-pothole"}),
)


def browser_that_checks(name: str, people: dict[str, Actor]) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=people[name].user_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_another_site_cannot_use_a_browsers_session(
    people: dict[str, Actor], method: str, path: str, body: dict[str, object], kind: str
) -> None:
    client = browser_that_checks("addie", people)
    answer = client.generic(
        method.upper(), path, json.dumps(body), content_type=kind, HTTP_ORIGIN="https://evil.example"
    )
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


PERSONAL = ("/track", "/track/LM-0000-0000", "/apply/nothing/check", "/resume/nothing", "/pay/nothing", "/sign-in")


@pytest.mark.parametrize("path", PERSONAL)
def test_what_a_link_opens_stays_out_of_every_cache(client: Client, path: str) -> None:
    kept = client.get(path).headers["Cache-Control"]
    assert "no-store" in kept, kept


def test_public_pages_may_be_kept(client: Client) -> None:
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")


EVERYWHERE = (
    "/",
    "/nowhere",
    "/favicon.ico",
    "/robots.txt",
    "/api/v1/me",
    "/api/v1/search",
    "/account/",
    "/health/live",
)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_strange_host_gets_nothing_but_headers(client: Client) -> None:
    answer = client.get("/sign-in", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_who_asks_is_the_connection_unless_proxies_are_trusted(settings: object) -> None:
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 9.9.9.9", REMOTE_ADDR="10.0.0.1")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0  # type: ignore[attr-defined]
    assert client_ip(request) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    assert client_ip(request) == "9.9.9.9", "what the client wrote itself does not count"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_only_to_our_own_pages(client: Client, people: dict[str, Actor], where: str) -> None:
    form = {"login": "alice@example.org", "password": "correct horse battery", "next": where}
    answer = client.post(f"/sign-in?next={where}", form)
    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


def test_a_role_taken_away_is_gone_at_the_next_request(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("cass")
    assert client.get("/staff/cases/").status_code == 200
    User.objects.get(email="cass@example.org").role_holdings.all().delete()
    assert client.get("/staff/cases/").status_code == 403
    assert client.get("/api/v1/cases").status_code == 403


def test_outside_the_demo_staff_without_their_second_factor_have_no_powers(
    signed_in: Callable[[str], Client], settings: object
) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    client = signed_in("cass")
    assert client.get("/staff/cases/").headers["Location"].startswith("/account/security/second-step")
    assert client.get("/api/v1/cases").status_code == 403


def test_our_own_fault_tells_no_stranger_and_no_log_whom_it_was_about(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("alice@example.org of LM1 1AA, 07700 900001, card 4242 4242 4242 4242")

    monkeypatch.setattr(views.health, "run_all", broken)
    written, client = io.StringIO(), signed_in("addie")
    client.raise_request_exception = False
    handler = _handler(written)
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = client.get("/staff/health")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    page, log = answer.content.decode(), written.getvalue()
    assert answer.status_code == 500
    assert "Traceback" not in page
    assert "RuntimeError" in log, "whoever mends it needs to know what happened"
    for secret in ("alice@", "LM1 1AA", "900001", "4242"):
        assert secret not in page
        assert secret not in log


def _handler(stream: io.StringIO) -> logging.Handler:
    """A handler as the settings make it."""
    from onecouncil.house.logs import KeepPrivate, LineFormatter

    handler = logging.StreamHandler(stream)
    handler.addFilter(KeepPrivate())
    handler.setFormatter(LineFormatter())
    return handler
