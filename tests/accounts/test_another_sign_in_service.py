# SPDX-License-Identifier: MIT
"""The council's own sign-in service by OpenID Connect: shown when set up, trusted as far as the settings say."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from onecouncil.accounts.adapters import SocialAdapter
from onecouncil.accounts.models import User
from onecouncil.core.actors import Actor

ISSUER = "https://id.council.example"


class Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    def json(self) -> dict[str, Any]:
        return self.body

    def raise_for_status(self) -> None: ...


class Service:
    """Plays the outside service: its configuration, its tokens, and who signed in there."""

    def __init__(self, **person: Any) -> None:
        self.person = person

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *_: object) -> None: ...

    def get(self, url: str, **_: object) -> Answer:
        if "/.well-known/" not in url:
            return Answer(self.person)
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        return Answer({"issuer": ISSUER, **{name: f"{ISSUER}/{name}" for name in names}})

    def request(self, *_: object, **__: object) -> Answer:
        return Answer({"access_token": "a", "token_type": "bearer"})


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Service:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "council",
                    "name": "council account",
                    "client_id": "onecouncil",
                    "secret": "secret",
                    "settings": {"server_url": ISSUER, "verified_email": True, "email_authentication": True},
                }
            ]
        }
    }
    outside = Service(sub="42", email="addie@example.org", email_verified=True, name="Addie Admin")
    monkeypatch.setattr(SocialAdapter, "get_requests_session", lambda self: outside)
    return outside


def come_back(client: Client, path: str = "/staff/people/") -> Any:
    sent = client.post(f"/sign-in/with/council?next={path}")
    assert sent.status_code == 303 and sent["Location"].startswith(f"{ISSUER}/authorization_endpoint?")
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    return client.get(f"/sign-in/with/council/callback?code=c&state={state}")


def test_nothing_is_shown_until_it_is_set_up(client: Client, db: None) -> None:
    assert "/sign-in/with/" not in client.get("/sign-in").content.decode()
    assert client.get("/sign-in/with/council").status_code == 404


def test_addie_signs_in_there_and_goes_on_here(client: Client, known: dict[str, Actor], service: Service) -> None:
    page = client.get("/sign-in?next=/staff/people/").content.decode()
    assert "Sign in with your council account" in page
    assert 'action="/sign-in/with/council?next=%2Fstaff%2Fpeople%2F"' in page
    answer = come_back(client)
    assert answer["Location"] == "/staff/people/"
    assert client.get("/staff/people/").status_code == 200


@pytest.mark.parametrize("asks, status", [(True, 200), (False, 303)])
def test_its_second_factor_counts_only_when_the_settings_say_so(
    client: Client, known: dict[str, Actor], service: Service, settings: Any, asks: bool, status: int
) -> None:
    settings.DEMO, settings.OIDC_IS_SECOND_FACTOR = False, asks
    come_back(client)
    assert client.get("/staff/people/").status_code == status


def test_a_newcomer_from_there_becomes_a_person(client: Client, db: None, service: Service) -> None:
    service.person.update(sub="43", email="dora@example.org", name="Dora Day")
    assert come_back(client, "/account/")["Location"] == "/account/"
    user = User.objects.get(email="dora@example.org")
    assert user.name == "Dora Day" and user.person is not None


def test_an_address_nobody_proved_opens_no_account(
    client: Client, known: dict[str, Actor], service: Service, settings: Any
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"].update(verified_email=False)
    service.person["email_verified"] = False
    come_back(client)
    assert client.get("/staff/people/").status_code == 302


def test_an_answer_we_did_not_ask_for_is_refused(client: Client, db: None, service: Service) -> None:
    page = client.get("/sign-in/with/council/callback?code=c&state=forged")
    assert page.status_code == 401 and "We could not sign you in" in page.content.decode()
