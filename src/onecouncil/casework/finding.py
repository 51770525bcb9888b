# SPDX-License-Identifier: MIT
"""Finding cases by what a person remembers: a reference, part of a name, an e-mail address, a postcode."""

import re
import unicodedata

from django.db.models import Exists, OuterRef, QuerySet

from onecouncil.casework.models import Case, CaseWord
from onecouncil.core.references import normalise

COMMON = 900
"""A word of more cases than this is common (and SQLite takes at most 999 numbers in one question)."""
_LAST = "z" * 12


def words_of(*texts: str) -> list[str]:
    """The words in these texts: small letters and digits without accents, each once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        found.update(dict.fromkeys(word[:60] for word in re.findall(r"[a-z0-9]+", plain)))
    return list(found)


def keep_words(case: Case) -> None:
    """Write down the words a case is found by."""
    together = case.track_postcode.replace(" ", "")
    words = words_of(case.contact_name, case.contact_email.partition("@")[0], together, case.place_text)
    CaseWord.objects.bulk_create([CaseWord(case=case, word=word) for word in words], ignore_conflicts=True)


def narrow(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Only the cases that `text` finds: one reference, or all its words as beginnings of the case's words.

    A beginning is asked for as a range, which a plain index answers on SQLite and on PostgreSQL alike. Rare words are
    looked up first, and their few cases read; a word that very many cases have is only checked on the way down the
    list, where the first page is soon full.
    """
    reference = normalise(text) or text.strip().upper()
    if Case.objects.filter(reference=reference.replace("\x00", "")).exists():
        return rows.filter(reference=reference)
    words = words_of(text)[:5]
    if not words:
        return rows.none()
    rare: set[int] | None = None
    for word in words:
        ids = set(_cases_with(word).values_list("case_id", flat=True)[: COMMON + 1])
        if len(ids) > COMMON:
            rows = rows.filter(Exists(_cases_with(word).filter(case_id=OuterRef("pk"))))
        else:
            rare = ids if rare is None else rare & ids
    return rows if rare is None else rows.filter(pk__in=rare)


def _cases_with(word: str) -> QuerySet[CaseWord]:
    return CaseWord.objects.filter(word__gte=word, word__lte=word + _LAST)
