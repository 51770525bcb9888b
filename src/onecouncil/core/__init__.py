# SPDX-License-Identifier: MIT
"""The ground of the house: events, audit, money, references, permissions, messages, files. Knows no room."""
