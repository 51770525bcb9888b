# SPDX-License-Identifier: MIT
"""What residents call things. `synonyms.yaml` lists, for each concept in our words, the words of others."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from onecouncil.website.search.words import stem, words

FILE = Path(__file__).with_name("synonyms.yaml")


@dataclass(frozen=True)
class Synonyms:
    """Phrases, as tuples of stems, and the terms that each adds to a query."""

    phrases: dict[tuple[str, ...], tuple[str, ...]]
    longest: int
    vocabulary: frozenset[str]

    def expand(self, stems: list[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """(the phrase, the terms it stands for) for each phrase in a query, the longest first at each place."""
        found, start = [], 0
        while start < len(stems):
            for size in range(min(self.longest, len(stems) - start), 0, -1):
                phrase = tuple(stems[start : start + size])
                if phrase in self.phrases:
                    found.append((phrase, self.phrases[phrase]))
                    start += size - 1
                    break
            start += 1
        return found


def parse(text: str) -> Synonyms:
    """Read the file's text: concept → list of phrases."""
    phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
    vocabulary: set[str] = set()
    for concept, others in (yaml.safe_load(text) or {}).items():
        target = tuple(stem(word) for word in words(str(concept)))
        for other in others:
            spoken = words(str(other))
            vocabulary.update(spoken)
            key = tuple(stem(word) for word in spoken)
            phrases[key] = tuple(dict.fromkeys((*phrases.get(key, ()), *target)))
    return Synonyms(phrases, max((len(key) for key in phrases), default=0), frozenset(vocabulary))


@cache
def shipped() -> Synonyms:
    """The synonyms that ship with the website."""
    return parse(FILE.read_text(encoding="utf-8"))
