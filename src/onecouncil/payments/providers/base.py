# SPDX-License-Identifier: MIT
"""How to write a payment provider.

A provider takes payers by full redirect: our pages never see a card. It is one folder beside this file with a class
that keeps the `Provider` interface, and one line in `providers/__init__.py`. `README.md` here tells it step by step.

The life of a payment, seen from here:

1. the room writes its own row, and only then calls `create` with an `Order`;
2. the payer is sent to `Report.next_url`, and comes back to `Order.return_url`, which holds our own attempt's id;
3. whatever is heard (payer back, webhook, poller), the room calls `look` and believes only that;
4. `Report.state` is one of `open`, `succeeded`, `failed`; a failed one has a reason of `rules`.

Every method may be called from any thread, never inside a database transaction, and keeps no rows of its own.
Raise `Unavailable` (of core) when there was no clear answer, or "not now": the room will look before it asks again.
Raise `Refused` only when it is sure that nothing was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from onecouncil.core.problems import Unavailable


class Refused(Exception):
    """The provider surely did nothing, and says why. `code` is the provider's own."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code = code


class Changed(Refused):
    """A refund was not sent, because what is left of the payment is not what we thought. We look, and ask again."""


class NotAccepted(Unavailable):
    """Our key is not accepted: no payer's fault, and nothing ends because of it. An operator must mend it."""


class BadSignature(Exception):
    """A webhook that the provider did not send."""


@dataclass(frozen=True)
class Order:
    """What the payer is asked to pay. `attempt` names our row; the provider must be able to give it back."""

    reference: str
    attempt: str
    description: str
    pence: int
    return_url: str
    email: str = ""
    leave_url: str = ""
    """Where a payer goes who turns back, at a provider that lets them come again: the bill's own page."""


@dataclass(frozen=True)
class Report:
    """What the provider says of a payment, at one moment."""

    payment_id: str
    state: str
    reason: str
    pence: int
    reference: str
    attempt: str
    next_url: str = ""


@dataclass(frozen=True)
class RefundReport:
    """`state` is `sent`, `done` or `failed`, as in `rules`."""

    refund_id: str
    state: str
    pence: int


@dataclass(frozen=True)
class Notice:
    """A webhook, read: something about `payment_id` may have changed. Its words are never believed, only its topic."""

    message_id: str
    event_type: str
    payment_id: str


class Provider(Protocol):
    """One way to be paid."""

    name: str
    """The key in `PROVIDERS`, kept in rows: never rename it."""

    hears_at: str
    """The last part of the address it sends webhooks to, `/pay/webhook/<hears_at>`."""

    def create(self, order: Order) -> Report:
        """Ask for a payment. Called once for an attempt; the room never repeats it blindly.

        Raises:
            Unavailable: no clear answer; the payment may exist.
            Refused: it surely does not.
        """

    def look(self, payment_id: str) -> Report:
        """What has become of it? Must be strongly consistent: this is what money is booked on.

        Raises:
            Unavailable: no clear answer.
            Refused: the provider does not know it.
        """

    def find(self, reference: str, attempt: str) -> Report | None:
        """Look for an attempt whose `create` was not answered. None when the provider does not show it (yet)."""

    def refund(self, payment_id: str, pence: int, available: int, key: str) -> RefundReport:
        """Send money back, given that `available` is still there. Must do nothing when it is not: that is the lock.

        Args:
            key: names this refund of ours; another refund has another, even of the same amount.

        Raises:
            Unavailable: no clear answer; the refund may exist.
            Changed: something else was refunded meanwhile. Refused: it surely does not exist.
        """

    def refunds(self, payment_id: str) -> tuple[RefundReport, ...]:
        """All refunds of a payment, those included that nobody told us of."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Check the signature and say what it is about; None for a kind that does not concern us.

        Raises:
            BadSignature: it is not from the provider, or cannot be read.
        """

    def check_config(self) -> str:
        """What is wrong with the settings, connection or credentials, and what to do; empty when all is well.

        May call the provider: it is run for the health page, not for a payer.
        """
