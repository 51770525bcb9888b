# SPDX-License-Identifier: MIT
"""Messages to people, as rows: written with the change they tell of, sent afterwards by the provider.

1. an action or subscriber calls `send` in its transaction: one Message row under a unique key, so that a repeated
   call writes nothing more;
2. with the `kept` provider (the embedded default) that is all: the message is shown on screen;
3. otherwise a background job hands it to the provider and notes what came of it.
"""

from onecouncil.core.messaging.mail import (
    MessageView,
    Recipient,
    all_messages,
    messages_about,
    messages_at,
    messages_to,
    send,
    send_written,
)

__all__ = [
    "MessageView",
    "Recipient",
    "all_messages",
    "messages_about",
    "messages_at",
    "messages_to",
    "send",
    "send_written",
]
