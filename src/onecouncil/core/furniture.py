# SPDX-License-Identifier: MIT
"""What rooms hang up for others to see: links in the staff menu, panels on the account page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onecouncil.core.actors import Actor
from onecouncil.core.permissions import may


@dataclass(frozen=True)
class StaffLink:
    label: str
    url_name: str
    permission: str
    order: int


@dataclass(frozen=True)
class AccountPanel:
    """`template` is rendered with what `read(actor)` returns."""

    name: str
    template: str
    read: Callable[[Actor], dict[str, Any]]
    order: int


_links: dict[str, StaffLink] = {}
_panels: dict[str, AccountPanel] = {}


def staff_link(label: str, url_name: str, permission: str, order: int = 50) -> None:
    _links[url_name] = StaffLink(label, url_name, permission, order)


def staff_links(actor: Actor) -> list[StaffLink]:
    """The menu of this member of staff, in order."""
    return sorted((link for link in _links.values() if may(actor, link.permission)), key=lambda link: link.order)


def account_panel(name: str, template: str, read: Callable[[Actor], dict[str, Any]], order: int = 50) -> None:
    _panels[name] = AccountPanel(name, template, read, order)


def account_panels(actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each panel of this person's account page."""
    return [(panel.template, panel.read(actor)) for panel in sorted(_panels.values(), key=lambda p: p.order)]
