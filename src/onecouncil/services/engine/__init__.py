# SPDX-License-Identifier: MIT
"""The journey engine: plain Python over plain data. `README.md` beside this file shows the file format and each
call."""

from __future__ import annotations

from .carrying import carry, prefill
from .checks import check
from .conditions import holds
from .definition import (
    Answers,
    Calculated,
    Charge,
    Condition,
    Declaration,
    Definition,
    Exit,
    Group,
    Json,
    Money,
    Option,
    Page,
    Placeholder,
    Question,
    Ref,
    Rule,
    Table,
)
from .dumping import dump
from .lines import find_line, with_lines
from .outside import AddressChoice, FileMeta, Outside, SlotChoice
from .parsing import parse, parse_condition, parse_table
from .path import exit_reached, find_page, first_unanswered, is_complete, may_visit, next_page, path, previous_page
from .pricing import calculate, decide, fee
from .results import (
    Cleaned,
    DefinitionError,
    EvidenceGiven,
    FeeError,
    FeeLine,
    FeeResult,
    FieldError,
    Finding,
    PageOnPath,
    Problem,
    Saved,
    SummaryRow,
    SummarySection,
)
from .saving import add_item, clean_declaration, prune, remove_item, save_all, save_page
from .scope import Scope
from .summary import evidence, summary
from .types import TYPES, QuestionType, Setting, clean, clean_json, sample, show, to_form

__all__ = [
    "TYPES",
    "AddressChoice",
    "Answers",
    "Calculated",
    "Charge",
    "Cleaned",
    "Condition",
    "Declaration",
    "Definition",
    "DefinitionError",
    "EvidenceGiven",
    "Exit",
    "FeeError",
    "FeeLine",
    "FeeResult",
    "FieldError",
    "FileMeta",
    "Finding",
    "Group",
    "Json",
    "Money",
    "Option",
    "Outside",
    "Page",
    "PageOnPath",
    "Placeholder",
    "Problem",
    "Question",
    "QuestionType",
    "Ref",
    "Rule",
    "Saved",
    "Scope",
    "Setting",
    "SlotChoice",
    "SummaryRow",
    "SummarySection",
    "Table",
    "add_item",
    "calculate",
    "carry",
    "check",
    "clean",
    "clean_declaration",
    "clean_json",
    "decide",
    "dump",
    "evidence",
    "exit_reached",
    "fee",
    "find_line",
    "find_page",
    "first_unanswered",
    "holds",
    "is_complete",
    "may_visit",
    "next_page",
    "parse",
    "parse_condition",
    "parse_table",
    "path",
    "prefill",
    "previous_page",
    "prune",
    "remove_item",
    "sample",
    "save_all",
    "save_page",
    "show",
    "summary",
    "to_form",
    "with_lines",
]
