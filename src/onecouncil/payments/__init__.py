# SPDX-License-Identifier: MIT
"""The payments room: bills, attempts to pay them, and the money that came."""
