# SPDX-License-Identifier: MIT
"""What a kind of case is: the `case:` part of a service file as frozen data. `reading.py` reads, `rules.py` uses it.

Plain Python, no framework. README.md shows the file to content designers.
"""

from dataclasses import dataclass, field
from typing import Any

WORKING, CALENDAR = "working", "calendar"


@dataclass(frozen=True)
class Clock:
    """So many days. `since_acknowledged`: they count from our acknowledgement instead of from the day it came."""

    days: int
    unit: str = WORKING
    since_acknowledged: bool = False


@dataclass(frozen=True)
class Stage:
    """One step a resident sees. `promise` may hold `{due}`, the date the case is due."""

    key: str
    label: str
    promise: str = ""
    final: bool = False


@dataclass(frozen=True)
class Letter:
    """The words of a message, in the service's own file. `{reference}`, `{reason}`, `{link}` and so on are filled."""

    subject: str
    body: str


@dataclass(frozen=True)
class DecisionType:
    """One decision an officer may make. `grants` is "permit" or empty; `stage` is the stage the case moves to."""

    key: str
    label: str
    closes: bool = False
    needs_reason: bool = False
    message: str = ""
    letter: Letter | None = None
    grants: str = ""
    stage: str = ""


@dataclass(frozen=True)
class PermitTerms:
    """What a `grants: permit` decision issues. `holds`: the answers that are printed on it, for example the vehicle.
    `starts`: the question that asks for the first day."""

    kind: str
    label: str
    days: int
    renew_before_days: int
    holds: tuple[tuple[str, str], ...] = ()
    starts: str = ""


@dataclass(frozen=True)
class SecondStage:
    """A second look by somebody else, when the person asks for it after the first decision."""

    label: str
    clock: Clock
    acknowledge: Clock | None = None
    ask_within_days: int | None = None


@dataclass(frozen=True)
class TaskType:
    """Work made when the case opens. `public`: the person sees it and its result. `only_if`: answer, value."""

    key: str
    label: str
    unit: str
    days: int
    public: bool = False
    only_if: tuple[str, Any] | None = None


@dataclass(frozen=True)
class AddressChange:
    """Which answers hold the new address and the day of the move."""

    address: str
    since: str = ""


@dataclass(frozen=True)
class CaseType:
    """All the rules of one kind of case. A case keeps those it was opened under."""

    kind: str
    clock: Clock
    stages: tuple[Stage, ...]
    decisions: tuple[DecisionType, ...]
    acknowledge: Clock | None = None
    priority: int = 0
    permit: PermitTerms | None = None
    second_stage: SecondStage | None = None
    tasks: tuple[TaskType, ...] = field(default=())
    slot_resource: str = ""
    retention_days: int = 730
    withdrawable: bool = True
    change_address: AddressChange | None = None
    letters: tuple[tuple[str, Letter], ...] = ()
    """The `messages:` part of the service's file: what a decision's `message` may name."""

    def stage(self, key: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.key == key), None)

    def decision(self, key: str) -> DecisionType | None:
        return next((decision for decision in self.decisions if decision.key == key), None)

    def letter_for(self, decision: DecisionType) -> Letter | None:
        """The decision's own letter, else the one of the service's `messages:` that it names."""
        return decision.letter or dict(self.letters).get(decision.message)

    @property
    def first_stage(self) -> Stage:
        return self.stages[0]

    @property
    def final_stage(self) -> Stage:
        """The stage of a closed case: always there, because the reader asks for it."""
        return next(stage for stage in self.stages if stage.final)
