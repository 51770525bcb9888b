# SPDX-License-Identifier: MIT
"""One definition file: read it, say everything that is wrong with it with its line, and rewrite single parts of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from onecouncil.core.borough import borough, placeholders
from onecouncil.services.checking import Fault, part_faults
from onecouncil.services.engine import Definition, DefinitionError, check, find_line, parse
from onecouncil.services.engine.reading_age import reading_age
from onecouncil.services.journeys import OWN_KEYS, engine_part

FORMAT = 1
OLDEST_READER = 11
SUMMARY_MOST = 160
TITLE_MOST = 65
TIERS = ("all", "county/unitary", "district/unitary")
NATURES = ("report", "apply", "pay", "book", "tell", "ask", "find")
STEP_KINDS = ("enquiry", "link", "phone", "service")
TEXTS = ("slug", "title", "category", "summary", "audience", "cost", "time", "then", "unit", "body")
NEEDED = ("format", *TEXTS, "lgsl", "lgil", "tier", "words", "way", "nature", "next_steps", "related")
OPTIONAL = ("top_task", "journey", "fee", "case", "messages")
FACTS = frozenset(
    {
        "person.signed_in",
        "person.name",
        "person.email",
        "person.phone",
        "person.address",
        "person.postcode",
        "person.uprn",
        "person.date_of_birth",
    }
)
"""What conditions and prefilling may name."""
RESERVED = frozenset(
    ["check", "submit", "done", "pay", "pay-link", "change", "withdraw", "save", "saved", "discard", "files"]
)
"""Addresses of a journey that are no page of its own."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class File:
    """One definition as read. `content` is empty when the text is no YAML."""

    text: str
    content: dict[str, Any]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.severity == "error"]


class _Loader(yaml.SafeLoader):
    """Refuses a name given twice: the second would silently win."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” is given twice", key.start_mark)
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_definition(text: str, *, slug: str = "", category: str = "") -> File:
    """Read a definition and check all of it that can be checked alone."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with one rule more
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or error)
        return File(text, {}, (Fault("file", reason, mark.line + 1 if mark else None),))
    if not isinstance(content, dict):
        return File(text, {}, (Fault("file", "must be a list of named values", 1),))
    faults = [*_head_faults(content, slug, category), *_word_faults(content), *_journey_faults(content)]
    faults += part_faults(content)
    return File(text, content, tuple(fault.at(fault.line or find_line(text, fault.path)) for fault in faults))


def definition_of(content: Mapping[str, Any]) -> Definition | None:
    """The journey in a content, or None for a page without one."""
    return parse(engine_part(content, borough())) if "journey" in content else None


def _head_faults(content: Mapping[str, Any], slug: str, category: str) -> Iterator[Fault]:
    for key in NEEDED:
        if key not in content:
            yield Fault(key, "is missing")
    for key in content:
        if key not in (*NEEDED, *OPTIONAL):
            yield Fault(str(key), "is not known. See services/README.md for the names")
    for key in TEXTS:
        if key in content and not (isinstance(content[key], str) and content[key].strip()):
            yield Fault(key, "must be text, and not empty")
    yield from _name_faults(content, slug, category)
    yield from _choice_faults(content)
    yield from _list_faults(content)


def _name_faults(content: Mapping[str, Any], slug: str, category: str) -> Iterator[Fault]:
    if content.get("format", FORMAT) != FORMAT:
        yield Fault("format", f"must be {FORMAT}")
    if not _SLUG.fullmatch(str(content.get("slug", ""))):
        yield Fault("slug", "must be small letters and digits with single - between them")
    if slug and content.get("slug") != slug:
        yield Fault("slug", f"must be the file's name, {slug}")
    if category and content.get("category") != category:
        yield Fault("category", f"must be the folder's name, {category}")


def _choice_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    for key, allowed in (("tier", TIERS), ("nature", NATURES), ("way", ("page", "journey"))):
        if key in content and content[key] not in allowed:
            yield Fault(key, f"must be one of {', '.join(allowed)}")
    for key in ("lgsl", "lgil"):
        given = content.get(key)
        if given is not None and not (type(given) is int and given >= 0):
            yield Fault(key, "must be a whole number, or empty where the national list has no such service")
    if "top_task" in content and type(content["top_task"]) is not int:
        yield Fault("top_task", "must be a whole number: its place on the home page")
    if (content.get("way") == "journey") != ("journey" in content):
        yield Fault("way", "must be journey exactly where there is a journey: part")


def _list_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("words", "related"):
        held = content.get(key, [])
        if not isinstance(held, list) or not all(isinstance(each, str) for each in held):
            yield Fault(key, "must be a list of texts")
    steps = content.get("next_steps", [])
    if not isinstance(steps, list):
        yield Fault("next_steps", "must be a list")
        return
    if not steps and content.get("way") == "page":
        yield Fault("next_steps", "must hold what a person does next")
    for index, step in enumerate(steps):
        at = f"next_steps[{index}]"
        if not isinstance(step, dict) or step.get("kind") not in STEP_KINDS or not step.get("label"):
            yield Fault(at, f"must have a label and a kind: one of {', '.join(STEP_KINDS)}")
        elif step["kind"] != "enquiry" and not isinstance(step.get("to"), str):
            yield Fault(at, "must say where it leads (to:)")


def _word_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _too_long(content, "title", TITLE_MOST)
    facts = borough()
    for key, text in _texts(content):
        for name in sorted(placeholders(text)):
            if not facts.has(name):
                yield Fault(key, f"{{{name}}} is not in borough.toml")
    summary = content.get("summary")
    if isinstance(summary, str):
        yield from _too_long({"summary": _filled(summary)}, "summary", SUMMARY_MOST)
    body = content.get("body")
    age = reading_age(_filled(body)) if isinstance(body, str) else None
    if age is not None and age > OLDEST_READER + 1:
        yield Fault("body", f"needs a reader of {age:.1f} years; write for {OLDEST_READER}", severity="warning")


def _too_long(content: Mapping[str, Any], key: str, most: int) -> Iterator[Fault]:
    if isinstance(content.get(key), str) and len(content[key]) > most:
        yield Fault(key, f"has {len(content[key])} characters; {most} at most")


def _filled(text: str) -> str:
    facts = borough()
    return facts.fill(text) if all(facts.has(name) for name in placeholders(text)) else text


def _texts(held: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a content with its path."""
    if isinstance(held, str):
        yield path, held
    elif isinstance(held, dict):
        for key, value in held.items():
            yield from _texts(value, f"{path}.{key}" if path else str(key))
    elif isinstance(held, list):
        for index, value in enumerate(held):
            yield from _texts(value, f"{path}[{index}]")


def _journey_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    if "journey" not in content:
        return
    if not isinstance(content["journey"], dict):
        yield Fault("journey", "must be a list of named values")
        return
    try:
        definition = parse(engine_part(content, borough()))
    except DefinitionError as error:
        yield from (Fault(problem.path, problem.reason) for problem in error.problems)
        return
    for finding in check(definition, facts_known=FACTS):
        yield Fault(finding.path, finding.message, severity=finding.severity)
    keys = {step.key for step in definition.pages}
    for key in sorted(keys & RESERVED):
        yield Fault("journey.pages", f"no page may be called “{key}”: it is an address of the journey itself")
    yield from _sign_in_faults(content["journey"], {page.key for _, page in definition.all_pages()})


def _sign_in_faults(journey: Mapping[str, Any], pages: set[str]) -> Iterator[Fault]:
    if journey.get("sign_in", "optional") not in ("required", "optional", "none"):
        yield Fault("journey.sign_in", "must be required, optional or none")
    at = journey.get("sign_in_at")
    if at is not None and at != "check" and at not in pages:
        yield Fault("journey.sign_in_at", f"“{at}” is not a page of this journey")


# --- writing --------------------------------------------------------------------------------------------------------


def rewrite(text: str, changes: Mapping[str, Any]) -> str:
    """The file with some top-level values replaced; every other line stays as its author wrote it."""
    for key, value in changes.items():
        part = re.compile(rf"^{re.escape(key)}:.*\n(?:(?:[ \t#-].*)?\n)*", re.MULTILINE)
        fresh = yaml.dump({key: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        found = part.search(text)
        text = text[: found.start()] + fresh + text[found.end() :] if found else text.rstrip("\n") + "\n" + fresh
    return text


class _Dumper(yaml.SafeDumper):
    """Several lines as a block, as people write them."""


def _block(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _block)

__all__ = ["FACTS", "OWN_KEYS", "File", "definition_of", "read_definition", "rewrite"]
