# SPDX-License-Identifier: MIT
"""Always down: the test double, and the example of how a provider tells of a passing fault."""

from onecouncil.core.messaging.providers.base import Outcome
from onecouncil.core.problems import Unavailable


class Failing:
    def send(self, channel: str, address: str, subject: str, body: str, key: str) -> Outcome:
        raise Unavailable("The failing provider is always down")

    def check_config(self) -> str:
        return "This provider only fails. Set ONECOUNCIL_MESSAGES=kept, smtp or notify."
