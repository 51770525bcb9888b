# SPDX-License-Identifier: MIT
"""The rules of the house that a linter does not see: sizes, dangerous constructs, papers, the picture."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from onecouncil.house import picture

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "onecouncil"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
MAX_LINES, MAX_FUNCTION = 400, 45

LONG_FOR_A_REASON: dict[str, str] = {}
"""file or file::function → why it is long. An outlier needs a reason beside it."""


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_files_and_functions_are_short_enough_to_see_whole() -> None:
    outliers = []
    for path in FILES:
        name = str(path.relative_to(SOURCE))
        lines = len(path.read_text().splitlines())
        if lines > MAX_LINES:
            outliers.append((name, lines))
        outliers += [(f"{name}::{function}", size) for function, size in functions(path) if size > MAX_FUNCTION]
    unexplained = [(name, size) for name, size in outliers if name not in LONG_FOR_A_REASON]
    assert not unexplained, f"too long, and no reason beside it: {unexplained}"


def test_every_source_file_names_its_licence() -> None:
    missing = [
        str(path.relative_to(ROOT)) for path in FILES if "SPDX-License-Identifier: MIT" not in path.read_text()[:200]
    ]
    assert [name for name in missing if (ROOT / name).stat().st_size] == []


DANGEROUS = {
    r"apps\.get_model": "ask the room's api.py",
    r"ATOMIC_REQUESTS": "transactions are in actions",
    r"\.objects\.raw\(": "SQL builders are the ORM's work",
    r"mark_safe\(": "HTML comes from templates, or from the Markdown renderer",
    r"\bprint\(": "commands write to self.stdout; logs log",
    r"datetime\.(utc)?now\(": "core.calendar.now",
}
ALLOWED = {
    ("website/markdown.py", r"mark_safe\("),
}


@pytest.mark.parametrize("pattern", DANGEROUS)
def test_dangerous_constructs_are_not_used(pattern: str) -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
        and (str(path.relative_to(SOURCE)), pattern) not in ALLOWED
        and not (pattern == r"\bprint\(" and path.parts[-2] in ("house", "standin", "benches", "assets"))
        and not path.is_relative_to(SOURCE / "payments" / "standin")
    ]
    assert not found, f"{DANGEROUS[pattern]}: {found}"


def test_no_template_marks_what_people_wrote_as_safe() -> None:
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("templates/**/*.html")
        if re.search(r"\|\s*safe\b", path.read_text())
    ]
    assert not found, found


def test_no_template_holds_inline_script_or_style() -> None:
    pattern = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|<style\b")
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("templates/**/*.html")
        if pattern.search(path.read_text())
    ]
    assert not found, found


def test_every_room_says_what_it_is_for() -> None:
    for room in picture.ORDER:
        if room == "house" or not (SOURCE / room).is_dir():
            continue
        assert (SOURCE / room / "README.md").exists(), f"{room} has no README.md"
        assert ast.get_docstring(ast.parse((SOURCE / room / "__init__.py").read_text())), f"{room} has no docstring"


def test_the_picture_in_the_papers_is_the_house_as_it_is() -> None:
    assert picture.PICTURE.read_text() == picture.draw(), "run ./onecouncil picture"


def test_the_papers_are_there_and_readable() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE", "docs/architecture.md"):
        assert (ROOT / name).stat().st_size > 400, name
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert code["legal"]["license"] == "MIT"


def test_every_setting_is_in_the_papers() -> None:
    source = "".join(path.read_text() for path in FILES)
    used = set(re.findall(r"""(?:env|flag)\("([A-Z_]+)\"""", source))
    papers = (ROOT / "docs" / "settings.md").read_text()
    assert sorted(name for name in used if f"ONECOUNCIL_{name}" not in papers) == []
