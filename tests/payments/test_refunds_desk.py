# SPDX-License-Identifier: MIT
"""Refunds are asked, approved by somebody else over a limit, sent, told; and go by rule when something is withdrawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from onecouncil.core.actors import Actor, system
from onecouncil.core.events import publish
from onecouncil.core.models import EventRow, Look, Message
from onecouncil.core.ports import BillLine
from onecouncil.core.problems import Conflict, Forbidden
from onecouncil.payments import rules
from onecouncil.payments.actions import polling, refund_desk
from onecouncil.payments.actions.refunding import refund_payment
from onecouncil.payments.books import books_at
from onecouncil.payments.models import Payment, Refund

from .conftest import Town

SignedIn = Callable[[str], Client]
People = dict[str, Actor]
Work = Callable[[], None]
LARGE = (BillLine("Planning advice", 14500, "planning", 20),)


def paid(town: Town, about: str = "LM-SUB-1", **more: Any) -> Payment:
    bill = town.bill(about, lines=LARGE, **more)
    town.browser.get(town.on_card_page(town.press_pay(bill), "pay"))
    return Payment.objects.select_related("bill").get(bill=bill)


def second_officer() -> Client:
    """Another finance officer: Fin's colleague."""
    from onecouncil.accounts.models import RoleHolding, User
    from onecouncil.core.calendar import now

    user = User.objects.create_user("fay@example.org", "correct horse battery", name="Fay")
    RoleHolding.objects.create(user=user, role="finance", given_at=now())
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def finish(work: Work) -> None:
    work()
    for pk in Refund.objects.filter(state=rules.REFUND_SENT).values_list("pk", flat=True):
        polling.send_refund(pk)
    work()


def from_today() -> tuple[str, ...]:
    from onecouncil.core.calendar import today

    return books_at(today()).faults


def test_over_the_limit_somebody_else_approves(town: Town, signed_in: SignedIn, work: Work) -> None:
    payment = paid(town, payer_email="alice@example.org")
    fin, fay = signed_in("fin"), second_officer()
    page = fin.get(f"/staff/payments/{payment.pk}/").content.decode()
    assert "£145.00 is left of this payment" in page
    asked = fin.post(f"/staff/payments/{payment.pk}/refund", {"amount": "60", "reason": "Too late", "key": "a"})
    assert (asked.status_code, asked["Location"]) == (303, f"/staff/payments/{payment.pk}/")
    finish(work)
    refund = Refund.objects.get()
    assert (refund.state, refund.asked_by_name) == (rules.REFUND_WAITING, "Fin")
    decide = f"/staff/payments/refunds/{refund.pk}/decide"
    assert fin.post(decide, {"decision": "approve"}).status_code == 403
    assert "You asked for this" in fin.get("/staff/payments/refunds/").content.decode()
    assert "Approve £60.00" in fay.get("/staff/payments/refunds/").content.decode()
    assert fay.post(decide, {"decision": "approve"}).status_code == 303
    assert fay.post(decide, {"decision": "approve"}).status_code == 409
    finish(work)
    refund.refresh_from_db()
    assert (refund.state, refund.decided_by_name) == (rules.REFUND_DONE, "Fay")
    told = Message.objects.get(template="refund-done")
    assert (told.address, "£60.00" in told.subject) == ("alice@example.org", True)
    assert "refund:" in fin.get(f"/staff/payments/{payment.pk}/").content.decode()
    assert from_today() == ()


def test_a_refusal_needs_a_reason_and_frees_the_money(town: Town, signed_in: SignedIn, work: Work) -> None:
    payment = paid(town)
    signed_in("fin").post(f"/staff/payments/{payment.pk}/refund", {"amount": "145", "reason": "A", "key": "a"})
    refund, fay = Refund.objects.get(), second_officer()
    decide = f"/staff/payments/refunds/{refund.pk}/decide"
    bad = fay.post(decide, {"decision": "refuse", "because": " "})
    assert (bad.status_code, "Enter why the refund is refused" in bad.content.decode()) == (422, True)
    assert fay.post(decide, {"decision": "refuse", "because": "The crew came"}).status_code == 303
    finish(work)
    refund.refresh_from_db()
    assert (refund.state, refund.refused_because) == (rules.REFUND_REFUSED, "The crew came")
    assert "Refused: The crew came" in fay.get("/staff/payments/refunds/").content.decode()
    assert "£145.00 is left" in fay.get(f"/staff/payments/{payment.pk}/").content.decode()
    assert not Message.objects.filter(template="refund-done").exists()


def test_the_asker_may_take_it_back(town: Town, people: People, signed_in: SignedIn) -> None:
    payment = paid(town)
    refund_payment(payment.pk, 14500, reason="A", key="1", actor=people["fin"])
    decide = f"/staff/payments/refunds/{Refund.objects.get().pk}/decide"
    assert signed_in("fin").post(decide, {"decision": "refuse", "because": "My slip"}).status_code == 303
    assert Refund.objects.get().state == rules.REFUND_REFUSED


def test_small_parts_together_are_over_the_limit(town: Town, people: People) -> None:
    payment = paid(town)
    for n in range(3):
        refund_payment(payment.pk, 2500, reason="A", key=str(n), actor=people["fin"])
    assert list(Refund.objects.order_by("pk").values_list("state", flat=True)) == ["asked", "asked", "waiting"]


def test_the_database_itself_refuses_ones_own_approval(town: Town, people: People) -> None:
    payment = paid(town)
    refund_payment(payment.pk, 14500, reason="A", key="1", actor=people["fin"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.update(decided_by=people["fin"].user_id)
    with pytest.raises(Forbidden):
        refund_desk.approve(Refund.objects.get().pk, people["fin"])


def test_what_is_typed_is_checked_and_kept(town: Town, signed_in: SignedIn) -> None:
    payment, fin = paid(town), signed_in("fin")
    at = f"/staff/payments/{payment.pk}/refund"
    for given, words in (
        ({"amount": "ten", "reason": "Kept words"}, "Enter an amount of money"),
        ({"amount": "10", "reason": " "}, "Enter why the money goes back"),
        ({"amount": "999", "reason": "Kept words"}, "more than is left"),
        ({"amount": "-1", "reason": "Kept words"}, "more than is left"),
    ):
        answer = fin.post(at, {**given, "key": "a"})
        assert answer.status_code in (422, 409)
        assert words in answer.content.decode()
        assert given["reason"].strip() in answer.content.decode()
    for _ in range(2):
        assert fin.post(at, {"amount": "10", "reason": "A", "key": "same"}).status_code == 303
    assert Refund.objects.count() == 1


def test_only_finance_opens_the_desk(town: Town, signed_in: SignedIn) -> None:
    payment = paid(town)
    for name in ("alice", "ada", "cass", "stew", "ed", "addie"):
        for address in ("/staff/payments/refunds/", f"/staff/payments/{payment.pk}/"):
            assert signed_in(name).get(address).status_code == 403, (name, address)
        for address in ("/staff/payments/refunds/1/decide", f"/staff/payments/{payment.pk}/refund"):
            assert signed_in(name).post(address).status_code == 403, (name, address)
    assert signed_in("fin").get("/staff/payments/999/").status_code == 404
    assert signed_in("fin").post("/staff/payments/refunds/999/decide", {"decision": "approve"}).status_code == 404


def test_a_look_at_a_known_persons_payment_is_logged(town: Town, signed_in: SignedIn, people: People) -> None:
    payment = paid(town, person_id=people["alice"].person_id)
    signed_in("fin").get(f"/staff/payments/{payment.pk}/")
    assert Look.objects.get().what == "payment page"


def test_two_press_at_once_and_no_more_than_was_paid_goes_back(town: Town, people: People, work: Work) -> None:
    payment = paid(town)
    asked, barrier, kept = ("fin", "ada"), threading.Barrier(2), []
    actors = [replace(people[name], roles=frozenset({"finance"})) for name in asked]

    def press(actor: Actor) -> None:
        try:
            barrier.wait()
            refund_payment(payment.pk, 14000, reason="A", key=actor.name, actor=actor)
            kept.append("asked")
        except Conflict:
            kept.append("refused")
        finally:
            connection.close()

    together([lambda actor=actor: press(actor) for actor in actors])
    assert sorted(kept) == ["asked", "refused"]
    assert Refund.objects.get().pence == 14000


def test_two_approve_at_once_and_it_is_sent_once(town: Town, people: People, work: Work) -> None:
    payment = paid(town)
    refund_payment(payment.pk, 14000, reason="A", key="1", actor=people["fin"])
    refund, barrier, kept = Refund.objects.get(), threading.Barrier(2), []

    def press() -> None:
        try:
            barrier.wait()
            refund_desk.approve(refund.pk, replace(people["ada"], roles=frozenset({"finance"})))
            kept.append("approved")
        except Conflict:
            kept.append("late")
        finally:
            connection.close()

    together([press, press])
    assert sorted(kept) == ["approved", "late"]
    finish(work)
    told = town.pay.get(f"/v1/payments/{payment.provider_payment_id}/refunds").json()["_embedded"]["refunds"]
    assert [one["amount"] for one in told] == [14000]
    assert EventRow.objects.filter(type="refund.done").count() == 1


def together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


@pytest.fixture
def refund_rules(settings: Any, tmp_path: Path) -> None:
    """A council whose services say what they give back."""
    path = tmp_path / "borough.toml"
    path.write_text(
        Path(settings.BOROUGH_FILE).read_text() + "\n[refunds]\nall-back = 100\nhalf-back = 50\nnone-back = 0\n"
    )
    settings.BOROUGH_FILE = str(path)


def withdraw(about: str, service: str) -> None:
    with transaction.atomic():
        data = {"reference": about, "service": service, "reason": ""}
        publish("submission.withdrawn", subject=about, data=data, actor=system("test"))


@pytest.mark.parametrize(("service", "pence"), [("all-back", 14500), ("half-back", 7250)])
def test_what_is_withdrawn_goes_back_by_rule(
    town: Town, work: Work, refund_rules: None, service: str, pence: int
) -> None:
    payment = paid(town, payer_email="alice@example.org")
    for _ in range(2):
        withdraw(payment.bill.about, service)
        finish(work)
    refund = Refund.objects.get()
    assert (refund.pence, refund.state, refund.asked_by) == (pence, rules.REFUND_DONE, None)
    assert Message.objects.filter(template="refund-done").count() == 1
    assert from_today() == ()


def test_a_service_that_gives_nothing_back(town: Town, work: Work, refund_rules: None) -> None:
    withdraw(paid(town).bill.about, "none-back")
    work()
    assert not Refund.objects.exists()


def test_without_a_rule_finance_decides(town: Town, work: Work, people: People, refund_rules: None) -> None:
    payment = paid(town)
    withdraw(payment.bill.about, "no-rule")
    work()
    refund = Refund.objects.get()
    assert (refund.state, refund.pence) == (rules.REFUND_WAITING, 14500)
    refund_desk.approve(refund.pk, people["fin"])
    finish(work)
    refund.refresh_from_db()
    assert refund.state == rules.REFUND_DONE


def test_what_was_not_paid_gives_nothing_back(town: Town, work: Work, refund_rules: None) -> None:
    withdraw(town.bill().about, "all-back")
    withdraw("LM-NOTHING", "all-back")
    work()
    assert not Refund.objects.exists()
