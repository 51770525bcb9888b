# SPDX-License-Identifier: MIT
"""The one picture of the house, drawn from the code: rooms in their order, and which doors are used.

A test draws it again and compares, so the picture in docs/ can not grow old.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

PACKAGE = Path(__file__).resolve().parents[1]
PICTURE = PACKAGE.parents[1] / "docs" / "house.svg"
ORDER = (
    "house",
    "demo",
    "customers",
    "data",
    "integration",
    "casework",
    "payments",
    "services",
    "accounts",
    "website",
    "core",
)
_PUBLISH = re.compile(r"""publish\(\s*f?["']([a-z_.{}]+)["']""")
_SUBSCRIBE = re.compile(r"""subscriber\(\s*["'][^"']+["']((?:,\s*["'][^"']+["'])+)""")

WIDTH, ROW, TOP, LEFT, BOX = 1080, 74, 60, 40, 560


@dataclass(frozen=True)
class Room:
    """`uses`: rooms below whose door it opens; `tells` and `hears`: event types in its code."""

    name: str
    purpose: str
    uses: tuple[str, ...]
    tells: tuple[str, ...]
    hears: tuple[str, ...]


def rooms() -> list[Room]:
    """Every room that stands, read from its source."""
    return [_room(name) for name in ORDER if (PACKAGE / name / "__init__.py").exists()]


def draw() -> str:
    """The picture as SVG text."""
    found = rooms()
    height = TOP + ROW * len(found) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="Helvetica, Arial, sans-serif">',
        "<title>The rooms of OneCouncil: each imports only rooms below it, and tells those above by events</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(
            LEFT, 34, "Down by import (the rooms each one uses) · up by event (what it tells, what it hears)", 17, "600"
        ),
    ]
    for place, room in enumerate(found):
        parts += _row(room, TOP + ROW * place)
    return "\n".join([*parts, "</svg>", ""])


def _row(room: Room, y: int) -> list[str]:
    below = ", ".join(room.uses) or "nothing"
    tells = ", ".join(room.tells[:7]) + (" …" if len(room.tells) > 7 else "")
    hears = ", ".join(room.hears[:6]) + (" …" if len(room.hears) > 6 else "")
    return [
        f'<rect x="{LEFT}" y="{y}" width="{BOX}" height="{ROW - 10}" rx="6" fill="#eef5f3" stroke="#1f5c54" />',
        _text(LEFT + 14, y + 24, room.name, 16, "700"),
        _text(LEFT + 124, y + 24, room.purpose[:62], 13),
        _text(LEFT + 124, y + 48, f"uses: {below}", 12, fill="#3d4a48"),
        _text(LEFT + BOX + 20, y + 24, f"↑ tells {tells}" if tells else "", 12, fill="#1f5c54"),
        _text(LEFT + BOX + 20, y + 46, f"← hears {hears}" if hears else "", 12, fill="#7a3b12"),
    ]


def _text(x: int, y: int, words: str, size: int, weight: str = "400", fill: str = "#0b1413") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}">{escape(words)}</text>'


def _room(name: str) -> Room:
    sources = {
        path: path.read_text() for path in sorted((PACKAGE / name).rglob("*.py")) if "migrations" not in path.parts
    }
    everything = "\n".join(sources.values())
    tells = sorted({kind for kind in _PUBLISH.findall(everything) if "{" not in kind})
    hears = sorted({kind for group in _SUBSCRIBE.findall(everything) for kind in re.findall(r"[\w.*]+", group)})
    docstring = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text())) or ""
    purpose = docstring.splitlines()[0] if docstring else ""
    return Room(name, purpose, _uses(name, sources.values()), tuple(tells), tuple(hears))


def _uses(name: str, sources: Iterable[str]) -> tuple[str, ...]:
    used: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("onecouncil."):
                used.add(module.split(".")[1])
    return tuple(room for room in reversed(ORDER) if room in used and room != name)
