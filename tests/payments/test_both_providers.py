# SPDX-License-Identifier: MIT
"""The same behaviour over two very different providers: what proves that the seam is one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client

from onecouncil.core import outbound
from onecouncil.core.actors import system
from onecouncil.payments import rules
from onecouncil.payments.actions import polling
from onecouncil.payments.actions.refunding import refund_payment
from onecouncil.payments.models import Bill, LedgerLine, Payment, Refund, WebhookMessage
from onecouncil.payments.providers import provider
from onecouncil.payments.providers.base import Changed
from onecouncil.payments.providers.stripe_checkout import signing

from .conftest import Town, states_of
from .pay_api import KEY, SECRET, Receiver
from .stripe_standin import StripeStandIn
from .test_paying import is_paid_once

Work = Callable[[], None]
PROVIDERS = ("demo", "stripe")


class StripeTown(Town):
    """The same town, whose payers are sent to Stripe."""

    def _deliver(self, body: bytes, signature: str) -> int:
        client = Client(enforce_csrf_checks=True)
        headers = {"Stripe-Signature": signature}
        return client.post("/pay/webhook/stripe", body, "application/json", headers=headers).status_code


@pytest.fixture(params=PROVIDERS)
def either(request: pytest.FixtureRequest, settings: Any, receiver: Receiver, transactional_db: None) -> Iterator[Town]:
    outbound._clients.clear()
    if request.param == "demo":
        yield request.getfixturevalue("town")
        return
    standin = StripeStandIn(KEY, receiver.url, SECRET)
    settings.PAY_PROVIDER, settings.PAY_URL = "stripe", standin.url
    settings.PAY_KEY, settings.PAY_WEBHOOK_SECRET = KEY, SECRET
    yield StripeTown(Client(), cast(Any, standin), cast(Any, None), receiver)
    standin.stop()


@pytest.fixture
def later(either: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Both clocks, ours and the provider's, go on by so many seconds."""
    from datetime import timedelta

    from django.utils import timezone

    real, gone = timezone.now, [0.0]
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(seconds=gone[0]))

    def pass_(seconds: float) -> None:
        gone[0] += seconds
        either.standin.clock.advance(seconds)

    return pass_


def asked_for(town: Town, bill: Bill) -> int:
    """How many payments the provider made for this bill."""
    if isinstance(town, StripeTown):
        sessions = cast(Any, town.standin).sessions.values()
        return sum(one["client_reference_id"] == bill.reference for one in sessions)
    return int(town.pay.get("/v1/payments", params={"reference": bill.reference}).json()["total"])


def given_back(town: Town) -> list[int]:
    """The refunds of the one payment that succeeded, as the provider counts them."""
    payment = Payment.objects.get(state=rules.SUCCEEDED)
    return [one.pence for one in provider(payment.provider).refunds(payment.provider_payment_id or "")]


def pay(town: Town) -> Payment:
    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    is_paid_once(bill)
    return Payment.objects.get(bill=bill)


def test_a_resident_pays_and_it_is_booked_with_the_provider(either: Town) -> None:
    payment = pay(either)
    assert LedgerLine.objects.get(account="clearing").fund == payment.provider
    assert either.browser.post(f"/pay/{payment.bill.token}").status_code == 409


@pytest.mark.parametrize("outcome", ["cancel", "expire"])
def test_the_payer_turns_back_and_then_pays(either: Town, outcome: str) -> None:
    bill = either.bill()
    back = either.on_card_page(either.press_pay(bill), outcome)
    assert either.browser.get(back).status_code == 200
    bill.refresh_from_db()
    assert bill.state == rules.RAISED
    either.browser.get(either.on_card_page(either.press_pay(bill), "pay"))
    is_paid_once(bill)


def test_the_browser_is_closed_and_the_webhook_lost(either: Town, later: Callable[[float], None]) -> None:
    either.standin.faults.set_webhook("drop")
    bill = either.bill()
    either.on_card_page(either.press_pay(bill), "pay")
    later(61)
    assert polling.look_at_due() == 1
    is_paid_once(bill)


def test_nobody_pays_and_it_expires(either: Town, later: Callable[[float], None]) -> None:
    bill = either.bill()
    either.press_pay(bill)
    for _ in range(8):
        later(901)
        polling.look_at_due()
    assert Payment.objects.get().reason == rules.EXPIRED
    either.browser.get(either.on_card_page(either.press_pay(bill), "pay"))
    is_paid_once(bill)


def test_the_webhook_comes_twice(either: Town, work: Work) -> None:
    either.standin.faults.set_webhook("duplicate")
    bill = either.bill()
    either.on_card_page(either.press_pay(bill), "pay")
    assert either.deliver_webhooks(2) == [204, 204]
    work()
    assert WebhookMessage.objects.count() == 1
    is_paid_once(bill)


def test_a_forged_webhook_is_not_kept(either: Town) -> None:
    bill = either.bill()
    either.on_card_page(either.press_pay(bill), "pay")
    either.receiver.wait_for(1)
    body, signature = either.receiver.messages[0]
    assert either._deliver(body + b" ", signature) == 401
    assert either._deliver(body, "nonsense") == 401
    assert not WebhookMessage.objects.exists()


def test_the_answer_to_create_is_lost(either: Town) -> None:
    either.standin.faults.add("create", "lost-answer")
    bill = either.bill()
    assert either.browser.post(f"/pay/{bill.token}").status_code == 503
    either.browser.get(either.on_card_page(either.press_pay(bill), "pay"))
    assert asked_for(either, bill) == 1
    is_paid_once(bill)


@pytest.mark.parametrize(("kind", "times"), [("429", 1), ("429", 2), ("500", 1), ("lost-request", 1)])
def test_the_provider_is_busy_or_broken(either: Town, kind: str, times: int) -> None:
    either.standin.faults.add("create", kind, times)
    bill = either.bill()
    status = either.browser.post(f"/pay/{bill.token}").status_code
    assert status == (303 if (kind, times) == ("429", 1) else 503)
    either.browser.get(either.on_card_page(either.press_pay(bill), "pay"))
    is_paid_once(bill)


def test_double_click_in_two_threads(either: Town) -> None:
    bill = either.bill()
    either.standin.faults.add("create", "slow", seconds=0.5)
    barrier, places = threading.Barrier(2), []

    def press() -> None:
        try:
            barrier.wait()
            places.append(either.press_pay(bill, Client()))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(places), len(set(places)), asked_for(either, bill)) == (2, 1, 1)
    assert states_of(bill) == [rules.OPEN]


def test_a_refund_whose_answer_was_lost_goes_once(either: Town, work: Work, later: Callable[[float], None]) -> None:
    payment = pay(either)
    either.standin.faults.add("refund", "lost-answer")
    refund_payment(payment.pk, 1000, reason="One item fewer", key="k", actor=system("test"))
    for _ in range(4):
        work()
        later(200)
        polling.look_at_refunds()
    assert given_back(either) == [1000]
    assert Refund.objects.get().state == rules.REFUND_DONE


def test_two_equal_refunds_are_two(either: Town, work: Work, later: Callable[[float], None]) -> None:
    payment = pay(either)
    for key in ("a", "b"):
        refund_payment(payment.pk, 1000, reason="One item fewer", key=key, actor=system("test"))
    for _ in range(4):
        work()
        later(200)
        polling.look_at_refunds()
    assert given_back(either) == [1000, 1000]
    assert list(Refund.objects.values_list("state", flat=True)) == [rules.REFUND_DONE] * 2


def test_what_is_left_is_the_lock(either: Town) -> None:
    """Two refunds sent from the same view of what is left: the second does nothing, at either provider."""
    payment = pay(either)
    theirs, named = provider(payment.provider), payment.provider_payment_id or ""
    theirs.refund(named, 1000, 3500, "1")
    with pytest.raises(Changed):
        theirs.refund(named, 1000, 3500, "2")
    assert given_back(either) == [1000]


def test_a_wrong_key_ends_nothing(either: Town, settings: Any) -> None:
    assert provider(settings.PAY_PROVIDER).check_config() == ""
    bill = either.bill()
    settings.PAY_KEY = "wrong"
    assert "ONECOUNCIL_PAY_KEY" in provider(settings.PAY_PROVIDER).check_config()
    assert either.browser.post(f"/pay/{bill.token}").status_code == 503
    settings.PAY_KEY = KEY
    assert either.press_pay(bill)


SIGNED = signing.header("whsec", 1_700_000_000, b"{}")


@pytest.mark.parametrize(
    ("header", "seconds", "genuine"),
    [
        (SIGNED, 0, True),
        (SIGNED, 300, True),
        (SIGNED, 301, False),
        (SIGNED, -301, False),
        (SIGNED.replace("v1=", "v1=0000,v1="), 0, True),
        (SIGNED.replace("v1=", "v0="), 0, False),
        (SIGNED.replace("t=1", "t=2"), 0, False),
        (SIGNED + ",t=1700000000", 0, False),
        ("", 0, False),
        ("t=,v1=", 0, False),
        ("t=²,v1=é", 0, False),
    ],
)
def test_the_signature_of_stripe(header: str, seconds: int, genuine: bool) -> None:
    assert signing.is_genuine(header, "whsec", b"{}", 1_700_000_000 + seconds) is genuine
    assert not signing.is_genuine(header, "", b"{}", 1_700_000_000 + seconds)


def test_a_known_signature() -> None:
    """Made with openssl: printf '%s' '1700000000.{}' | openssl dgst -sha256 -hmac whsec"""
    assert SIGNED == "t=1700000000,v1=7d44587dddbaf4c7f70fef20f48cd594834ffea1641e3ac227b84408298738af"
