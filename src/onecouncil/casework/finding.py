# SPDX-License-Identifier: MIT
"""Finding cases by what a person remembers: a reference, part of a name, an e-mail address, a postcode."""

import re
import unicodedata

from django.db.models import QuerySet

from onecouncil.casework.models import Case, CaseWord
from onecouncil.core.references import normalise

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

    A beginning is asked for as a range, which a plain index answers on SQLite and on PostgreSQL alike.
    """
    reference = normalise(text)
    if reference:
        return rows.filter(reference=reference)
    words = words_of(text.replace("@", " ").strip())
    if not words:
        return rows.none()
    for word in words[:5]:
        rows = rows.filter(pk__in=CaseWord.objects.filter(word__gte=word, word__lte=word + _LAST).values("case_id"))
    return rows
