# SPDX-License-Identifier: MIT
"""The law of webhooks: signatures as the standard's own example has them, waits, addresses never called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecouncil.integration import rules

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_is_the_published_example() -> None:
    """From the Standard Webhooks reference libraries."""
    body = b'{"test": 2432232314}'
    assert (
        rules.sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@given(st.binary(max_size=200), st.integers(0, 2**32), st.text(max_size=20))
def test_what_we_sign_is_genuine_and_nothing_else_is(body: bytes, moment: int, salt: str) -> None:
    secret = rules.secret_of("house key", salt)
    headers = rules.headers([secret], "message-1", moment, body)
    assert rules.is_genuine(secret, headers, body, moment)
    assert not rules.is_genuine(secret, headers, body + b" ", moment)
    assert not rules.is_genuine(secret, {**headers, "webhook-id": "message-2"}, body, moment)
    assert not rules.is_genuine(rules.secret_of("other key", salt), headers, body, moment)
    assert not rules.is_genuine(secret, headers, body, moment + 301)


def test_either_secret_will_do_while_one_follows_the_other() -> None:
    old, new = rules.secret_of("key", "old"), rules.secret_of("key", "new")
    headers = rules.headers([new, old], "m", 1000, b"{}")
    assert rules.is_genuine(old, headers, b"{}", 1000)
    assert rules.is_genuine(new, headers, b"{}", 1000)


def test_ten_tries_over_three_days() -> None:
    waits = [rules.wait_after(n) for n in range(1, 11)]
    assert waits[-1] is None
    assert None not in waits[:-1]
    total = sum(wait.total_seconds() for wait in waits if wait)
    assert 3 * 24 < total / 3600 < 4 * 24


@pytest.mark.parametrize(
    ("patterns", "event_type", "wanted"),
    [(["*"], "a.b", True), (["case.*"], "case.opened", True), (["case.*"], "cases.opened", False), ([], "a.b", False)],
)
def test_patterns(patterns: list[str], event_type: str, wanted: bool) -> None:
    assert rules.wants(patterns, event_type) is wanted


@pytest.mark.parametrize("wrong", [[], ["case"], ["Case.opened"], ["a.b.c"], ["[a-z].x"], ["x"] * 21])
def test_patterns_that_are_refused(wrong: list[str]) -> None:
    assert rules.check_patterns(wrong)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "fe80::1", "fc00::1", "::", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "255.255.255.255",
    ],
)  # fmt: skip
def test_addresses_inside_are_never_called(address: str) -> None:
    assert not rules.may_call(address, demo=False)
    assert not rules.may_call(address, demo=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_called_only_in_the_demo(address: str) -> None:
    assert not rules.may_call(address, demo=False)
    assert rules.may_call(address, demo=True)


def test_public_addresses_are_called() -> None:
    assert rules.may_call("93.184.215.14", demo=False)
    assert rules.may_call("2606:2800:21f:cb07:6820:80da:af6b:8b2c", demo=False)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https://user:pass@example.org/",
        "https://example.org/#here", "https://exa mple.org/", "https://10.0.0.1/", "https://[::1", "http://example.org/",
        "https://example.org:99999/", "https://example.org/" + "a" * 500, "http://127.0.0.1/",
    ],
)  # fmt: skip
def test_web_addresses_that_are_refused(url: str) -> None:
    assert rules.check_url(url, demo=False)


def test_web_addresses_that_are_taken() -> None:
    assert rules.check_url("https://example.org/hooks?a=b", demo=False) == ""
    assert rules.check_url("http://127.0.0.1:9000/hooks", demo=True) == ""
    assert rules.check_url("http://localhost:9000/hooks", demo=True) == ""
