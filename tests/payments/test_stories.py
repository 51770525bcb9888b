# SPDX-License-Identifier: MIT
"""Generated stories: people press, pay, leave and come back while the network, the provider and our own process fail.

After each story time passes and the poller runs; then the books balance, no bill was paid twice, and the provider
and we agree about every penny. A failure names its seed: run it alone with `PAY_STORY_SEED=<seed>`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from onecouncil.core import outbound, ports
from onecouncil.core.actors import system
from onecouncil.core.models import EventRow
from onecouncil.core.problems import Conflict
from onecouncil.payments import reads, rules
from onecouncil.payments.actions import polling
from onecouncil.payments.models import Bill, LedgerEntry, Payment, Refund
from onecouncil.payments.providers.govuk_pay import GovUkPay

from .conftest import Town, unique

STORIES = int(os.environ.get("PAY_STORIES", "25"))
ENDINGS = ["pay", "pay", "pay", "decline", "cancel", "expire", "error"]


class Killed(BaseException):
    """Our process dies here."""


class Story:
    """One bill, and everything that happens to it."""

    def __init__(self, town: Town, seed: int, work: Callable[[], None], time_passes: Callable[[float], None]) -> None:
        self.town, self.work, self.time_passes = town, work, time_passes
        self.chance = random.Random(seed)
        self.bill = town.bill(unique("S"))
        self.faults: list[str] = []
        self.backs: list[str] = []
        self.next_urls: list[str] = []

    def run(self) -> None:
        verbs = [self.fault, self.press, self.press, self.press_and_choose, self.press_and_choose, self.choose]
        verbs += [self.come_back, self.hear, self.wait, self.poll, self.die, self.withdraw]
        verbs += [self.lose_an_answer, self.pay_what_nobody_knows]
        for _ in range(self.chance.randint(4, 14)):
            self.chance.choice(verbs)()
        self.settle_down()

    def fault(self) -> None:
        operation = self.chance.choice(["create", "get", "search", "refund"])
        kind = self.chance.choice(["429", "500", "lost-request", "lost-answer"])
        self.town.standin.faults.add(operation, kind, self.chance.randint(1, 2))
        self.town.standin.faults.set_webhook(self.chance.choice(["", "", "duplicate", "drop", "before-return"]))
        self.town.standin.faults.search_lag = self.chance.choice([0, 0, 200])
        self.faults.append(f"{operation}:{kind}")

    def press(self) -> None:
        browser = self.chance.choice([self.town.browser, Client()])
        answer = browser.post(f"/pay/{self.bill.token}")
        assert answer.status_code in (303, 409, 503)
        if answer.status_code == 303:
            self.next_urls.append(answer["Location"])

    def press_and_choose(self) -> None:
        self.press()
        self.choose()

    def lose_an_answer(self) -> None:
        """The provider took the order, we were cut off, and its search does not show it: the payer presses again."""
        self.town.standin.faults.add("create", "lost-answer")
        self.town.standin.faults.search_lag = 200
        self.faults.append("answer lost, search lags")
        self.press()
        self.press()

    def choose(self) -> None:
        if self.next_urls:
            next_url = self.chance.choice(self.next_urls[-2:])
            self.backs.append(self.town.on_card_page(next_url, self.chance.choice(ENDINGS)))

    def pay_what_nobody_knows(self) -> None:
        """Somebody pays at an address that we were never told, as its answer was lost: money nobody waits for."""
        find = "SELECT token FROM payment WHERE reference = ? AND status = 'created' ORDER BY created"
        rows = self.town.standin.store.all(find, self.bill.reference)
        if rows:
            self.town.on_card_page(f"{self.town.standin.url}/secure/{rows[0]['token']}", "pay")

    def come_back(self) -> None:
        if self.backs:
            assert self.town.browser.get(self.chance.choice(self.backs)).status_code in (200, 302)

    def hear(self) -> None:
        self.town.deliver_webhooks(0)
        self.work()

    def wait(self) -> None:
        outbound._clients.clear()  # the circuit closes again after half a minute
        self.time_passes(self.chance.choice([5, 50, 61, 61, 400, 2000, 5500]))

    def poll(self) -> None:
        polling.look_at_due()
        polling.look_at_refunds()

    def withdraw(self) -> None:
        if self.chance.random() < 0.3:
            try:
                with transaction.atomic():
                    ports.payments().cancel_bill(self.bill.about, "Withdrawn", system("test"))
            except Conflict:
                self.faults.append("withdrawn while paying")

    def die(self) -> None:
        """The process is killed just before, or just after, the provider was asked."""
        before, real = self.chance.random() < 0.5, GovUkPay._call

        def dying(provider: GovUkPay, *args: Any, **kwargs: Any) -> Any:
            if not before:
                real(provider, *args, **kwargs)
            raise Killed

        self.faults.append("killed")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(GovUkPay, "_call", dying)
            try:
                self.chance.choice([self.press, self.come_back, self.poll])()
            except Killed:
                return

    def settle_down(self) -> None:
        """All faults end, half a day passes, the poller and the worker run."""
        self.town.standin.faults.apply({})
        outbound._clients.clear()
        for _ in range(24):
            self.time_passes(1800)
            self.poll()
        self.work()
        self.poll()

    def check(self) -> None:
        self.bill.refresh_from_db()
        attempts = Payment.objects.filter(bill=self.bill)
        assert not attempts.filter(state__in=rules.PENDING).exists()
        settling = attempts.filter(state=rules.SUCCEEDED, surplus=False).count()
        assert settling == (1 if self.bill.state == rules.PAID else 0)
        told = EventRow.objects.filter(type="bill.paid", subject=self.bill.reference).count()
        assert told == settling == LedgerEntry.objects.filter(bill=self.bill, kind="payment").count()
        self._provider_agrees()
        assert reads.books_are_out_by() == 0

    def _provider_agrees(self) -> None:
        found = self.town.pay.get("/v1/payments", params={"reference": self.bill.reference}).json()["results"]
        theirs_in = sum(one["amount"] for one in found if one["state"]["status"] == "success")
        theirs_back = sum(one["refund_summary"]["amount_submitted"] for one in found)
        ours = Payment.objects.filter(bill=self.bill, state=rules.SUCCEEDED).values_list("amount_pence", flat=True)
        back = Refund.objects.filter(payment__bill=self.bill, state=rules.REFUND_DONE).values_list("pence", flat=True)
        assert (sum(ours), sum(back)) == (theirs_in, theirs_back)
        assert theirs_in - theirs_back == (self.bill.total_pence if self.bill.state == rules.PAID else 0)


def test_generated_stories(
    town: Town, work: Callable[[], None], time_passes: Callable[[float], None], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], settings: Any,
) -> None:  # fmt: skip
    from onecouncil.core import limits
    from onecouncil.payments.actions import paying
    from onecouncil.payments.providers.govuk_pay import adapter

    monkeypatch.setattr(adapter, "BACK_OFF", 0.0)
    monkeypatch.setattr(adapter.random, "random", lambda: 0.0)
    monkeypatch.setattr(paying, "WAIT_FOR_OTHER", 0.05)
    monkeypatch.setattr(limits, "hit", lambda *_args, **_kw: None)
    first = int(os.environ.get("PAY_STORY_SEED", "1"))
    injected: list[str] = []
    for seed in range(first, first + (1 if "PAY_STORY_SEED" in os.environ else STORIES)):
        outbound._clients.clear()
        story = Story(town, seed, work, time_passes)
        try:
            story.run()
            story.check()
        except AssertionError as failure:
            raise AssertionError(f"story {seed} with {story.faults}") from failure
        injected += story.faults
    paid = Bill.objects.filter(state=rules.PAID).count()
    with capsys.disabled():
        print(f" {Bill.objects.count()} stories, {paid} paid, {len(injected)} faults, {Refund.objects.count()} refunds")
