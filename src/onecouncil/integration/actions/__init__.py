# SPDX-License-Identifier: MIT
"""What changes things here: `managing` endpoints (people), `telling` them of events (the house)."""
