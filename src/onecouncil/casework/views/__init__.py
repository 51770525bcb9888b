# SPDX-License-Identifier: MIT
"""The pages of the room: the desk, the account, tracking."""
