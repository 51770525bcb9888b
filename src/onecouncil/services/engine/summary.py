# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def summary(definition: Definition, answers: Answers, outside: Outside) -> list[SummarySection]:
    raise NotImplementedError
def evidence(definition: Definition, answers: Answers, outside: Outside) -> list[EvidenceGiven]:
    raise NotImplementedError
