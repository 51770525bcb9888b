# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def find_line(text: str, path: str) -> int | None:
    raise NotImplementedError
def with_lines(error: DefinitionError, text: str) -> DefinitionError:
    raise NotImplementedError
