# SPDX-License-Identifier: MIT
"""The public website: pages, navigation, search, and the furniture of every page."""
