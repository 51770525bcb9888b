# SPDX-License-Identifier: MIT
"""Ways to send a message. A provider is one folder here and one line in `PROVIDERS`."""

from onecouncil.core.messaging.providers.base import MessageProvider, Outcome

__all__ = ["PROVIDERS", "MessageProvider", "Outcome", "provider"]

PROVIDERS = {
    "kept": "onecouncil.core.messaging.providers.kept.Kept",
    "smtp": "onecouncil.core.messaging.providers.smtp.Smtp",
    "notify": "onecouncil.core.messaging.providers.notify.Notify",
    "failing": "onecouncil.core.messaging.providers.failing.Failing",
}


def provider(name: str) -> MessageProvider:
    """The provider of that name, new for each caller (Notify's client is not thread-safe)."""
    from django.utils.module_loading import import_string

    made: MessageProvider = import_string(PROVIDERS[name])()
    return made
