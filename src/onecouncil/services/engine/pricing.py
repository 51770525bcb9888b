# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def calculate(definition: Definition, answers: Answers, key: str, outside: Outside) -> Json:
    raise NotImplementedError
def decide(table: Table, definition: Definition, answers: Answers, outside: Outside) -> Json:
    raise NotImplementedError
def fee(definition: Definition, answers: Answers, outside: Outside) -> FeeResult:
    raise NotImplementedError
