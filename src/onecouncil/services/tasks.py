# SPDX-License-Identifier: MIT
"""What the room hears, does by itself, and hangs up for others."""
