# SPDX-License-Identifier: MIT
"""Verbs that change things. Locks: the bill, then its payments. Providers are called outside transactions."""
