# SPDX-License-Identifier: MIT
"""Cases: what became of each submission, by when, who does it, and what was said."""
