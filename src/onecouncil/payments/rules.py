# SPDX-License-Identifier: MIT
"""The law of the room: the states of a bill and of an attempt to pay it, and how money is posted. Pure.

An attempt is `asking` (our row is written, the provider's answer is not known), `open` (the payer may be paying),
then for ever one of `succeeded`, `failed` or `lost` (the provider never had it, or never told us). One thing only
can follow an unsuccessful end: news that the money came after all, because money that came is never forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RAISED, PAID, BILL_CANCELLED = "raised", "paid", "cancelled"
BILL_STATES = (RAISED, PAID, BILL_CANCELLED)

ASKING, OPEN, SUCCEEDED, FAILED, LOST = "asking", "open", "succeeded", "failed", "lost"
STATES = (ASKING, OPEN, SUCCEEDED, FAILED, LOST)
PENDING = (ASKING, OPEN)

DECLINED, EXPIRED, CANCELLED, ERROR, REFUSED, UNKNOWN = (
    "declined",
    "expired",
    "cancelled",
    "error",
    "refused",
    "unknown",
)
"""Why an attempt did not succeed: the bank, the clock, a person, the provider, our request, or nobody can say."""

REFUND_WAITING, REFUND_REFUSED = "waiting", "refused"
REFUND_ASKED, REFUND_SENT, REFUND_DONE, REFUND_FAILED = "asked", "sent", "done", "failed"
REFUND_STATES = (REFUND_WAITING, REFUND_REFUSED, REFUND_ASKED, REFUND_SENT, REFUND_DONE, REFUND_FAILED)
"""`waiting` for a second person, who makes it `asked` or `refused`; `asked` will be sent by a job."""

REFUND_ENDED = (REFUND_REFUSED, REFUND_DONE, REFUND_FAILED)
REFUND_NOTHING_GOES_BACK = (REFUND_REFUSED, REFUND_FAILED)
REFUND_LIMIT = 5000

SETTLE_BILL, SURPLUS = "settle-bill", "surplus"

MOST_PENCE = 10_000_000
FIRST_LOOK, LAST_GAP = 60, 900
LOST_IS_FOLLOWED = 3 * 3600


def after(current: str, told: str) -> str:
    """The state of an attempt after the provider told `told`. The order and number of tellings do not matter."""
    if SUCCEEDED in (current, told):
        return SUCCEEDED
    if current == FAILED or (current == LOST and told in PENDING):
        return current
    return current if told == ASKING else told


def what_money_does(bill_state: str, due: int, came: int) -> str:
    """What a payment that has just succeeded does to its bill: pays it, or is not what was due and goes back."""
    return SETTLE_BILL if bill_state == RAISED and due == came else SURPLUS


def seconds_to_next_look(state: str, age: float) -> int | None:
    """When to ask the provider again about an attempt of this age, if nothing tells us before; None for never."""
    if state in (SUCCEEDED, FAILED):
        return None
    if state == LOST and age > LOST_IS_FOLLOWED:
        return None
    return int(min(LAST_GAP, max(FIRST_LOOK, age / 2)))


def needs_second_person(pence: int, already: int, limit: int) -> bool:
    """Whether a refund that a person asks must be approved by another: counted over the whole payment, so that a large
    one cannot be asked in small parts."""
    return pence + already > limit


def goes_back_when_withdrawn(paid: int, already: int, percent: int) -> int:
    """What a service gives back of a payment when what was paid for is withdrawn."""
    return max(0, paid * min(max(percent, 0), 100) // 100 - already)


@dataclass(frozen=True)
class Line:
    """One line of a bill: what it is for, with VAT, and the fund that it belongs to."""

    label: str
    pence: int
    fund: str
    vat_rate: int = 0


@dataclass(frozen=True)
class Posting:
    """One line of the ledger. Debits are positive, credits negative; the postings of one entry add up to nothing."""

    account: str
    fund: str
    pence: int


CLEARING, INCOME, VAT, SUSPENSE = "clearing", "income", "vat", "suspense"
BANK, FEES = "bank", "fees"


def vat_within(pence: int, rate: int) -> int:
    """The VAT inside a price, rounded half up to a penny (VAT Notice 700, 17.5)."""
    base = 100 + rate
    return (2 * pence * rate + base) // (2 * base)


def faults_of_bill(lines: Sequence[Line]) -> str:
    """Why these lines cannot be a bill; empty when they can."""
    total = sum(line.pence for line in lines)
    if not 1 <= total <= MOST_PENCE:
        return f"a bill must be between 1 and {MOST_PENCE} pence, not {total}"
    if any(not line.fund or not line.label for line in lines):
        return "each line of a bill needs a label and a fund"
    if any(line.vat_rate < 0 for line in lines):
        return "a VAT rate cannot be negative"
    return ""


def postings_of_payment(lines: Iterable[Line], provider: str) -> tuple[Posting, ...]:
    """Money for a bill: the provider owes us all of it; each fund earned its net, and owes the VAT within."""
    kept = list(lines)
    made = [Posting(CLEARING, provider, sum(line.pence for line in kept))]
    for fund in sorted({line.fund for line in kept}):
        of_fund = [line for line in kept if line.fund == fund]
        vat = sum(vat_within(line.pence, line.vat_rate) for line in of_fund)
        made.append(Posting(INCOME, fund, vat - sum(line.pence for line in of_fund)))
        made.append(Posting(VAT, fund, -vat))
    return tuple(posting for posting in made if posting.pence)


def postings_of_surplus(pence: int, provider: str) -> tuple[Posting, ...]:
    """Money that no bill was waiting for: it is held in suspense until it has gone back."""
    return Posting(CLEARING, provider, pence), Posting(SUSPENSE, provider, -pence)


def postings_of_surplus_refund(pence: int, provider: str) -> tuple[Posting, ...]:
    return Posting(SUSPENSE, provider, pence), Posting(CLEARING, provider, -pence)


def postings_of_banked(pence: int, account: str, fund: str) -> tuple[Posting, ...]:
    """Money on the bank's statement, out of the clearing or suspense account that it was waited for in."""
    return Posting(BANK, "bank", pence), Posting(account, fund, -pence)


def postings_of_allocation(pence: int, source: str) -> tuple[Posting, ...]:
    """Money leaves suspense for the clearing account that the payment of a bill was booked against."""
    return Posting(SUSPENSE, source, pence), Posting(CLEARING, source, -pence)


def postings_of_fee(pence: int, provider: str) -> tuple[Posting, ...]:
    """What a provider keeps of what it owes us."""
    return Posting(FEES, provider, pence), Posting(CLEARING, provider, -pence)


def postings_of_refund(lines: Iterable[Line], refunded: int, provider: str) -> tuple[Posting, ...]:
    """Money back: the funds give back what they earned, in proportion; the last one bears the odd penny."""
    whole = [posting for posting in postings_of_payment(lines, provider) if posting.account != CLEARING]
    total = -sum(posting.pence for posting in whole)
    shares = [-posting.pence * refunded // total for posting in whole]
    shares[-1] += refunded - sum(shares)
    back = [Posting(one.account, one.fund, share) for one, share in zip(whole, shares, strict=True) if share]
    return (*back, Posting(CLEARING, provider, -refunded))


def balances(postings: Iterable[Posting]) -> bool:
    return sum(posting.pence for posting in postings) == 0
