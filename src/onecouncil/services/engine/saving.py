# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from .definition import *
from .definition import Answers, Json
from .outside import Outside
from .results import *
Form = Mapping[str, Sequence[str]]
def save_page(definition: Definition, answers: Answers, page_id: str, form: Form, outside: Outside) -> Saved:
    raise NotImplementedError
def add_item(definition: Definition, answers: Answers, group: str) -> dict[str, Json]:
    raise NotImplementedError
def remove_item(definition: Definition, answers: Answers, group: str, index: int) -> dict[str, Json]:
    raise NotImplementedError
def save_all(definition: Definition, data: Json, outside: Outside) -> Saved:
    raise NotImplementedError
def prune(definition: Definition, answers: Answers, outside: Outside) -> dict[str, Json]:
    raise NotImplementedError
def clean_declaration(definition: Definition, form: Form) -> tuple[FieldError, ...]:
    raise NotImplementedError
