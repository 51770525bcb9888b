# SPDX-License-Identifier: MIT
"""GET /api/v1/search: the website's search, for other websites, apps and assistants. Open to everybody."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from onecouncil.website import reads

router = Router(tags=["search"])


class SearchQuery(Schema):
    """What to look for."""

    q: Annotated[str, Field(min_length=1, max_length=reads.LONGEST_QUERY, description="What a resident would type")]
    limit: Annotated[int, Field(ge=1, le=50, description="How many results at most")] = 10


class SearchResult(Schema):
    """One thing found."""

    title: str
    summary: str
    kind: str
    url: str
    start_url: str
    category: str
    lgsl: int | None
    lgil: int | None
    score: float


class SearchResults(Schema):
    """What was found, best first."""

    query: str
    count: int
    results: list[SearchResult]


@router.get("/search", response=SearchResults, summary="Search services and pages", auth=None)
def search(request: HttpRequest, query: Query[SearchQuery]) -> SearchResults:
    found = reads.search(query.q, query.limit)
    results = [
        SearchResult(
            title=hit.listing.title,
            summary=hit.listing.summary,
            kind=hit.listing.kind,
            url=hit.listing.url,
            start_url=hit.listing.start_url,
            category=hit.listing.category,
            lgsl=hit.listing.lgsl,
            lgil=hit.listing.lgil,
            score=hit.score,
        )
        for hit in found
    ]
    return SearchResults(query=query.q, count=len(results), results=results)
