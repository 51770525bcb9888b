# SPDX-License-Identifier: MIT
"""From text to terms: lower case, no accents, no apostrophes, stems; the words that say nothing are left out."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"['’‘`]")


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    """Made when first asked for: the package loads every language it knows, a third of a second."""
    import snowballstemmer

    return snowballstemmer.stemmer("english")


# Words of asking and of grammar. A query made of nothing else is searched for as it stands.
STOP = frozenset(
    """a about above after all am an and any anybody anyone are as at be because been being but by can cant could
    did do does doesnt doing dont for from get getting give go goes going got had has have having he hello her here hi
    him his how i id if ill im in into is isnt it its ive just keep keeps like lot many me my near need needs next
    no not now of on or other our out over own please put she should so some somebody someone something somewhere
    take than thank that the their them then there theres these they thing this those to too up us use very via want
    wants was way we were what whats when where wheres which while who whos whose why will with would yes you
    your yours again already anymore another away back came come coming else ever every far found happened hasnt
    havent inside just kind left look looking lots made maybe much new nobody number off once outside really right
    said same saw says see seen since still taken tell think took tried try until wont yet""".split()  # noqa: SIM905 - a paragraph is easier to read than a list
)


def plain(text: str) -> str:
    """Lower case without accents and apostrophes: "Café's" → "cafes"."""
    bare = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _APOSTROPHE.sub("", bare)


def words(text: str) -> list[str]:
    """Every word of a text, in order."""
    return _WORD.findall(plain(text))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem a word shares with its plurals and tenses."""
    return str(_stemmer().stemWord(word))


def content_words(text: str) -> list[str]:
    """The words that carry meaning; all of them when none does."""
    found = words(text)
    return [word for word in found if word not in STOP] or found


def terms(text: str) -> list[str]:
    """The stems of the words that carry meaning."""
    return [stem(word) for word in words(text) if word not in STOP]
