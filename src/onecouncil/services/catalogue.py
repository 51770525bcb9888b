# SPDX-License-Identifier: MIT
"""The whole catalogue as files: read a folder, and check what no file can tell alone."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onecouncil.services.checking import Fault
from onecouncil.services.definitions import File, read_definition

LGSL_LIST = Path(__file__).parent / "lgsl.csv"


@dataclass(frozen=True)
class Entry:
    """One file of the catalogue."""

    path: Path
    file: File

    @property
    def slug(self) -> str:
        return self.path.stem


def read_folder(folder: Path) -> list[Entry]:
    """Every `<category>/<slug>.yaml`, in order."""
    return [read_entry(path) for path in sorted(folder.glob("*/*.yaml"))]


def read_entry(path: Path) -> Entry:
    return Entry(path, read_definition(path.read_text(encoding="utf-8"), slug=path.stem, category=path.parent.name))


def lgsl_tiers() -> dict[int, str]:
    """The services that a council must list: LGSL code → who provides it."""
    with LGSL_LIST.open(encoding="utf-8") as lines:
        return {int(row["lgsl"]): row["tier"] for row in csv.DictReader(lines)}


def faults_of(entries: list[Entry]) -> list[tuple[Path, Fault]]:
    """What is wrong over all files together: links to nowhere, slugs twice, LGSL codes without a page."""
    found: list[tuple[Path, Fault]] = []
    for entry in entries:
        found += [(entry.path, fault) for fault in entry.file.faults]
    slugs = {entry.slug for entry in entries}
    for entry in entries:
        found += [(entry.path, fault) for fault in _link_faults(entry, slugs)]
    found += list(_twice(entries))
    found += list(_lgsl_faults(entries))
    return found


def _link_faults(entry: Entry, slugs: set[str]) -> Iterator[Fault]:
    content = entry.file.content
    for index, slug in enumerate(content.get("related") or []):
        if slug not in slugs or slug == entry.slug:
            yield Fault(f"related[{index}]", f"there is no other service “{slug}”")
    for index, step in enumerate(content.get("next_steps") or []):
        if isinstance(step, dict) and step.get("kind") == "service" and step.get("to") not in slugs:
            yield Fault(f"next_steps[{index}]", f"there is no service “{step.get('to')}”")


def _twice(entries: list[Entry]) -> Iterator[tuple[Path, Fault]]:
    seen: dict[str, Path] = {}
    for entry in entries:
        if entry.slug in seen:
            yield entry.path, Fault("slug", f"is used by {seen[entry.slug].parent.name} too")
        seen[entry.slug] = entry.path


def _lgsl_faults(entries: list[Entry]) -> Iterator[tuple[Path, Fault]]:
    wanted = lgsl_tiers()
    covered = {entry.file.content.get("lgsl") for entry in entries}
    for code in sorted(set(wanted) - covered):
        yield LGSL_LIST, Fault(str(code), "has no service in the catalogue")
    for entry in entries:
        own = entry.file.content.get("lgsl")
        if own in wanted and entry.file.content.get("tier") != wanted[own]:
            yield entry.path, Fault("tier", f"LGSL {own} is provided by {wanted[own]}")
