# SPDX-License-Identifier: MIT
"""The law of the room, held by properties."""

from hypothesis import given
from hypothesis import strategies as st

from onecouncil.payments import rules

TOLD = st.sampled_from([rules.OPEN, rules.SUCCEEDED, rules.FAILED, rules.LOST])
LINES = st.lists(
    st.builds(
        rules.Line,
        label=st.just("A thing"),
        pence=st.integers(1, 50_000),
        fund=st.sampled_from(["waste", "parking", "leisure"]),
        vat_rate=st.sampled_from([0, 5, 20]),
    ),
    min_size=1,
    max_size=8,
)


def told_in_order(tellings: list[str]) -> str:
    state = rules.ASKING
    for telling in tellings:
        state = rules.after(state, telling)
    return state


@given(st.lists(TOLD), st.randoms())
def test_money_that_came_is_never_forgotten_in_any_order(tellings: list[str], random: object) -> None:
    shuffled = list(tellings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert (told_in_order(shuffled) == rules.SUCCEEDED) == (rules.SUCCEEDED in tellings)


@given(st.sampled_from(rules.STATES), TOLD)
def test_told_twice_is_told_once(state: str, telling: str) -> None:
    once = rules.after(state, telling)
    assert rules.after(once, telling) == once


@given(st.sampled_from(rules.STATES), TOLD)
def test_an_end_is_never_reopened(state: str, telling: str) -> None:
    if state not in rules.PENDING:
        assert rules.after(state, telling) not in rules.PENDING


@given(st.sampled_from(rules.STATES), st.floats(0, 10**6))
def test_what_is_pending_is_always_looked_at_again(state: str, age: float) -> None:
    seconds = rules.seconds_to_next_look(state, age)
    if state in rules.PENDING:
        assert seconds is not None
        assert rules.FIRST_LOOK <= seconds <= rules.LAST_GAP
    if state in (rules.SUCCEEDED, rules.FAILED):
        assert seconds is None


@given(LINES)
def test_a_payment_balances_and_every_fund_gets_its_own(lines: list[rules.Line]) -> None:
    postings = rules.postings_of_payment(lines, "demo")
    assert rules.balances(postings)
    for fund in {line.fund for line in lines}:
        earned = -sum(one.pence for one in postings if one.fund == fund)
        assert earned == sum(line.pence for line in lines if line.fund == fund)


@given(LINES, st.data())
def test_refunds_balance_and_a_full_one_undoes_the_payment(lines: list[rules.Line], data: st.DataObject) -> None:
    total = sum(line.pence for line in lines)
    part = data.draw(st.integers(1, total))
    assert rules.balances(rules.postings_of_refund(lines, part, "demo"))
    whole = rules.postings_of_refund(lines, total, "demo")
    undone: dict[tuple[str, str], int] = {}
    for one in (*rules.postings_of_payment(lines, "demo"), *whole):
        undone[one.account, one.fund] = undone.get((one.account, one.fund), 0) + one.pence
    assert set(undone.values()) == {0}


@given(st.integers(0, 10**7), st.sampled_from([0, 5, 20]))
def test_vat_is_rounded_half_up(pence: int, rate: int) -> None:
    vat = rules.vat_within(pence, rate)
    assert abs(vat * (100 + rate) - pence * rate) * 2 <= 100 + rate


def test_known_vat() -> None:
    assert rules.vat_within(1200, 20) == 200
    assert rules.vat_within(999, 20) == 167
    assert rules.vat_within(1050, 5) == 50


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(rules.BILL_STATES))
def test_only_the_right_money_for_a_waiting_bill_pays_it(due: int, came: int, state: str) -> None:
    pays = rules.what_money_does(state, due, came) == rules.SETTLE_BILL
    assert pays == (state == rules.RAISED and due == came)


def test_what_cannot_be_a_bill() -> None:
    assert rules.faults_of_bill([])
    assert rules.faults_of_bill([rules.Line("A", 0, "waste")])
    assert rules.faults_of_bill([rules.Line("A", 10_000_001, "waste")])
    assert rules.faults_of_bill([rules.Line("A", 100, "")])
    assert not rules.faults_of_bill([rules.Line("A", 100, "waste", 20)])
