# SPDX-License-Identifier: MIT
"""The embedded default: messages are kept in our table and shown on screen; nothing leaves the house."""

from onecouncil.core.messaging.providers.base import Outcome


class Kept:
    def send(self, channel: str, address: str, subject: str, body: str, key: str) -> Outcome:
        return Outcome(accepted=True, reference="kept")

    def check_config(self) -> str:
        return ""
