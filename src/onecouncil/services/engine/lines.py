# SPDX-License-Identifier: MIT
"""From a problem's path to the line of the YAML text."""

from __future__ import annotations

import re
from dataclasses import replace

import yaml

from .results import DefinitionError

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def find_line(text: str, path: str) -> int | None:
    """The line (from 1) of `journey.pages[3].title` in a YAML text; where the path ends early, the nearest part
    above it.
    None when the text is no YAML."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if node is None:
        return None
    line: int = node.start_mark.line
    for name, index in _STEP.findall(path):
        found = _member(node, name, index)
        if found is None:
            break
        node, line = found
    return line + 1


def _member(node: yaml.Node, name: str, index: str) -> tuple[yaml.Node, int] | None:
    """The member of a node, and the line it begins on (from 0): that of its name where it has one."""
    if isinstance(node, yaml.MappingNode) and name:
        for key, value in node.value:
            if key.value == name:
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and index and int(index) < len(node.value):
        member = node.value[int(index)]
        return member, member.start_mark.line
    return None


def with_lines(error: DefinitionError, text: str) -> DefinitionError:
    """The same error with the line of each problem filled in."""
    return DefinitionError(tuple(replace(p, line=find_line(text, p.path)) for p in error.problems))
