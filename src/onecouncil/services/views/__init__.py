# SPDX-License-Identifier: MIT
"""Thin views: read the request, call an action, draw."""
