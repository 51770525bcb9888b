# SPDX-License-Identifier: MIT
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
from ..definition import *
from ..definition import Answers, Json
from ..outside import Outside
from ..results import *
Form = Mapping[str, Sequence[str]]
class QuestionType: ...
class Setting: ...
TYPES: dict[str, QuestionType] = {}
def clean(question: Question, form: Form, outside: Outside) -> Cleaned:
    raise NotImplementedError
def clean_json(question: Question, value: Json, outside: Outside) -> Cleaned:
    raise NotImplementedError
def show(question: Question, value: Json) -> str | list[str]:
    raise NotImplementedError
def to_form(question: Question, value: Json) -> dict[str, list[str]]:
    raise NotImplementedError
def sample(question: Question, outside: Outside) -> Json:
    raise NotImplementedError
