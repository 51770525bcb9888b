# SPDX-License-Identifier: MIT
"""Measurements of the house, each against a floor taken in the same run."""
