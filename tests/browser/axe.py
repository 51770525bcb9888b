# SPDX-License-Identifier: MIT
"""axe-core in the page: what it finds wrong, by the tags of WCAG 2.2 AA."""

from playwright.sync_api import Page

from onecouncil.website.assets import build

AXE = build.MODULES / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (320, 1280)


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on a page, one line for each fault.

    Evaluated through the debugger, so that the page's Content-Security-Policy stays as it is.
    """
    page.evaluate(AXE.read_text(encoding="utf-8") + "; true")
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    if not result["passes"]:
        raise AssertionError(f"axe-core tested nothing on {page.url}")
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
