# SPDX-License-Identifier: MIT
"""One POST of a journey page: what it asks for, and the page drawn again when it is not simply "save".

Looking up an address and moving the map change nothing that is kept, so they answer with the page itself (200) and
carry what was typed in its fields; everything that changes something redirects (303).
"""

from dataclasses import dataclass, field

from django.http import HttpRequest

from onecouncil.accounts.api import client_ip
from onecouncil.core import limits
from onecouncil.core.addresses import tidy_postcode
from onecouncil.services import street_map
from onecouncil.services.drawing import CHOOSE, FIND, TYPED
from onecouncil.services.engine import PageOnPath

LOOKUPS_IN_TEN_MINUTES = 100


@dataclass
class Turn:
    """`action`: what the pressed button said (`find:home`); "save" when none. `stays`: draw the page again."""

    form: dict[str, list[str]]
    action: str = "save"
    target: str = ""
    detail: str = ""
    modes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    stays: bool = False

    def one(self, name: str) -> str:
        return (self.form.get(name) or [""])[-1].strip()

    def put(self, name: str, value: str) -> None:
        self.form[name] = [value]


def read_turn(request: HttpRequest, page: PageOnPath, form: dict[str, list[str]]) -> Turn:
    """What this POST asks for, with address look-ups and map moves carried out on its fields."""
    action, _, rest = (form.pop("action", None) or ["save"])[-1].partition(":")
    target, _, detail = rest.partition(":")
    turn = Turn(form, action, target, detail)
    for question in page.fields:
        if question.type == "address":
            _address(request, turn, question.key)
        elif question.type == "place":
            _place(turn, question.key)
    return turn


def _address(request: HttpRequest, turn: Turn, key: str) -> None:
    mode = turn.one(f"{key}-mode") or FIND
    asked = turn.target == key
    if turn.action == "typed" and asked:
        mode, turn.stays = TYPED, True
        turn.form.pop(f"{key}-uprn", None)
    elif turn.action == "again" and asked:
        mode, turn.stays = FIND, True
        turn.form.pop(f"{key}-uprn", None)
    elif mode == FIND and _wants_list(turn, key):
        mode, turn.stays = _find(request, turn, key), True
    turn.modes[key] = mode


def _wants_list(turn: Turn, key: str) -> bool:
    """The Find button, or Continue (the Enter key) with a postcode typed."""
    if turn.action == "find":
        return turn.target == key
    return turn.action == "save" and bool(turn.one(f"{key}-postcode"))


def _find(request: HttpRequest, turn: Turn, key: str) -> str:
    typed = turn.one(f"{key}-postcode")
    postcode = tidy_postcode(typed)
    if postcode is None:
        turn.errors[f"{key}-postcode"] = "Enter a full UK postcode, like LM1 4QX" if typed else "Enter a postcode"
        return FIND
    limits.hit("address-lookup", client_ip(request), limit=LOOKUPS_IN_TEN_MINUTES, seconds=600)
    turn.put(f"{key}-postcode", postcode)
    return CHOOSE


def _place(turn: Turn, key: str) -> None:
    streets = street_map.town()
    if streets is None:
        return
    view = street_map.read_view(streets, turn.one(f"{key}-view"))
    clicked = _click(turn, key)
    if clicked:
        where = street_map.point(streets, view, *clicked)
        named_before = turn.one(f"{key}-text").startswith("Near ")
        turn.put(f"{key}-lat", f"{where[0]:.6f}")
        turn.put(f"{key}-lon", f"{where[1]:.6f}")
        turn.put(f"{key}-view", street_map.write_view(street_map.look_at(streets, view, where)))
        if named_before or not turn.one(f"{key}-text"):
            turn.put(f"{key}-text", street_map.nearest(where))
        turn.action, turn.stays = "map", True
    elif turn.action == "map" and turn.target == key:
        turn.put(f"{key}-view", street_map.write_view(street_map.move(streets, view, turn.detail)))
        turn.stays = True
    elif turn.action == "unpin" and turn.target == key:
        turn.put(f"{key}-lat", "")
        turn.put(f"{key}-lon", "")
        turn.stays = True


def _click(turn: Turn, key: str) -> tuple[float, float] | None:
    """Where the picture was pressed. A keyboard press has no place (0, 0): it means nothing was chosen."""
    try:
        x, y = float(turn.one(f"{key}-map.x")), float(turn.one(f"{key}-map.y"))
    except ValueError:
        return None
    return (x, y) if (x, y) != (0, 0) else None
