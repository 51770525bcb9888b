# SPDX-License-Identifier: MIT
"""The card page: what the payer sees. Every value is escaped; the pages are files beside this one."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent / "pages"

ENDINGS = {
    "success": ("Your payment has been made", "There is nothing more to do here."),
    "capturable": ("Your payment has been made", "There is nothing more to do here."),
    "cancelled": (
        "This payment was cancelled",
        "No money was taken. You can start again from the service.",
    ),
    "error": (
        "This payment did not work",
        "No money was taken. You can start again from the service.",
    ),
    "failed": (
        "This payment is over",
        "No money was taken. You can start again from the service.",
    ),
}


@cache
def _template(name: str) -> Template:
    return Template((HERE / name).read_text(encoding="utf-8"))


def _page(name: str, **values: str) -> str:
    return _template(name).substitute({key: escape(value) for key, value in values.items()})


def pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02d}"


def card(row: Any) -> str:
    return _page(
        "card.html",
        description=row["description"],
        reference=row["reference"],
        amount=pounds(row["amount"]),
        action=f"/secure/{row['token']}",
    )


def finished(row: Any) -> str:
    title, words = ENDINGS.get(row["status"], ("This payment is being made", "Please wait for your bank."))
    return _page("finished.html", title=title, words=words, return_url=row["return_url"])


def missing() -> str:
    return _page("missing.html")


def stylesheet() -> str:
    return (HERE / "standin.css").read_text(encoding="utf-8")


def policy(return_url: str = "") -> str:
    """The Content-Security-Policy. Browsers hold redirects after a form to `form-action`: so name the way back."""
    parts = urlsplit(return_url)
    back = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self'{back.replace(';', '').replace(',', '')}"
    )
