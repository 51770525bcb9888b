# SPDX-License-Identifier: MIT
"""The only door of the integration room for other rooms: adding an endpoint, and how a receiver checks a message."""

from onecouncil.integration.actions.managing import add_endpoint, show_secret
from onecouncil.integration.rules import is_genuine

__all__ = ["add_endpoint", "is_genuine", "show_secret"]
