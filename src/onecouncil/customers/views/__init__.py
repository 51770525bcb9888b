# SPDX-License-Identifier: MIT
"""The pages of the room: finding somebody, saying why, the record, and what can be done for them."""
