# SPDX-License-Identifier: MIT
"""The index: built once from all documents, then asked.

Ranking is BM25F: a word in the title counts more than one in the body, a rare word more than a common one, a long
text is no advantage. On top of it, three things that a council's residents need: a document whose listed phrase
("get rid of a sofa") is wholly in the query gains; one that answers more of the query gains; a top task gains a little.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import log

from onecouncil.website.search.query import Query, read_query
from onecouncil.website.search.spelling import Speller
from onecouncil.website.search.synonyms import Synonyms, shipped
from onecouncil.website.search.words import stem, terms, words

FIELDS = (("title", 7.0, 0.3), ("phrases", 3.0, 0.3), ("summary", 1.6, 0.4), ("body", 0.7, 0.75))
"""Field, its weight, and how far its length counts against it."""
SATURATION = 3.0
PHRASE_BONUS = 0.6
LONE_WORD = 0.3
"""A listed phrase of one word says less than one of several."""
TOP_TASK_BONUS = 0.06


@dataclass(frozen=True)
class Document:
    """What can be found. `phrases` are what residents call it; `key` is yours."""

    key: str
    title: str
    phrases: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    top_task: bool = False


@dataclass(frozen=True)
class Hit:
    """A document found, and its score among the others of this search."""

    key: str
    score: float


@dataclass
class _Posting:
    """Which documents have a term, and what it adds to each one's score."""

    documents: "array[int]"
    weights: "array[float]"
    rarity: float


class Index:
    """Everything that can be found, ready to be asked."""

    def __init__(self, documents: Iterable[Document], synonyms: Synonyms | None = None) -> None:
        self.documents = tuple(documents)
        self.synonyms = synonyms if synonyms is not None else shipped()
        self._top_tasks = {number for number, document in enumerate(self.documents) if document.top_task}
        counts: Counter[str] = Counter()
        fields = [_fields(document, counts) for document in self.documents]
        self._postings = _postings(fields)
        self._phrases = self._index_phrases()
        known = Counter({word: 1 for word in self.synonyms.vocabulary}) + counts
        self.speller = Speller(known)

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """The best documents for what somebody typed."""
        query = read_query(text, self.speller, self.synonyms)
        scores, covered = self._score(query)
        if not scores:
            return []
        self._add_phrases(query, scores)
        whole = sum(group.weight * self._rarity(group.terms) for group in query.groups) or 1.0
        fair = {number: score * (0.35 + 0.65 * covered[number] / whole) for number, score in scores.items()}
        for number in self._top_tasks & fair.keys():
            fair[number] *= 1 + TOP_TASK_BONUS
        best = nsmallest(limit, fair, key=lambda number: (-fair[number], len(self.documents[number].title), number))
        return [Hit(self.documents[number].key, fair[number]) for number in best]

    def _score(self, query: Query) -> tuple[dict[int, float], dict[int, float]]:
        """BM25F score of every document, and how much of the query each one answers."""
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for group in query.groups:
            share = group.weight * self._rarity(group.terms)
            for number, gain in self._gains(group.terms).items():
                scores[number] += gain * group.weight
                covered[number] += share
        return scores, covered

    def _gains(self, ways: dict[str, float]) -> dict[int, float]:
        """What each document gains by a group of terms: its best one counts."""
        best: dict[int, float] = {}
        for term, certainty in ways.items():
            posting = self._postings.get(term)
            if posting is None:
                continue
            if not best and certainty == 1.0:
                best = dict(zip(posting.documents, posting.weights, strict=True))
                continue
            for number, weight in zip(posting.documents, posting.weights, strict=True):
                gain = weight * certainty
                if gain > best.get(number, 0.0):
                    best[number] = gain
        return best

    def _rarity(self, group: dict[str, float]) -> float:
        """How much a group of terms that mean the same tells documents apart."""
        rarities = [self._postings[term].rarity for term in group if term in self._postings]
        return min(rarities, default=4.0)

    def _index_phrases(self) -> dict[str, list[tuple[int, frozenset[str]]]]:
        """Each listed phrase and title, filed under its rarest term."""
        filed: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        for number, document in enumerate(self.documents):
            for phrase in {document.title, *document.phrases}:
                found = frozenset(terms(phrase))
                if found:
                    filed[max(found, key=lambda term: self._postings[term].rarity)].append((number, found))
        return filed

    def _add_phrases(self, query: Query, scores: dict[int, float]) -> None:
        """Reward a document for its best phrase that is wholly in the query."""
        asked = query.all_terms()
        best: dict[int, float] = {}
        for term in asked:
            for number, phrase in self._phrases.get(term, ()):
                if phrase <= asked.keys():
                    worth = sum(self._postings[part].rarity * asked[part] for part in phrase)
                    worth *= 1.0 if len(phrase) > 1 else LONE_WORD
                    best[number] = max(best.get(number, 0.0), worth)
        for number, worth in best.items():
            scores[number] = scores.get(number, 0.0) + PHRASE_BONUS * worth


def _fields(document: Document, counts: Counter[str]) -> list[list[str]]:
    """The terms of each field; words are counted on the way, for the speller."""
    found = []
    for text in (document.title, " ".join(document.phrases), document.summary, document.body):
        spoken = words(text)
        counts.update(spoken)
        found.append([stem(word) for word in spoken])
    return found


def _postings(documents: Sequence[list[list[str]]]) -> dict[str, _Posting]:
    """For every term the documents that have it, with its BM25F weight there."""
    total = len(documents) or 1
    average = [max(1.0, sum(len(fields[i]) for fields in documents) / total) for i in range(len(FIELDS))]
    raw: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, fields in enumerate(documents):
        weights: dict[str, float] = defaultdict(float)
        for field, (_, weight, lengthiness), usual in zip(fields, FIELDS, average, strict=True):
            norm = 1 - lengthiness + lengthiness * len(field) / usual
            for term, times in Counter(field).items():
                weights[term] += weight * times / norm
        for term, value in weights.items():
            raw[term].append((number, value))
    postings = {}
    for term, found in raw.items():
        rarity = log(1 + (total - len(found) + 0.5) / (len(found) + 0.5))
        gains = array("d", (rarity * value / (SATURATION + value) for _, value in found))
        postings[term] = _Posting(array("l", (number for number, _ in found)), gains, rarity)
    return postings
