# SPDX-License-Identifier: MIT
"""What the engine answers: frozen data for the pages, the HTTP API and the designer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .definition import Group, Json, Page, Question


@dataclass(frozen=True)
class FieldError:
    """`field` is the form field to put it beside and link to (`born-day`); `question` its question (or group) key;
    `page` is filled where a whole journey was checked."""

    question: str
    field: str
    code: str
    message: str
    page: str = ""


@dataclass(frozen=True)
class Cleaned:
    """The value in its normal form, or why not. With errors, `value` is None."""

    value: Json = None
    errors: tuple[FieldError, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class PageOnPath:
    """A page as this person meets it.

    `id` is one URL segment: `about-you`, `children.2.name` (second child), `children` (the list of children).
    `questions` are asked now; `fields` are to be drawn: those, and those that an answer on the same page may reveal.
    """

    id: str
    kind: Literal["page", "group", "exit"]
    page: Page | Group
    title: str
    questions: tuple[Question, ...] = ()
    fields: tuple[Question, ...] = ()
    group: str = ""
    index: int = 0  # 1 for the first item; 0 outside a group's items
    answered: bool = False


@dataclass(frozen=True)
class Saved:
    """After a page or a whole journey was given. With errors, `answers` is what it was before. `next_page` is the
    id of the
    page to go to, or None for check-your-answers."""

    answers: Mapping[str, Json]
    errors: tuple[FieldError, ...] = ()
    next_page: str | None = None

    @property
    def ok(self) -> bool:
        return not self.errors

    def by_field(self) -> dict[str, str]:
        """Form field → its first message."""
        out: dict[str, str] = {}
        for error in self.errors:
            out.setdefault(error.field, error.message)
        return out


@dataclass(frozen=True)
class SummaryRow:
    """`lines` is the value as a person reads it; `page` the page id to change it at; `field` the form field to land
    on."""

    question: str
    label: str
    lines: tuple[str, ...]
    page: str
    field: str


@dataclass(frozen=True)
class SummarySection:
    """`group`/`index` are set for an item of a repeated group."""

    title: str
    rows: tuple[SummaryRow, ...]
    group: str = ""
    index: int = 0


@dataclass(frozen=True)
class EvidenceGiven:
    """A kind of evidence asked for on the path, and the files given for it."""

    kind: str
    label: str
    question: str
    files: tuple[Mapping[str, Json], ...]


@dataclass(frozen=True)
class FeeLine:
    """`pence` is what is paid, VAT included; negative for a discount."""

    label: str
    pence: int
    fund: str = ""
    vat: str = "outside"
    quantity: int = 1


@dataclass(frozen=True)
class FeeResult:
    total_pence: int
    lines: tuple[FeeLine, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Something a designer should look at. An `error` keeps a definition from being published."""

    severity: Literal["error", "warning", "note"]
    path: str
    message: str


@dataclass(frozen=True)
class Problem:
    """Why a definition cannot be read: where (`journey.pages[3].questions[0].type`) and the reason."""

    path: str
    reason: str
    line: int | None = None


class DefinitionError(ValueError):
    """The data is not a journey; `problems` says everything that is wrong, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.path}: {p.reason}" for p in problems))


class FeeError(ValueError):
    """No fee follows from these answers: a table has a gap or an overlap, or the council's fact is missing."""
