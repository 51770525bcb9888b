# SPDX-License-Identifier: MIT
"""Who may see what of payments, on pages and in the API; bills through the port; and that pages hold no card field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onecouncil.core import ports
from onecouncil.core.actors import ANONYMOUS, Actor
from onecouncil.core.models import EventRow, Message
from onecouncil.core.ports import BillLine, BillRequest
from onecouncil.core.problems import Conflict, Forbidden
from onecouncil.payments import rules, tasks
from onecouncil.payments.actions import billing
from onecouncil.payments.actions.refunding import refund_payment
from onecouncil.payments.models import Bill, Payment
from onecouncil.payments.providers import PROVIDERS, provider

from .conftest import Town

SignedIn = Callable[[str], Client]
People = dict[str, Actor]


def request(about: str = "LM-SUB-9", pence: int = 2500, path: str = "/apply/next") -> BillRequest:
    return BillRequest(about, "Bulky waste collection", (BillLine("Sofa", pence, "waste", 20),), path)


def raise_one(about: str = "LM-SUB-9", pence: int = 2500) -> ports.BillView:
    with transaction.atomic():
        return ports.payments().raise_bill(request(about, pence), ANONYMOUS)


@pytest.mark.django_db
def test_asking_again_is_the_same_bill_brought_up_to_date() -> None:
    first, again, more = raise_one(), raise_one(), raise_one(pence=3000)
    assert first == again
    assert (more.reference, more.total_pence) == (first.reference, 3000)
    assert EventRow.objects.filter(type="bill.raised").count() == 1


@pytest.mark.django_db
def test_a_cancelled_bill_cannot_be_paid_and_a_new_one_can_be_raised() -> None:
    first = raise_one()
    with transaction.atomic():
        ports.payments().cancel_bill("LM-SUB-9", "Withdrawn", ANONYMOUS)
        ports.payments().cancel_bill("LM-SUB-9", "Withdrawn", ANONYMOUS)
    assert EventRow.objects.filter(type="bill.cancelled").count() == 1
    assert Client().post(first.pay_path).status_code == 409
    held = ports.payments().bill_about("LM-SUB-9")
    assert held
    assert held.state == rules.BILL_CANCELLED
    assert raise_one().reference != first.reference


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pence", "path"), [(0, "/a"), (-5, "/a"), (100, "//evil.example"), (100, "https://evil.example")]
)
def test_what_cannot_be_a_bill(pence: int, path: str) -> None:
    with pytest.raises(ValueError):
        billing.raise_bill(request(pence=pence, path=path), ANONYMOUS)
    assert not Bill.objects.exists()


def test_a_bill_that_is_being_paid_is_neither_changed_nor_cancelled(town: Town) -> None:
    bill = town.bill("LM-SUB-9")
    town.press_pay(bill)
    with pytest.raises(Conflict):
        raise_one(pence=9999)
    with pytest.raises(Conflict), transaction.atomic():
        ports.payments().cancel_bill("LM-SUB-9", "Withdrawn", ANONYMOUS)


@pytest.mark.django_db
def test_the_database_itself_refuses_two_open_attempts() -> None:
    bill = Bill.objects.get(reference=raise_one().reference)
    made: dict[str, Any] = {"bill": bill, "provider": "demo", "amount_pence": 1, "made_at": bill.raised_at}
    Payment.objects.create(attempt="a", **made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(attempt="b", **made)


@pytest.mark.django_db
def test_the_bill_page_needs_no_account_and_asks_for_no_card() -> None:
    view = raise_one()
    page = Client().get(view.pay_path)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    assert text.count("<input") == text.count('name="csrfmiddlewaretoken"') == 1
    assert Client().get("/pay/not-a-token").status_code == 404
    assert Client(enforce_csrf_checks=True).post(view.pay_path).status_code == 403
    assert Client().get(f"{view.pay_path}/receipt").status_code == 302


@pytest.mark.django_db
def test_the_page_of_a_bill_takes_few_queries() -> None:
    view = raise_one()
    client = Client()
    client.get(view.pay_path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(view.pay_path)
    assert len(queries) <= 3


def test_finance_sees_takings_and_payments_and_nobody_else_does(town: Town, signed_in: SignedIn) -> None:
    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    for name in ("alice", "ada", "cass", "stew", "ed", "addie"):
        assert signed_in(name).get("/staff/payments/").status_code == 403, name
        assert signed_in(name).get("/api/v1/payments").status_code == 403, name
    answer = Client().get("/staff/payments/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Fstaff%2Fpayments%2F")
    assert Client().get("/api/v1/payments").status_code == 401
    fin = signed_in("fin")
    page = fin.get("/staff/payments/", {"q": bill.reference.lower()}).content.decode()
    assert bill.reference in page
    assert "£35.00" in page
    assert "No payments found" in fin.get("/staff/payments/", {"q": "PAY-0000-0000"}).content.decode()
    listed = fin.get("/api/v1/payments").json()
    assert [(one["bill"], one["state"]) for one in listed["results"]] == [(bill.reference, "succeeded")]


def test_a_bill_in_the_api_is_its_payers(town: Town, signed_in: SignedIn, people: People) -> None:
    bill = town.bill(person_id=people["alice"].person_id)
    at = f"/api/v1/bills/{bill.reference}"
    told = signed_in("alice").get(at).json()
    assert (told["total_pence"], told["state"], told["pay_url"][-len(bill.token) :]) == (3500, "raised", bill.token)
    for name, status in {"bob": 404, "cass": 404, "ed": 404, "ada": 200, "fin": 200}.items():
        assert signed_in(name).get(at).status_code == status, name
    assert Client().get(at).status_code == 401
    assert Client().post(f"{at}/payments").status_code == 401
    assert signed_in("bob").post(f"{at}/payments").status_code == 404
    started = signed_in("alice").post(f"{at}/payments")
    assert started.status_code == 201
    town.on_card_page(started.json()["next_url"], "pay")
    town.deliver_webhooks(1)


def test_own_bills_are_paginated(signed_in: SignedIn, people: People) -> None:
    alice = people["alice"].person_id
    for n in range(27):
        lines = (BillLine("Sofa", 100 + n, "waste"),)
        with transaction.atomic():
            billing.raise_bill(BillRequest(f"S-{n}", f"Thing {n}.", lines, "/a", person_id=alice), ANONYMOUS)
    first = signed_in("alice").get("/account/payments/").content.decode()
    assert "Thing 26." in first
    assert "Thing 1." not in first
    oldest = Bill.objects.get(about="S-2").reference
    assert f"?before={oldest}" in first
    second = signed_in("alice").get("/account/payments/", {"before": oldest}).content.decode()
    assert "Thing 1." in second
    assert "Thing 2." not in second


def test_own_bills_on_the_account_page(town: Town, signed_in: SignedIn, people: People) -> None:
    bill = town.bill(person_id=people["alice"].person_id)
    assert bill.reference in signed_in("alice").get("/account/payments/").content.decode()
    assert bill.reference not in signed_in("bob").get("/account/payments/").content.decode()
    assert Client().get("/account/payments/").status_code == 302


def test_an_adviser_sends_a_pay_link_once(town: Town, signed_in: SignedIn) -> None:
    bill = town.bill()
    at, body = f"/api/v1/bills/{bill.reference}/links", {"email": "alice@example.org", "key": "call-1"}
    for _ in range(2):
        assert signed_in("ada").post(at, body, "application/json").status_code == 202
    message = Message.objects.get(template="pay-link")
    assert f"/pay/{bill.token}" in message.body
    assert signed_in("ada").post(at, {**body, "email": "nobody"}, "application/json").status_code == 422
    assert signed_in("bob").post(at, body, "application/json").status_code == 404


def test_only_finance_refunds_and_never_more_than_was_paid(town: Town, people: People, signed_in: SignedIn) -> None:
    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    payment = Payment.objects.get(bill=bill)
    with pytest.raises(Forbidden):
        refund_payment(payment.pk, 100, reason="A", key="1", actor=people["ada"])
    at, body = f"/api/v1/payments/{payment.pk}/refunds", {"pence": 3000, "reason": "A", "key": "1"}
    assert signed_in("ada").post(at, body, "application/json").status_code == 403
    assert signed_in("fin").post(at, {**body, "reason": " "}, "application/json").status_code == 422
    assert signed_in("fin").post(at, body, "application/json").status_code == 202
    with pytest.raises(Conflict):
        refund_payment(payment.pk, 501, reason="A", key="2", actor=people["fin"])


def test_each_provider_says_how_it_is(town: Town, settings: Any) -> None:
    assert provider("demo").check_config() == ""
    assert tasks.payments_health().state == "warn"
    settings.PAY_KEY = "wrong"
    assert "ONECOUNCIL_PAY_KEY" in provider("demo").check_config()
    settings.PAY_URL = "http://127.0.0.1:9"
    assert "does not answer" in provider("demo").check_config()
    assert "https" in provider("govuk-pay").check_config()
    assert provider("failing").check_config()
    settings.PAY_PROVIDER = "nobody"
    assert tasks.payments_health().state == "fail"
    assert tasks.ledger_health().state == "ok"
    assert set(PROVIDERS) == {"govuk-pay", "stripe", "demo", "failing"}


def test_a_wrong_key_ends_nothing(town: Town, settings: Any) -> None:
    """An operator's slip: payers are told to try again, and after it is mended they can."""
    bill = town.bill()
    settings.PAY_KEY = "wrong"
    assert town.browser.post(f"/pay/{bill.token}").status_code == 503
    settings.PAY_KEY = "test-key"
    assert town.press_pay(bill)
