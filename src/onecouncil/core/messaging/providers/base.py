# SPDX-License-Identifier: MIT
"""What a message provider is. Read this to write one."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Outcome:
    """`accepted`: the provider took it. Otherwise it said no for good, and `error` says why in words."""

    accepted: bool
    reference: str = ""
    error: str = ""


class MessageProvider(Protocol):
    """Sends one message at a time, from a background job, never inside a database transaction."""

    def send(self, channel: str, address: str, subject: str, body: str, key: str) -> Outcome:
        """Send by `channel` (email or sms). `key` is the same for a repeat of the same message.

        Raises:
            Unavailable: a passing fault; the job is tried again later.
        """

    def check_config(self) -> str:
        """ "" when settings, connection and credentials are good, else one sentence that says what to do."""
