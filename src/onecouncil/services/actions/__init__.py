# SPDX-License-Identifier: MIT
"""Verbs: `publishing` (versions of services), `drafting` (journeys half-way), `submitting` (what was handed in)."""
