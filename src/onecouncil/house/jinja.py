# SPDX-License-Identifier: MIT
"""The two Jinja2 environments: pages (HTML, escaped) and text (messages)."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from onecouncil.core.borough import borough
from onecouncil.core.calendar import screen_date, screen_time
from onecouncil.core.furniture import staff_links
from onecouncil.core.money import pounds
from onecouncil.core.permissions import may


def pages(**options: Any) -> Environment:
    environment = _environment(**options)
    environment.globals.update(
        static=static, url=_url, borough=borough, may=may, staff_links=staff_links, demo=settings.DEMO
    )
    return environment


def text(**options: Any) -> Environment:
    return _environment(**options)


def _environment(**options: Any) -> Environment:
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.do"])
    environment = Environment(**options)  # noqa: S701 - Django passes autoescape; only the text environment turns it off
    environment.filters.update(pounds=pounds, date=screen_date, time=screen_time)
    return environment


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
