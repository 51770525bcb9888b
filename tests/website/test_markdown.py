# SPDX-License-Identifier: MIT
"""Markdown becomes our HTML; HTML in it is only text; links lead nowhere harmful."""

import pytest

from onecouncil.website.api import plain_text, render_markdown


def test_everything_has_its_class() -> None:
    html = render_markdown(
        "## Who\n\nText with a [link](/a).\n\n- one\n\n1. first\n\n| A | B |\n| - | - |\n| 1 | 2 |\n"
    )
    for part in (
        '<h2 class="govuk-heading-m" id="who">Who</h2>',
        '<p class="govuk-body">',
        '<a href="/a" class="govuk-link">',
        '<ul class="govuk-list govuk-list--bullet">',
        '<ol class="govuk-list govuk-list--number">',
        '<th class="govuk-table__header">',
        '<td class="govuk-table__cell">',
    ):
        assert part in html


def test_headings_never_make_a_second_h1() -> None:
    html = render_markdown("# Top\n\n## Below")
    assert '<h2 class="govuk-heading-m" id="top">' in html
    assert '<h3 class="govuk-heading-s" id="below">' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,1)",
        "![x](https://spy.example/a.png)",
    ],
)
def test_nothing_harmful_comes_through(text: str) -> None:
    html = render_markdown(text)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_plain_text_has_the_words_and_none_of_the_marks() -> None:
    assert plain_text("## Who\n\nA **bold** [link](/a).\n\n- one\n- two").split() == [
        "Who",
        "A",
        "bold",
        "link",
        ".",
        "one",
        "two",
    ]
