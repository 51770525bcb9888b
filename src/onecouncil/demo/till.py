# SPDX-License-Identifier: MIT
"""Somebody who pays: presses the buttons of the pretend payment provider, as a payer's browser would.

The payments are then real to the whole house, and finance can refund them: the pretend provider knows them too. With
a real provider set up there is no till, and the example bills stay unpaid.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

import requests
from django.conf import settings

READY_SECONDS = 10
SECONDS = 5


class Till:
    """The pretend provider of this council, answering at `ONECOUNCIL_PAY_URL`."""

    def __init__(self, can_turn_back: bool) -> None:
        self._can_turn_back = can_turn_back
        self._session = requests.Session()
        self._ahead = 0.0

    def set_clock(self, moment: datetime) -> None:
        """Let it be `moment` at the provider too, if it is ours to turn."""
        if not self._can_turn_back:
            return
        ahead = moment.timestamp() - time.time()
        self._post("/_clock", json={"advance": ahead - self._ahead}, headers=_key())
        self._ahead = ahead

    def choose(self, next_url: str, outcome: str) -> None:
        """Press one button of the card page: pay, decline, cancel or error."""
        self._post(urlsplit(next_url).path, data={"outcome": outcome})

    def _post(self, path: str, **given: object) -> None:
        url = settings.PAY_URL + path
        answer = self._session.post(url, timeout=SECONDS, allow_redirects=False, **given)  # type: ignore[arg-type]
        if answer.status_code >= 400:
            raise RuntimeError(f"the pretend payment provider refused {path}: {answer.status_code}")


@contextmanager
def open_till() -> Iterator[Till | None]:
    """The till, started for as long as it is needed unless it runs already; None with a real provider."""
    if settings.PAY_PROVIDER != "demo":
        yield None
        return
    if _answers():
        yield Till(can_turn_back=False)
        return
    provider = subprocess.Popen(_command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed
    try:
        yield Till(can_turn_back=True) if _wait(provider) else None
    finally:
        provider.terminate()
        provider.wait(timeout=READY_SECONDS)


def _command() -> list[str]:
    """The provider on the same file as under `up`, without webhooks: nobody listens yet."""
    port = urlsplit(settings.PAY_URL).port or 80
    return [
        *(sys.executable, "-m", "onecouncil.payments.standin", "--port", str(port), "--testing"),
        *("--data", str(settings.DATA_DIR / "stand-in.sqlite3"), "--api-key", settings.PAY_KEY),
        *("--public-url", settings.PAY_PUBLIC_URL),
    ]


def _wait(provider: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and provider.poll() is None:
        if _answers():
            return True
        time.sleep(0.05)
    return False


def _answers() -> bool:
    """Whether our provider answers there: it accepts our key."""
    try:
        url = f"{settings.PAY_URL}/v1/payments"
        return requests.get(url, headers=_key(), params={"display_size": "1"}, timeout=1).status_code == 200
    except requests.RequestException:
        return False


def _key() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.PAY_KEY}"}
