# SPDX-License-Identifier: MIT
"""The search engine: plain Python over plain data, no framework.

    index = Index(documents)          built once for each published snapshot
    hits = index.search("pot hole")   ranked

`words` turns text into terms, `synonyms` knows what residents call things, `spelling` mends slips and compounds,
`index` weighs fields (BM25F) and ranks.
"""

from onecouncil.website.search.index import Document, Hit, Index

__all__ = ["Document", "Hit", "Index"]
