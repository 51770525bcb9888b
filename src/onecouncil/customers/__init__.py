# SPDX-License-Identifier: MIT
"""One view of the customer: who they are, what they asked, what they owe, what happened. Read README.md first."""
