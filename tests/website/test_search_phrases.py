# SPDX-License-Identifier: MIT
"""Residents' own phrases find the right service of the real catalogue.

`search_phrases.csv` was written before the synonyms, and the synonyms were then tuned with it in view.
`search_phrases_unseen.csv` was written after, and nothing was changed to please it: it tells how good the search is
with words nobody prepared for. Write new phrases there; never tune with it.
"""

import csv
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from onecouncil.website.search import Document, Index

HERE = Path(__file__).parent


@cache
def catalogue() -> tuple[Index, dict[str, set[str]]]:
    """The index of all services as they are written, and for each slug what a phrase may expect of it."""
    documents, names = [], {}
    for path in sorted(Path(settings.CATALOGUE_DIR).glob("*/*.yaml")):
        written = yaml.safe_load(path.read_text())
        names[written["slug"]] = {str(written["lgsl"]), written["slug"]}
        phrases = tuple(str(one) for one in written.get("words") or ())
        body, top = written.get("body") or "", written.get("top_task") is not None
        documents.append(Document(written["slug"], written["title"], phrases, written["summary"], body, top))
    return Index(documents), names


def places(file: str) -> list[tuple[str, int | None, str]]:
    """For each phrase the place at which the right service was found (from 1), and what came first instead."""
    index, names = catalogue()
    found = []
    for row in csv.DictReader((HERE / file).open()):
        expected = set(row["expected"].split("|"))
        hits = [hit.key for hit in index.search(row["phrase"], 10)]
        place = next((number for number, key in enumerate(hits, 1) if names[key] & expected), None)
        found.append((row["phrase"], place, hits[0] if hits else "nothing"))
    return found


@pytest.mark.parametrize(
    ("file", "first", "three"), [("search_phrases.csv", 0.80, 0.95), ("search_phrases_unseen.csv", 0.70, 0.88)]
)
def test_residents_phrases(file: str, first: float, three: float, capsys: pytest.CaptureFixture[str]) -> None:
    found = places(file)
    at_first = sum(place == 1 for _, place, _ in found) / len(found)
    in_three = sum(place is not None and place <= 3 for _, place, _ in found) / len(found)
    with capsys.disabled():
        print(f"\n{file}: {len(found)} phrases, first {at_first:.1%}, in the first three {in_three:.1%}", end="")
    lost = [f"{phrase} → {instead}" for phrase, place, instead in found if place is None or place > 3]
    assert at_first >= first, lost
    assert in_three >= three, lost
