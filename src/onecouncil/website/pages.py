# SPDX-License-Identifier: MIT
"""The website's own help pages: Markdown files in `help/`, with the borough's facts filled in."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from markupsafe import Markup

from onecouncil.core.borough import borough
from onecouncil.website.listings import ListingView
from onecouncil.website.markdown import plain_text, render_markdown

FOLDER = Path(__file__).with_name("help")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class HelpPage:
    """One help page, as it is written: the facts are still in braces."""

    slug: str
    title: str
    summary: str
    words: tuple[str, ...]
    text: str

    @property
    def url(self) -> str:
        return f"/help/{self.slug}"

    def html(self) -> Markup:
        """The page with the council's own facts."""
        return render_markdown(borough().fill(self.text))


def help_page(slug: str) -> HelpPage | None:
    """The page with this slug, if there is one."""
    return next((page for page in all_pages() if page.slug == slug), None)


@lru_cache(maxsize=1)
def all_pages() -> tuple[HelpPage, ...]:
    """Every help page, by slug."""
    return tuple(parse(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.md")))


def parse(slug: str, written: str) -> HelpPage:
    """Read one file: a head of title, summary and words between lines of ---, then Markdown.

    Raises:
        ValueError: the head is missing.
    """
    head = _HEAD.match(written)
    if head is None:
        raise ValueError(f"{slug}.md must start with a head between two lines of ---")
    facts = yaml.safe_load(head.group(1))
    return HelpPage(slug, facts["title"], facts["summary"], tuple(facts.get("words", ())), written[head.end() :])


def help_pages() -> list[ListingView]:
    """The help pages, as the search finds them."""
    return [
        ListingView(
            kind="help",
            slug=page.slug,
            url=page.url,
            title=borough().fill(page.title),
            summary=borough().fill(page.summary),
            words=page.words,
            body_text=plain_text(borough().fill(page.text)),
        )
        for page in all_pages()
    ]
