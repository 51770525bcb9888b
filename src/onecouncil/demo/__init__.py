# SPDX-License-Identifier: MIT
"""The example borough, generated: the same from the same seed, and nothing in it is real."""
