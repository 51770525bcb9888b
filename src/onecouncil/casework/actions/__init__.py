# SPDX-License-Identifier: MIT
"""The verbs of the room: may I, lock, look again, do it, write it down, tell the house. One transaction each."""
