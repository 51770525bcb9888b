# SPDX-License-Identifier: MIT
"""From a version's content to the engine's `Definition`, parsed once for each content."""

from functools import lru_cache
from typing import Any

from onecouncil.core.problems import NotFound
from onecouncil.services.engine import Definition, parse
from onecouncil.services.models import ServiceVersion

OWN_KEYS = frozenset({"sign_in", "sign_in_at"})
"""Keys of `journey:` that are this room's, not the engine's."""

_content: dict[str, dict[str, Any]] = {}


def engine_part(content: dict[str, Any]) -> dict[str, Any]:
    """What the engine reads of a definition file."""
    journey = {key: value for key, value in content["journey"].items() if key not in OWN_KEYS}
    return {"journey": journey, **({"fee": content["fee"]} if "fee" in content else {})}


def journey_of(version: ServiceVersion) -> Definition:
    """The journey of a version.

    Raises:
        NotFound: the service is a page only.
    """
    if "journey" not in version.content:
        raise NotFound()
    _content[version.digest] = version.content
    try:
        return _parsed(version.digest)
    finally:
        _content.pop(version.digest, None)


@lru_cache(maxsize=1024)
def _parsed(digest: str) -> Definition:
    return parse(engine_part(_content[digest]))
