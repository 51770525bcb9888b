# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def parse(data: Json) -> Definition:
    raise NotImplementedError
def parse_condition(data: Json, path: str = "condition") -> Condition:
    raise NotImplementedError
def parse_table(data: Json, path: str = "table") -> Table:
    raise NotImplementedError
