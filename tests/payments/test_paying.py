# SPDX-License-Identifier: MIT
"""Stories of a payment, over real HTTP: never paid twice, never lost, whatever the browser, clock and network do."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client

from onecouncil.accounts.models import Person
from onecouncil.core.calendar import now
from onecouncil.core.models import EventRow, Message
from onecouncil.payments import reads, rules
from onecouncil.payments.actions import polling
from onecouncil.payments.models import Bill, LedgerEntry, LedgerLine, Payment, Refund, WebhookMessage

from .conftest import Town, states_of

Work = Callable[[], None]
TimePasses = Callable[[float], None]


def is_paid_once(bill: Bill) -> None:
    """The end that every good story has: paid by one payment, told once, booked once."""
    bill.refresh_from_db()
    assert bill.state == rules.PAID
    assert Payment.objects.filter(bill=bill, state=rules.SUCCEEDED, surplus=False).count() == 1
    assert EventRow.objects.filter(type="bill.paid", subject=bill.reference).count() == 1
    assert LedgerEntry.objects.filter(bill=bill, kind="payment").count() == 1
    books_balance()


def books_balance() -> None:
    assert reads.books_are_out_by() == 0
    for entry in LedgerLine.objects.values("entry").annotate(total=Sum("pence")):
        assert entry["total"] == 0


def test_a_resident_pays(town: Town, work: Work) -> None:
    bill = town.bill(payer_email="alice@example.org")
    page = town.browser.get(f"/pay/{bill.token}").content.decode()
    assert "£35.00" in page
    assert "Sofa" in page
    back = town.on_card_page(town.press_pay(bill), "pay")
    result = town.browser.get(back)
    assert "Payment received" in result.content.decode()
    assert "/apply/next" in result.content.decode()
    is_paid_once(bill)
    work()
    written = Message.objects.get(template="payment-receipt", address="alice@example.org").body
    assert written.startswith("Hello,") and "Your request: LM-SUB-1" in written, "nobody is named"
    assert "Receipt" in town.browser.get(f"/pay/{bill.token}/receipt").content.decode()
    assert town.browser.get(back).status_code == 200
    is_paid_once(bill)
    lines = LedgerLine.objects.values_list("account", "fund", "pence").order_by("account")
    assert list(lines) == [("clearing", "demo", 3500), ("income", "waste", -3167), ("vat", "waste", -333)]


def test_a_receipt_greets_the_payer_by_name(town: Town, work: Work) -> None:
    alice = Person.objects.create(name="Alice Example", created_at=now())
    bill = town.bill(payer_email="alice@example.org", person_id=str(alice.pk))
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    work()
    assert Message.objects.get(template="payment-receipt").body.startswith("Hello Alice Example,")


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [
        ("decline", rules.DECLINED, "Your payment was declined"),
        ("cancel", rules.CANCELLED, "Your payment was cancelled"),
        ("expire", rules.EXPIRED, "Your payment ran out of time"),
        ("error", rules.ERROR, "Your payment did not go through"),
    ],
)
def test_it_does_not_go_through_and_the_next_try_does(town: Town, outcome: str, reason: str, words: str) -> None:
    bill = town.bill()
    page = town.browser.get(town.on_card_page(town.press_pay(bill), outcome)).content.decode()
    assert words in page
    assert "Try again" in page
    bill.refresh_from_db()
    assert bill.state == rules.RAISED
    assert Payment.objects.get(bill=bill).reason == reason
    assert not LedgerEntry.objects.exists()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    assert states_of(bill) == [rules.FAILED, rules.SUCCEEDED]
    is_paid_once(bill)


def test_the_browser_is_closed_after_paying(town: Town, time_passes: TimePasses) -> None:
    """No return, and the webhook is lost: the poller finishes it."""
    town.standin.faults.set_webhook("drop")
    bill = town.bill()
    town.on_card_page(town.press_pay(bill), "pay")
    assert polling.look_at_due() == 0
    time_passes(61)
    assert polling.look_at_due() == 1
    is_paid_once(bill)
    time_passes(3600)
    assert polling.look_at_due() == 0


def test_the_browser_is_closed_before_paying(town: Town, time_passes: TimePasses) -> None:
    """Nobody pays and nobody tells: the payment expires, and the bill can be paid again."""
    bill = town.bill()
    town.press_pay(bill)
    for _ in range(10):
        time_passes(901)
        polling.look_at_due()
    assert Payment.objects.get(bill=bill).reason == rules.EXPIRED
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    is_paid_once(bill)


def test_the_webhook_comes_before_the_payer(town: Town, work: Work) -> None:
    town.standin.faults.set_webhook("before-return")
    bill = town.bill()
    back = town.on_card_page(town.press_pay(bill), "pay")
    assert town.deliver_webhooks(1) == [204]
    work()
    is_paid_once(bill)
    assert "Payment received" in town.browser.get(back).content.decode()
    is_paid_once(bill)


def test_the_webhook_comes_late(town: Town, work: Work) -> None:
    town.standin.faults.set_webhook("delay", 600)
    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    is_paid_once(bill)
    town.standin.clock.advance(601)
    assert town.deliver_webhooks(1) == [204]
    work()
    is_paid_once(bill)


def test_the_webhook_comes_twice(town: Town, work: Work) -> None:
    town.standin.faults.set_webhook("duplicate")
    bill = town.bill()
    town.on_card_page(town.press_pay(bill), "pay")
    assert town.deliver_webhooks(2) == [204, 204]
    work()
    assert WebhookMessage.objects.count() == 1
    is_paid_once(bill)


def test_a_forged_webhook_is_not_kept(town: Town) -> None:
    bill = town.bill()
    town.on_card_page(town.press_pay(bill), "pay")
    town.receiver.wait_for(1)
    body, _ = town.receiver.messages[0]
    assert town._deliver(body, "0" * 64) == 401
    assert town._deliver(body + b" ", town.receiver.messages[0][1]) == 401
    assert Client().post("/pay/webhook/nobody", b"{}", "application/json").status_code == 404
    assert not WebhookMessage.objects.exists()


def test_a_webhook_about_a_payment_that_is_not_ours(town: Town, work: Work) -> None:
    from .pay_api import choose

    choose(town.pay.create(metadata={"attempt": "1"}), "pay")
    choose(town.pay.create(), "pay")
    assert town.deliver_webhooks(2) == [204, 204]
    work()
    assert not Payment.objects.exists()
    assert not WebhookMessage.objects.filter(done_at__isnull=True).exists()


def test_the_answer_to_create_is_lost_and_the_payer_presses_again(town: Town) -> None:
    """The provider has the payment, we were cut off: found by reference, not asked for twice."""
    town.standin.faults.add("create", "lost-answer")
    bill = town.bill()
    answer = town.browser.post(f"/pay/{bill.token}")
    assert answer.status_code == 503
    assert "You have not been charged" in answer.content.decode()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    assert town.pay.get("/v1/payments", params={"reference": bill.reference}).json()["total"] == 1
    is_paid_once(bill)


def test_the_answer_is_lost_and_the_search_lags(town: Town, time_passes: TimePasses) -> None:
    """The first payment is not shown yet: a second is begun. The first can never be paid, and ends as lost."""
    town.standin.faults.add("create", "lost-answer")
    town.standin.faults.search_lag = 300
    bill = town.bill()
    assert town.browser.post(f"/pay/{bill.token}").status_code == 503
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    assert states_of(bill) == [rules.LOST, rules.SUCCEEDED]
    for _ in range(10):
        time_passes(901)
        polling.look_at_due()
    assert states_of(bill) == [rules.FAILED, rules.SUCCEEDED]
    is_paid_once(bill)


def test_the_answer_is_lost_after_the_money_was_taken(town: Town, time_passes: TimePasses) -> None:
    """Paid, but every look of ours fails for a while: the page says we are checking, the poller finishes it."""
    bill = town.bill()
    back = town.on_card_page(town.press_pay(bill), "pay")
    town.standin.faults.add("get", "lost-answer", times=3)
    town.standin.faults.set_webhook("drop")
    page = town.browser.get(back).content.decode()
    assert "We are checking your payment" in page
    time_passes(61)
    polling.look_at_due()
    is_paid_once(bill)


def test_the_request_is_lost(town: Town) -> None:
    town.standin.faults.add("create", "lost-request")
    bill = town.bill()
    assert town.browser.post(f"/pay/{bill.token}").status_code == 503
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    assert states_of(bill) == [rules.LOST, rules.SUCCEEDED]
    is_paid_once(bill)


def test_the_provider_is_busy_for_a_second(town: Town) -> None:
    town.standin.faults.add("create", "429")
    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    assert states_of(bill) == [rules.SUCCEEDED]
    is_paid_once(bill)


@pytest.mark.parametrize(("kind", "times"), [("429", 2), ("500", 1)])
def test_the_provider_is_busy_or_broken(town: Town, kind: str, times: int) -> None:
    town.standin.faults.add("create", kind, times)
    bill = town.bill()
    assert town.browser.post(f"/pay/{bill.token}").status_code == 503
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    is_paid_once(bill)


def test_double_click_in_two_threads(town: Town) -> None:
    """Two presses at the same moment: one attempt, one payment at the provider, both browsers sent to it."""
    bill = town.bill()
    town.standin.faults.add("create", "slow", seconds=0.5)
    barrier, places = threading.Barrier(2), []

    def press() -> None:
        try:
            barrier.wait()
            places.append(town.press_pay(bill, Client()))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(places) == 2
    assert len(set(places)) == 1
    assert states_of(bill) == [rules.OPEN]
    assert town.pay.get("/v1/payments", params={"reference": bill.reference}).json()["total"] == 1


def test_two_threads_hear_of_the_same_success(town: Town) -> None:
    bill = town.bill()
    next_url = town.press_pay(bill)
    back = town.on_card_page(next_url, "pay")
    barrier = threading.Barrier(4)

    def hear() -> None:
        try:
            barrier.wait()
            browser = Client()
            browser.cookies = town.browser.cookies.copy()  # type: ignore[assignment]
            browser.get(back)
        finally:
            connection.close()

    threads = [threading.Thread(target=hear) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    is_paid_once(bill)


def test_a_second_payment_that_succeeds_goes_back(town: Town, work: Work, time_passes: TimePasses) -> None:
    """An attempt was given up for lost, another was paid, and then somebody pays the first after all."""
    town.standin.faults.add("create", "lost-answer")
    town.standin.faults.search_lag = 300
    bill = town.bill()
    town.browser.post(f"/pay/{bill.token}")
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    lost_id = town.standin.store.one("SELECT token FROM payment ORDER BY created LIMIT 1")["token"]
    town.on_card_page(f"{town.standin.url}/secure/{lost_id}", "pay")
    town.standin.faults.search_lag = 0
    town.deliver_webhooks(2)
    work()
    is_paid_once(bill)
    first = Payment.objects.filter(bill=bill).earliest("pk")
    assert (first.state, first.surplus) == (rules.SUCCEEDED, True)
    time_passes(200)
    polling.look_at_refunds()
    refund = Refund.objects.get(payment=first)
    assert (refund.state, refund.pence) == (rules.REFUND_DONE, 3500)
    told = town.pay.get(f"/v1/payments/{first.provider_payment_id}/refunds").json()["_embedded"]["refunds"]
    assert [one["amount"] for one in told] == [3500]
    suspense = LedgerLine.objects.filter(account="suspense").aggregate(total=Sum("pence"))["total"]
    assert suspense == 0
    books_balance()


def test_a_refund_whose_answer_was_lost_is_sent_once(town: Town, work: Work, time_passes: TimePasses) -> None:
    from onecouncil.core.actors import system
    from onecouncil.payments.actions.refunding import refund_payment

    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    payment = Payment.objects.get(bill=bill)
    town.standin.faults.add("refund", "lost-answer")
    for _ in range(2):
        refund_payment(payment.pk, 1000, reason="One item fewer", key="k1", actor=system("test"))
    for _ in range(4):
        work()
        time_passes(200)
        polling.look_at_refunds()
    told = town.pay.get(f"/v1/payments/{payment.provider_payment_id}/refunds").json()["_embedded"]["refunds"]
    assert [one["amount"] for one in told] == [1000]
    assert Refund.objects.get().state == rules.REFUND_DONE
    books_balance()
    clearing = LedgerLine.objects.filter(account="clearing").aggregate(total=Sum("pence"))["total"]
    assert clearing == 2500


def test_a_paid_bill_is_not_paid_again(town: Town) -> None:
    bill = town.bill()
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    answer = town.browser.post(f"/pay/{bill.token}")
    assert answer.status_code == 409
    assert "You have paid" in answer.content.decode()
    assert Payment.objects.count() == 1


def test_coming_back_to_an_open_payment_goes_on_with_it(town: Town) -> None:
    bill = town.bill()
    assert town.press_pay(bill) == town.press_pay(bill)
    assert states_of(bill) == [rules.OPEN]


def test_another_browser_sees_no_more_than_the_bill(town: Town) -> None:
    """A return address that was seen by somebody else opens nothing."""
    bill = town.bill()
    back = town.on_card_page(town.press_pay(bill), "pay")
    answer = Client().get(back)
    assert (answer.status_code, answer["Location"]) == (302, f"/pay/{bill.token}")
    bill.refresh_from_db()
    assert bill.state == rules.RAISED


def test_the_failing_provider(town: Town, settings: object) -> None:
    settings.PAY_PROVIDER = "failing"  # type: ignore[attr-defined]
    bill = town.bill()
    for _ in range(2):
        answer = town.browser.post(f"/pay/{bill.token}")
        assert answer.status_code == 503
        assert "You have not been charged" in answer.content.decode()
    assert states_of(bill) == [rules.ASKING]
