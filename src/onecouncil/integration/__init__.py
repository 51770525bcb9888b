# SPDX-License-Identifier: MIT
"""How other systems hear of us and talk to us: signed webhooks, Open311, the page for developers."""
