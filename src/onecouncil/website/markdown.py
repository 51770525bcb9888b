# SPDX-License-Identifier: MIT
"""Markdown to our HTML, and to plain words. HTML inside Markdown is shown as text, never trusted."""

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

_HEADINGS = {"h1": "l", "h2": "m", "h3": "s", "h4": "s"}
_CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "blockquote_open": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--l govuk-section-break--visible",
}
_NOT_A_SLUG = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """CommonMark with tables; no HTML, no images from elsewhere, and links only to http(s), mailto and tel."""
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    parser.disable("image")
    parser.validateLink = _safe_link  # type: ignore[method-assign]
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    return parser


def _open_table(renderer: RendererHTML, tokens: Sequence[Token], place: int, *rest: object) -> str:
    """A wide table scrolls in its own frame, by keyboard too, so that the page does not at 320 pixels."""
    frame = '<div class="oc-scroll" tabindex="0" role="region" aria-label="Table">'
    return f'{frame}<table class="{tokens[place].attrGet("class")}">'


def _close_table(renderer: RendererHTML, tokens: Sequence[Token], place: int, *rest: object) -> str:
    return "</table></div>\n"


def _safe_link(url: str) -> bool:
    scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", url, re.IGNORECASE)
    return scheme is None or scheme.group(1).lower() in ("http", "https", "mailto", "tel")


def render_markdown(text: str) -> Markup:
    """The text as HTML with the site's classes. `# ` is an h2 here: a page's own title is its only h1."""
    tokens = _parser().parse(text)
    _dress(tokens)
    return Markup(_parser().renderer.render(tokens, _parser().options, _env()))  # noqa: S704 - html is off in the parser


def plain_text(text: str) -> str:
    """The words of a Markdown text, for the search."""
    words = []
    for token in _parser().parse(text):
        if token.type == "inline":
            words.append("".join(child.content or " " for child in token.children or ()))
    return "\n".join(words)


def _env() -> MutableMapping[str, Any]:
    return {}


def _dress(tokens: Sequence[Token]) -> None:
    """Give every tag its class, headings their anchors, and move headings down one level where needed."""
    lowest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=2)
    shift = max(0, 2 - lowest)
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(4, int(token.tag[1]) + shift)}"
        if token.type == "heading_open":
            token.attrSet("class", f"govuk-heading-{_HEADINGS[token.tag]}")
            token.attrSet("id", _NOT_A_SLUG.sub("-", tokens[place + 1].content.lower()).strip("-"))
        elif token.type in _CLASSES:
            token.attrJoin("class", _CLASSES[token.type])
        for child in token.children or ():
            if child.type in _CLASSES:
                child.attrJoin("class", _CLASSES[child.type])
