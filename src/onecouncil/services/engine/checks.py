# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def check(definition: Definition, facts_known: frozenset[str] | None = None) -> list[Finding]:
    raise NotImplementedError
