# SPDX-License-Identifier: MIT
"""Does a condition hold?"""
from __future__ import annotations
from .definition import Condition
from .scope import Scope
def holds(condition: Condition | None, scope: Scope) -> bool:
    """Whether `condition` holds over what `scope` knows; None always holds."""
    raise NotImplementedError
