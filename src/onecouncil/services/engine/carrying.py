# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def carry(answers: Answers, old: Definition, new: Definition, outside: Outside) -> tuple[dict[str, Json], tuple[str, ...]]:
    raise NotImplementedError
def prefill(definition: Definition, known: Mapping[str, Json], answers: Answers, outside: Outside) -> dict[str, Json]:
    raise NotImplementedError
