# SPDX-License-Identifier: MIT
"""The lock file names no registry; the build is skipped when nothing changed; the look is ours, not GOV.UK's."""

import json
import re
from pathlib import Path

import pytest

from onecouncil.website.assets import build


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((build.ROOT / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())


def test_packages_are_pinned() -> None:
    wanted = json.loads((build.ROOT / "package.json").read_text())
    for version in (wanted["dependencies"] | wanted["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_nothing_is_built_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done: list[str] = []
    monkeypatch.setattr(build, "STAMP", tmp_path / ".stamp")
    monkeypatch.setattr(build, "install", lambda: done.append("install"))
    monkeypatch.setattr(build, "compile_assets", lambda: done.append("compile"))
    assert build.build()
    assert not build.build()
    assert build.build(force=True)
    assert done == ["install", "compile"] * 2


def test_a_failing_tool_says_what_it_said() -> None:
    with pytest.raises(build.BuildFailed, match="no such thing"):
        build.run("sh", "-c", "echo no such thing >&2; exit 3")


def test_no_government_font_or_crown() -> None:
    style = (build.BUILT / "site.css").read_text()
    assert "GDS Transport" not in style
    assert "@font-face" not in style
