# SPDX-License-Identifier: MIT
"""How old a reader a text needs: the Flesch-Kincaid grade plus five.

Grade = 0.39 × words/sentences + 11.8 × syllables/words − 15.59 (Kincaid, Fishburne, Rogers and Chissom, 1975:
"Derivation of New Readability Formulas for Navy Enlisted Personnel", Research Branch Report 8-75). A pupil in grade 1
is six. Syllables are counted by groups of vowels, less a silent e: right for most words, near enough for the mean.
"""

from __future__ import annotations

import re

FEWEST_WORDS = 12
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d[\d,.:]*")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """About how many syllables an English word has; a number counts as one."""
    word = re.sub(r"['’].*", "", word.lower())
    if not word or word[0].isdigit():
        return 1
    count = len(_VOWELS.findall(word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(
        ("le", "les", "ted", "ded", "ses", "ces", "xes", "ges")
    )
    if silent and count > 1 and not re.search(r"[aeiouy]{2}[sd]?$", word):
        count -= 1
    return max(1, count)


def reading_age(text: str) -> float | None:
    """The reading age of a Markdown text in years, or None when it is too short to tell."""
    words, sentences = 0, 0
    spoken = 0
    for sentence in _sentences(text):
        found = _WORD.findall(sentence)
        if found:
            sentences += 1
            words += len(found)
            spoken += sum(syllables(word) for word in found)
    if words < FEWEST_WORDS:
        return None
    return round(0.39 * words / sentences + 11.8 * spoken / words - 15.59 + 5, 1)


def _sentences(text: str) -> list[str]:
    """Sentences; each list item, heading and paragraph ends one. Addresses of links do not count."""
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"\{[^}]*\}|https?://\S+|\S+@\S+", "10", text)
    blocks = re.split(r"\n\s*(?:\n|[-*#>]|\d+\.)\s*", text)
    return [part for block in blocks for part in re.split(r"(?<=[.!?:;])\s+", block.replace("\n", " "))]
