# SPDX-License-Identifier: MIT
"""What somebody typed, read as groups of terms: the terms of one group are different ways to say one thing."""

from dataclasses import dataclass, field

from onecouncil.website.search.spelling import Speller
from onecouncil.website.search.synonyms import Synonyms
from onecouncil.website.search.words import STOP, content_words, stem, words

SYNONYM = 0.8
"""How much a synonym counts beside the word that was typed."""
LONGEST = 24
"""Words of a query that are read. Nobody needs more to find a page."""


@dataclass
class Group:
    """Ways to say one thing, each with how sure we are of it."""

    terms: dict[str, float]
    weight: float = 1.0


@dataclass
class Query:
    """A query, read."""

    groups: list[Group] = field(default_factory=list)

    def all_terms(self) -> dict[str, float]:
        """Every term with its best certainty."""
        found: dict[str, float] = {}
        for group in self.groups:
            for term, certainty in group.terms.items():
                found[term] = max(found.get(term, 0.0), certainty)
        return found


def read_query(text: str, speller: Speller, synonyms: Synonyms) -> Query:
    """Mend the words, join those written apart, add what residents mean by them."""
    spoken = _joined(words(text)[:LONGEST], speller)
    meant = [stem(mended) for word in spoken for mended in _meanings(word, speller)]
    keep = set(content_words(" ".join(spoken)))
    query = Query([_group(word, speller) for word in dict.fromkeys(spoken) if word in keep])
    for phrase, added in synonyms.expand(meant):
        _add_meaning(query, phrase, added)
    return query


def _joined(spoken: list[str], speller: Speller) -> list[str]:
    """Words with each pair that the site writes as one put together: pot hole → pothole."""
    found: list[str] = []
    skip = False
    for place, word in enumerate(spoken):
        after = spoken[place + 1] if place + 1 < len(spoken) else ""
        if skip:
            skip = False
            continue
        joined = speller.join(word, after) if after and not {word, after} & STOP else None
        found.append(joined or word)
        skip = joined is not None
    return found


def _meanings(word: str, speller: Speller) -> list[str]:
    """The word itself when the site knows it; else the likeliest one meant (or the two it is made of)."""
    if word in speller.counts or word in STOP:
        return [word]
    mended = speller.mend(word)
    if len(mended) == 2 and mended[0].word + mended[1].word == word:
        return [part.word for part in mended]
    return [mended[0].word] if mended else [word]


def _group(word: str, speller: Speller) -> Group:
    """The ways to say one typed word."""
    ways = {stem(word): 1.0}
    if word not in speller.counts and stem(word) not in speller.counts:
        for mended in speller.mend(word):
            ways.setdefault(stem(mended.word), mended.certainty)
    return Group(ways)


def _add_meaning(query: Query, phrase: tuple[str, ...], added: tuple[str, ...]) -> None:
    """Put what a phrase stands for beside the words it was said with.

    One word for one word joins its group, as another way to say it. Otherwise the phrase's own words step back, since
    together they mean something else ("didn't come" is not about coming), and what they mean comes forward.
    """
    own = [group for group in query.groups if set(group.terms) & set(phrase)]
    known = query.all_terms()
    if len(own) == 1 and len(phrase) == 1:
        for term in added:
            own[0].terms.setdefault(term, SYNONYM)
        return
    for group in own:
        if not group.terms.keys() & set(added):
            group.weight *= 0.4
    for term in added:
        if term not in known:
            query.groups.append(Group({term: SYNONYM + 0.1}))
