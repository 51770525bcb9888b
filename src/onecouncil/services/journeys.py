# SPDX-License-Identifier: MIT
"""From a version's content to the engine's `Definition`, parsed once for each content and state of the borough's facts.

Where the engine wants a whole number, a file may name a rule: `covers: "{rules.bulky_waste_base_items}"`.
"""

import re
from collections.abc import Mapping
from typing import Any

from onecouncil.core.borough import Borough, borough, placeholders
from onecouncil.core.problems import NotFound
from onecouncil.services.engine import Definition, parse
from onecouncil.services.models import ServiceVersion

OWN_KEYS = frozenset({"sign_in", "sign_in_at"})
"""Keys of `journey:` that are this room's, not the engine's."""
_RULE = re.compile(r"\{(rules\.[a-z0-9_]+)\}")
_ALONE = re.compile(r"\{[a-z_]+\.[a-z0-9_]+\}")
_MOST_HELD = 2000

_parsed: dict[str, tuple[Borough, Definition]] = {}


def engine_part(content: Mapping[str, Any], facts: Borough) -> dict[str, Any]:
    """What the engine reads of a definition file."""
    journey = {key: value for key, value in content["journey"].items() if key not in OWN_KEYS}
    part = {"journey": journey, **({"fee": content["fee"]} if "fee" in content else {})}
    return {key: _with_facts(value, facts) for key, value in part.items()}


def _with_facts(held: Any, facts: Borough) -> Any:
    """The same with the borough's facts in its words, and whole-number rules as numbers. A value that is nothing but a
    placeholder stays one: the engine looks it up itself (fees)."""
    if isinstance(held, Mapping):
        return {key: _with_facts(value, facts) for key, value in held.items()}
    if isinstance(held, list):
        return [_with_facts(value, facts) for value in held]
    rule = _RULE.fullmatch(held) if isinstance(held, str) else None
    if rule and facts.has(rule.group(1)) and type(facts.fact(rule.group(1))) is int:
        return facts.fact(rule.group(1))
    if isinstance(held, str) and not _ALONE.fullmatch(held) and all(facts.has(one) for one in placeholders(held)):
        return facts.fill(held)
    return held


def journey_of(version: ServiceVersion) -> Definition:
    """The journey of a version.

    Raises:
        NotFound: the service is a page only.
    """
    if "journey" not in version.content:
        raise NotFound()
    facts = borough()
    held = _parsed.get(version.digest)
    if held and held[0] is facts:
        return held[1]
    if len(_parsed) >= _MOST_HELD:
        _parsed.clear()
    made = parse(engine_part(version.content, facts))
    _parsed[version.digest] = (facts, made)
    return made
