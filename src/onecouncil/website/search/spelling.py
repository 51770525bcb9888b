# SPDX-License-Identifier: MIT
"""Slips of typing, and words written apart or together, mended against the words the site really uses."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from onecouncil.website.search.words import STOP

SHORTEST = 4
"""Shorter words have too many neighbours to be mended."""


@dataclass(frozen=True)
class Mended:
    """A word of the site, and how sure we are that it was meant."""

    word: str
    certainty: float


class Speller:
    """Knows every word of the site, and how often it is used."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts
        self._by_length: dict[int, list[str]] = {}
        for word in counts:
            if len(word) >= SHORTEST and not word.isdigit():
                self._by_length.setdefault(len(word), []).append(word)

    def mend(self, word: str) -> list[Mended]:
        """The likeliest meanings of a word that the site does not use: a slip, or two words run together."""
        if len(word) < SHORTEST or word.isdigit():
            return []
        parts = self.split(word)
        if parts:
            return [Mended(part, 0.9) for part in parts]
        allowed = 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
        near: list[tuple[float, int, str]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for other, distance, _ in process.extract(
                word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=5
            ):
                # People rarely mistype the first letter.
                near.append((distance + (0.6 if other[0] != word[0] else 0), -self.counts[other], other))
        near.sort()
        return [Mended(other, max(0.3, 1 - distance / len(word) * 2)) for distance, _, other in near[:2]]

    def split(self, word: str) -> tuple[str, str] | None:
        """The two words of the site that make this one: "blackbin" → black, bin."""
        best: tuple[int, tuple[str, str]] | None = None
        for cut in range(3, len(word) - 2):
            left, right = word[:cut], word[cut:]
            if left in self.counts and right in self.counts and not {left, right} & STOP:
                found = (min(self.counts[left], self.counts[right]), (left, right))
                best = max(best, found) if best else found
        return best[1] if best else None

    def join(self, left: str, right: str) -> str | None:
        """The one word of the site that these two make: pot, hole → pothole."""
        joined = left + right
        return joined if joined in self.counts and len(joined) > SHORTEST else None
