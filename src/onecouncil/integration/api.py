# SPDX-License-Identifier: MIT
"""The only door of the integration room for other rooms: adding an endpoint, checking a message, what waits."""

from onecouncil.integration.actions.managing import add_endpoint, show_secret
from onecouncil.integration.actions.telling import waiting
from onecouncil.integration.rules import is_genuine
from onecouncil.integration.tasks import send_overdue

__all__ = ["add_endpoint", "is_genuine", "send_overdue", "show_secret", "waiting"]
