# SPDX-License-Identifier: MIT
"""What a journey is made of: frozen data, nothing that acts.

A `Definition` holds `Page`s and `Group`s (a group repeats its pages for each child, each vehicle, …); a page holds
`Question`s. `calculated` values and `charges` are worked out from the answers. Every part that may be hidden has
`show_if`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

Json = Any  # str | int | float | bool | None | list[Json] | dict[str, Json]
Answers = Mapping[str, Json]
"""Question key → value, and group key → list of such mappings. `None` means "asked, and left blank"."""


# --- conditions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ref:
    """Something to look up: an `answer` (dots reach inside: `home.postcode`), a `fact` from outside, a `calculated`
    value
    or the `count` of a group's items."""

    kind: Literal["answer", "fact", "calculated", "count"]
    name: str


@dataclass(frozen=True)
class Test:
    """One comparison. `value` is plain data, a tuple for `in`/`not_in`, another `Ref`, or None for `answered`."""

    __test__ = False  # not a pytest class
    subject: Ref
    op: str
    value: Json | Ref = None


@dataclass(frozen=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    part: Condition


Condition = Test | All | AnyOf | Not


# --- values worked out ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Money:
    """An amount written in the file as `£45.00`."""

    pence: int


@dataclass(frozen=True)
class Placeholder:
    """One of the council's own facts, written in the file as `{fees.bulky_waste_base}`."""

    key: str


Outcome = str | bool | int | Decimal | Money | Placeholder | None


@dataclass(frozen=True)
class Row:
    """A row of a decision table; without `when` it always matches."""

    then: Outcome
    when: Condition | None = None


@dataclass(frozen=True)
class Table:
    """`first`: the first row that matches. `unique`: exactly one may match. `sum`: all that match are added up."""

    hit: Literal["first", "unique", "sum"]
    rows: tuple[Row, ...]


Operand = Ref | int | Decimal | Money | Placeholder


@dataclass(frozen=True)
class Formula:
    """`add`, `subtract`, `multiply`, `least`, `greatest` over operands; `quantity` of an items question; `age` in
    whole
    years of a date question; `total` of a group's question (`vehicles.weight`)."""

    op: Literal["add", "subtract", "multiply", "least", "greatest", "quantity", "age", "total"]
    of: tuple[Operand, ...]


@dataclass(frozen=True)
class Calculated:
    key: str
    how: Table | Formula
    label: str = ""


@dataclass(frozen=True)
class PerItem:
    """A price over an items question: `base` covers the first `covers` items, each further one costs `extra`.
    `prices` gives single kinds of item their own price; they are then outside `covers`."""

    question: str
    base: Money | Placeholder
    covers: int
    extra: Money | Placeholder
    prices: Mapping[str, Money | Placeholder] = field(default_factory=dict)


@dataclass(frozen=True)
class Percent:
    """A share of the lines above it, half a penny up; `-50` is half off."""

    of_total: Decimal


@dataclass(frozen=True)
class Charge:
    """One line of the fee. `times` multiplies it (by a count, a number answered, a calculated value). A `how` that is a
    Ref is an amount that is answered: a part of a bill, say."""

    key: str
    label: str
    how: Money | Placeholder | Ref | Table | PerItem | Percent
    fund: str = ""
    vat: Literal["outside", "exempt", "zero", "standard", "reduced"] = "outside"
    times: Ref | None = None
    show_if: Condition | None = None


# --- pages and questions --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    hint: str = ""
    exclusive: bool = False  # "none of these": may not be picked with others
    show_if: Condition | None = None


@dataclass(frozen=True)
class Question:
    """`settings` are those of its type (see `TYPES[type].settings`); `messages` replace the type's own by error code;
    `noun` is what messages call it ("your date of birth")."""

    key: str
    type: str
    label: str
    hint: str = ""
    optional: bool = False
    noun: str = ""
    options: tuple[Option, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    prefill: str = ""
    show_if: Condition | None = None


@dataclass(frozen=True)
class Rule:
    """A rule over several answers: when `must` does not hold, `message` stands beside `question`."""

    key: str
    must: Condition
    message: str
    question: str


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Exit:
    """The journey ends here for this person: why, and what to do instead (both Markdown)."""

    why: str
    instead: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Page:
    """`section` heads its rows in the summary. A page with `exit` holds no questions and ends the path."""

    key: str
    title: str
    section: str = ""
    guidance: str = ""
    questions: tuple[Question, ...] = ()
    rules: tuple[Rule, ...] = ()
    exit: Exit | None = None
    show_if: Condition | None = None


@dataclass(frozen=True)
class Group:
    """Pages asked once for each `item` ("child"), `min` to `max` times, then a page that lists them and offers
    another."""

    key: str
    title: str
    item: str
    pages: tuple[Page, ...]
    guidance: str = ""
    min: int = 1
    max: int = 10
    show_if: Condition | None = None


@dataclass(frozen=True)
class Declaration:
    """The statement on the check-your-answers page and the box to tick."""

    text: str
    label: str
    message: str = ""


@dataclass(frozen=True)
class Definition:
    pages: tuple[Page | Group, ...]
    calculated: tuple[Calculated, ...] = ()
    charges: tuple[Charge, ...] = ()
    declaration: Declaration | None = None

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its key, in the order asked."""
        return {q.key: q for _, page in self.all_pages() for q in page.questions}

    @cached_property
    def group_of(self) -> dict[str, str]:
        """Question key → key of the group it is repeated in (absent when it is in none)."""
        return {q.key: g.key for g, page in self.all_pages() if g for q in page.questions}

    @cached_property
    def groups(self) -> dict[str, Group]:
        return {p.key: p for p in self.pages if isinstance(p, Group)}

    @cached_property
    def calculations(self) -> dict[str, Calculated]:
        return {c.key: c for c in self.calculated}

    def all_pages(self) -> Iterator[tuple[Group | None, Page]]:
        """Every page, with the group it is repeated in."""
        for step in self.pages:
            if isinstance(step, Page):
                yield None, step
            else:
                yield from ((step, page) for page in step.pages)
