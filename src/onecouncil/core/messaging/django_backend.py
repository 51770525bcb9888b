# SPDX-License-Identifier: MIT
"""Django's own mail (sign-in codes and the like, from allauth) goes the same way as every other message."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from onecouncil.core.messaging.mail import Recipient, send_written


class MessageBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            for address in mail.to:
                send_written(
                    Recipient(email=address),
                    subject=str(mail.subject),
                    body=str(mail.body),
                    key=f"mail-{uuid.uuid4()}",
                    kind="account",
                )
        return len(email_messages)
