# SPDX-License-Identifier: MIT
"""Our Jinja2 macros give the HTML that govuk-frontend's own fixtures expect, component by component."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "node_modules/govuk-frontend/dist/govuk/components"
TEMPLATES = ROOT / "src/onecouncil/website/templates"

# The page furniture of other websites, which a council must not show, and what no page of ours uses.
NOT_OFFERED = {"header", "footer", "cookie-banner", "exit-this-page", "language-navigation", "tabs"}

# Fixtures we do not follow, each with the reason.
NOT_FOLLOWED = {
    "select: with falsy values": "a JavaScript false as an option's value; Python has no such thing",
    "file-upload: with value": "no browser lets a page choose a file; the option is gone from the macro",
}

OFFERED = sorted(path.stem for path in (TEMPLATES / "govuk").glob("*.html") if not path.name.startswith("_"))

pytestmark = pytest.mark.skipif(not COMPONENTS.exists(), reason="needs `npm ci`")


class Shape(HTMLParser):
    """A page as a list of tags and texts, in which attribute order and white space do not count."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag with its attributes sorted and its classes as a set."""
        tidy = {name: value or "" for name, value in attrs}
        tidy["class"] = " ".join(sorted(tidy.get("class", "").split()))
        self.parts.append((tag, tuple(sorted(tidy.items()))))

    def handle_endtag(self, tag: str) -> None:
        """Keep a closing tag."""
        self.parts.append("/" + tag)

    def handle_data(self, data: str) -> None:
        """Keep a text without the white space around it; two texts in a row are one."""
        text = re.sub(r"\s+", " ", data).strip()
        if text and self.parts and isinstance(self.parts[-1], list):
            self.parts[-1][0] += " " + text
        elif text:
            self.parts.append([text])


def snake(name: str) -> str:
    """`errorMessage` → `error_message`."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: "_" + match.group(1).lower(), name)


def attribute(value: Any) -> Any:
    """An attribute's value in our terms: True for a bare name, None to leave it out."""
    if isinstance(value, dict):
        if not value.get("optional"):
            return attribute(value.get("value"))
        return None if value.get("value") in (None, False) else value["value"]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def translate(options: Any) -> Any:
    """Nunjucks options as our keyword arguments: html is Markup, and a lone text stands for its mapping."""
    if isinstance(options, list):
        return [translate(item) for item in options]
    if not isinstance(options, dict):
        return options
    ours: dict[str, Any] = {}
    for name, value in options.items():
        if name in ("attributes", "wrapperAttributes") and isinstance(value, dict):
            ours[snake(name)] = {key: attribute(item) for key, item in value.items()}
        elif name == "html" or name.endswith("Html"):
            if value:
                ours["text" if name == "html" else snake(name[:-4]) + "_text"] = Markup(value)
        elif name == "text" or name.endswith("Text"):
            ours.setdefault(snake(name), value)
        else:
            ours[snake(name)] = translate(value)
    return ours


def lone_texts(value: Any, top: bool = True) -> Any:
    """Turn `{text: "…"}` inside the options to the text itself, as our macros take it."""
    if isinstance(value, list):
        return [lone_texts(item, False) if not isinstance(item, dict) else lone_texts(item) for item in value]
    if isinstance(value, dict):
        if not top and set(value) == {"text"}:
            return value["text"]
        return {key: lone_texts(item, False) for key, item in value.items()}
    return value


RENAMED = {
    "label": {"for": "for_id"},
    "generic-header": {"logo_text": "logo"},
    "service-navigation": {},
}


ENVIRONMENT = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=FileSystemLoader(TEMPLATES)
)


def render(component: str, options: dict[str, Any]) -> str:
    """Our macro's HTML for a fixture's options."""
    macro = component.replace("-", "_")
    given = lone_texts(translate(options))
    given = {RENAMED.get(component, {}).get(name, name): value for name, value in given.items()}
    if component == "fieldset" and "text" in given:
        given["html"] = given.pop("text")
    if component == "service-navigation" and "slots" in given:
        given["slots"] = slots(options["slots"])
    source = f'{{% from "govuk/{component}.html" import {macro} %}}{{{{ {macro}(**given) }}}}'
    return ENVIRONMENT.from_string(source).render(given=given)


def slots(given: dict[str, Any]) -> dict[str, Any]:
    """The slots of the service navigation, whose texts are HTML."""
    return {
        snake(name): {key: Markup(item) for key, item in value.items()} if isinstance(value, dict) else Markup(value)
        for name, value in given.items()
    }


def fixtures(component: str) -> list[dict[str, Any]]:
    """What govuk-frontend expects of a component."""
    return list(json.loads((COMPONENTS / component / "fixtures.json").read_text())["fixtures"])


@pytest.mark.parametrize("component", OFFERED)
def test_macro_matches_the_fixtures(component: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fixture of an offered component comes out alike, but for the few listed."""
    failed, followed = [], 0
    for fixture in fixtures(component):
        name = f"{component}: {fixture['name']}"
        if name in NOT_FOLLOWED:
            continue
        followed += 1
        ours = render(component, fixture["options"])
        if Shape(ours).parts != Shape(fixture["html"]).parts:
            failed.append((name, ours, fixture["html"]))
    with capsys.disabled():
        print(f"\n{component}: {followed - len(failed)} of {followed} fixtures alike", end="")
    assert followed > 0
    assert not failed, "\n".join(f"\n== {n}\n-- ours\n{o}\n-- expected\n{e}" for n, o, e in failed[:4])


def test_every_component_is_offered_or_named() -> None:
    """No component is forgotten: it is offered, or it is on the list of those we leave."""
    theirs = {path.parent.name for path in COMPONENTS.glob("*/fixtures.json")}
    assert theirs == set(OFFERED) | NOT_OFFERED
