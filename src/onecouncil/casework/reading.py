# SPDX-License-Identifier: MIT
"""Reads the `case:` part of a service's file into a `CaseType`, and says everything that is wrong with it at once.

Plain Python over plain data, no framework: the service designer's page calls it before publishing.
"""

import re
from collections.abc import Mapping
from typing import Any

from onecouncil.casework.casetypes import (
    CALENDAR,
    WORKING,
    AddressChange,
    CaseType,
    Clock,
    DecisionType,
    Letter,
    PermitTerms,
    SecondStage,
    Stage,
    TaskType,
)

DEFAULT_CLOCK = Clock(10)
DEFAULT_STAGES = (
    Stage("received", "Received", "We come back to you by {due}"),
    Stage("in-hand", "Being dealt with", "We come back to you by {due}"),
    Stage("done", "Finished", final=True),
)
DEFAULT_DECISIONS = (
    DecisionType("done", "Done", closes=True),
    DecisionType("cannot-do", "We cannot do this", closes=True, needs_reason=True),
)
_KEY = re.compile(r"^[a-z][a-z0-9-]{0,39}$")
_TOP = {
    "kind", "clock", "acknowledge", "stages", "decisions", "priority", "permit", "second_stage", "tasks", "slot",
    "retention_days", "withdrawable", "on_submit",
}  # fmt: skip


class CaseTypeError(ValueError):
    """The `case:` part is wrong. `problems`: one sentence each, starting with the place in the file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_case_type(
    data: Mapping[str, Any] | None, *, service: str, messages: Mapping[str, Any] | None = None
) -> CaseType:
    """The case type of a service; a service that says nothing gets a plain one: 10 working days, three stages.

    Args:
        messages: the `messages:` part of the same file, whose letters a decision may name.

    Raises:
        CaseTypeError: with every problem found.
    """
    reader = _Reader()
    given = reader.mapping(data or {}, "case", _TOP)
    case_type = CaseType(
        kind=reader.key(given.get("kind", service), "case.kind"),
        clock=reader.clock(given["clock"], "case.clock") if "clock" in given else DEFAULT_CLOCK,
        acknowledge=reader.clock(given["acknowledge"], "case.acknowledge") if "acknowledge" in given else None,
        stages=reader.stages(given["stages"]) if "stages" in given else DEFAULT_STAGES,
        decisions=reader.decisions(given["decisions"]) if "decisions" in given else DEFAULT_DECISIONS,
        priority=reader.number(given.get("priority", 0), "case.priority", least=0, most=9),
        permit=reader.permit(given["permit"]) if "permit" in given else None,
        second_stage=reader.second_stage(given["second_stage"]) if "second_stage" in given else None,
        tasks=reader.tasks(given.get("tasks", [])),
        slot_resource=reader.slot(given["slot"]) if "slot" in given else "",
        retention_days=reader.number(given.get("retention_days", 730), "case.retention_days", least=1),
        withdrawable=reader.flag(given.get("withdrawable", True), "case.withdrawable"),
        change_address=reader.change_address(given["on_submit"]) if "on_submit" in given else None,
        letters=reader.letters(messages or {}),
    )
    reader.check_whole(case_type)
    if reader.problems:
        raise CaseTypeError(reader.problems)
    return case_type


class _Reader:
    """Collects problems while it reads, so that a designer sees all of them at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def mapping(self, value: Any, where: str, allowed: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self.wrong(where, "write this as `name: value` lines")
            return {}
        for name in value:
            if name not in allowed:
                self.wrong(f"{where}.{name}", f"is not known here. Use one of: {', '.join(sorted(allowed))}")
        return value

    def items(self, value: Any, where: str, allowed: set[str]) -> list[tuple[str, Mapping[str, Any]]]:
        if not isinstance(value, list):
            self.wrong(where, "write this as a list, each line starting with `-`")
            return []
        places = [f"{where}[{number}]" for number in range(1, len(value) + 1)]
        return [(place, self.mapping(one, place, allowed)) for place, one in zip(places, value, strict=True)]

    def key(self, value: Any, where: str) -> str:
        if isinstance(value, str) and _KEY.match(value):
            return value
        self.wrong(where, "use small letters, digits and hyphens, starting with a letter, at most 40")
        return "wrong"

    def text(self, value: Any, where: str, *, needed: bool = True) -> str:
        if isinstance(value, str) and (value.strip() or not needed):
            return value.strip()
        self.wrong(where, "write some words here")
        return ""

    def number(self, value: Any, where: str, *, least: int, most: int = 36_500) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(where, f"write a whole number from {least} to {most}")
        return least

    def flag(self, value: Any, where: str) -> bool:
        if isinstance(value, bool):
            return value
        self.wrong(where, "write true or false")
        return False

    def clock(self, value: Any, where: str) -> Clock:
        given = self.mapping(value, where, {"days", "unit", "from"})
        unit, since = given.get("unit", WORKING), given.get("from", "received")
        if unit not in (WORKING, CALENDAR):
            self.wrong(f"{where}.unit", "is working or calendar")
        if since not in ("received", "acknowledged"):
            self.wrong(f"{where}.from", "is received or acknowledged")
        days = self.number(given.get("days"), f"{where}.days", least=0)
        return Clock(days, unit, since == "acknowledged")

    def stages(self, value: Any) -> tuple[Stage, ...]:
        return tuple(
            Stage(
                key=self.key(one.get("key"), f"{where}.key"),
                label=self.text(one.get("label"), f"{where}.label"),
                promise=self.text(one.get("promise", ""), f"{where}.promise", needed=False),
                final=self.flag(one.get("final", False), f"{where}.final"),
            )
            for where, one in self.items(value, "case.stages", {"key", "label", "promise", "final"})
        )

    def decisions(self, value: Any) -> tuple[DecisionType, ...]:
        allowed = {"key", "label", "closes", "needs_reason", "message", "letter", "grants", "stage"}
        return tuple(
            DecisionType(
                key=self.key(one.get("key"), f"{where}.key"),
                label=self.text(one.get("label"), f"{where}.label"),
                closes=self.flag(one.get("closes", False), f"{where}.closes"),
                needs_reason=self.flag(one.get("needs_reason", False), f"{where}.needs_reason"),
                message=self.text(one.get("message", ""), f"{where}.message", needed=False),
                letter=self.letter(one["letter"], f"{where}.letter") if "letter" in one else None,
                grants=self.grants(one.get("grants", ""), f"{where}.grants"),
                stage=self.key(one["stage"], f"{where}.stage") if "stage" in one else "",
            )
            for where, one in self.items(value, "case.decisions", allowed)
        )

    def letter(self, value: Any, where: str) -> Letter:
        given = self.mapping(value, where, {"subject", "body"})
        return Letter(
            self.text(given.get("subject"), f"{where}.subject"), self.text(given.get("body"), f"{where}.body")
        )

    def letters(self, value: Mapping[str, Any]) -> tuple[tuple[str, Letter], ...]:
        """Letters of the `messages:` part; what is not a subject and a body belongs to another room."""
        return tuple(
            (str(key), Letter(str(one["subject"]).strip(), str(one["body"]).strip()))
            for key, one in value.items()
            if isinstance(one, Mapping) and "subject" in one and "body" in one
        )

    def grants(self, value: Any, where: str) -> str:
        if value in ("", "permit"):
            return str(value)
        self.wrong(where, "can only be permit")
        return ""

    def permit(self, value: Any) -> PermitTerms:
        where = "case.permit"
        given = self.mapping(value, where, {"kind", "label", "days", "renew_before_days", "holds", "starts"})
        kind = self.key(given.get("kind"), f"{where}.kind")
        holds = given.get("holds", {})
        if not isinstance(holds, Mapping):
            self.wrong(f"{where}.holds", "write this as `Label: question_key` lines")
            holds = {}
        return PermitTerms(
            kind=kind,
            label=self.text(given.get("label", kind.replace("-", " ").capitalize()), f"{where}.label"),
            days=self.number(given.get("days", 365), f"{where}.days", least=1),
            renew_before_days=self.number(given.get("renew_before_days", 28), f"{where}.renew_before_days", least=0),
            holds=tuple((str(label), str(question)) for label, question in holds.items()),
            starts=str(given.get("starts", "")),
        )

    def second_stage(self, value: Any) -> SecondStage:
        where = "case.second_stage"
        given = self.mapping(value, where, {"label", "clock", "acknowledge", "ask_within_days"})
        within = given.get("ask_within_days")
        return SecondStage(
            label=self.text(given.get("label", "Stage 2"), f"{where}.label"),
            clock=self.clock(given.get("clock", {}), f"{where}.clock"),
            acknowledge=self.clock(given["acknowledge"], f"{where}.acknowledge") if "acknowledge" in given else None,
            ask_within_days=None if within is None else self.number(within, f"{where}.ask_within_days", least=1),
        )

    def tasks(self, value: Any) -> tuple[TaskType, ...]:
        allowed = {"key", "label", "unit", "days", "public", "only_if"}
        return tuple(
            TaskType(
                key=self.key(one.get("key", f"task-{number}"), f"{where}.key"),
                label=self.text(one.get("label"), f"{where}.label"),
                unit=self.key(one.get("unit"), f"{where}.unit"),
                days=self.number(one.get("days", 5), f"{where}.days", least=0),
                public=self.flag(one.get("public", False), f"{where}.public"),
                only_if=self.only_if(one["only_if"], f"{where}.only_if") if "only_if" in one else None,
            )
            for number, (where, one) in enumerate(self.items(value, "case.tasks", allowed), start=1)
        )

    def only_if(self, value: Any, where: str) -> tuple[str, Any]:
        given = self.mapping(value, where, {"answer", "has"})
        return self.text(given.get("answer"), f"{where}.answer"), given.get("has", True)

    def slot(self, value: Any) -> str:
        return self.key(self.mapping(value, "case.slot", {"resource"}).get("resource"), "case.slot.resource")

    def change_address(self, value: Any) -> AddressChange | None:
        where = "case.on_submit"
        given = self.mapping(value, where, {"change_address"}).get("change_address")
        if given is None:
            return None
        answers = self.mapping(given, f"{where}.change_address", {"address", "from"})
        return AddressChange(
            address=self.text(answers.get("address"), f"{where}.change_address.address"),
            since=self.text(answers.get("from", ""), f"{where}.change_address.from", needed=False),
        )

    def check_whole(self, case_type: CaseType) -> None:
        """What can only be told with everything read."""
        if not [stage for stage in case_type.stages if not stage.final]:
            self.wrong("case.stages", "needs at least one stage that is not final")
        if len([stage for stage in case_type.stages if stage.final]) != 1 or not case_type.stages[-1].final:
            self.wrong("case.stages", "needs exactly one stage with `final: true`, the last one")
        if not any(decision.closes for decision in case_type.decisions):
            self.wrong("case.decisions", "needs at least one decision with `closes: true`")
        for name, keys in (
            ("stages", [stage.key for stage in case_type.stages]),
            ("decisions", [decision.key for decision in case_type.decisions]),
            ("tasks", [task.key for task in case_type.tasks]),
        ):
            self._check_once(f"case.{name}", keys)
        for decision in case_type.decisions:
            self._check_decision(decision, case_type)
        if case_type.clock.since_acknowledged and case_type.acknowledge is None:
            self.wrong("case.clock.from", "counts from the acknowledgement, so `acknowledge:` needs its own days")

    def _check_once(self, where: str, keys: list[str]) -> None:
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            self.wrong(where, f"has the key {key!r} twice")

    def _check_decision(self, decision: DecisionType, case_type: CaseType) -> None:
        where = f"case.decisions.{decision.key}"
        if decision.grants and case_type.permit is None:
            self.wrong(where, "grants a permit, but there is no `permit:` that says for how long")
        stage = case_type.stage(decision.stage)
        if decision.stage and (stage is None or stage.final):
            self.wrong(where, f"moves to the stage {decision.stage!r}, which is not one of the open stages")
