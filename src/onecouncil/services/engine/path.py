# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def path(definition: Definition, answers: Answers, outside: Outside) -> list[PageOnPath]:
    raise NotImplementedError
def find_page(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> PageOnPath | None:
    raise NotImplementedError
def next_page(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> str | None:
    raise NotImplementedError
def previous_page(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> str | None:
    raise NotImplementedError
def first_unanswered(definition: Definition, answers: Answers, outside: Outside) -> str | None:
    raise NotImplementedError
def may_visit(definition: Definition, answers: Answers, page_id: str, outside: Outside) -> bool:
    raise NotImplementedError
def is_complete(definition: Definition, answers: Answers, outside: Outside) -> bool:
    raise NotImplementedError
def exit_reached(definition: Definition, answers: Answers, outside: Outside) -> PageOnPath | None:
    raise NotImplementedError
