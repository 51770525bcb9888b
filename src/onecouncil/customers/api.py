# SPDX-License-Identifier: MIT
"""The door of the room. It owns no rows yet: it reads the rooms below through their own doors."""

from onecouncil.customers.reads import Customer, Found, Timeline, customer, search, timeline

__all__ = ["Customer", "Found", "Timeline", "customer", "search", "timeline"]
