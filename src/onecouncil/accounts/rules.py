# SPDX-License-Identifier: MIT
"""The law of the room, as pure functions: names, phones, addresses, dates of birth, roles, tokens. No framework."""

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import date

OWN = "own"
"""The token scope that is no permission: a resident's own things."""

NAME_LENGTH = 120
ADDRESS_LENGTH = 200
OLDEST = 120
TOKEN_DAYS = (30, 90, 365)

_PHONE_SHAPE = re.compile(r"^(?:\+44|0|\+)\d{8,14}$")
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)
"""In this order: each browser also claims to be those after it."""
_TOKEN_SHAPE = re.compile(r"^oc_[0-9a-f]{8}_[A-Za-z0-9_-]{32}$")


def tidy_name(text: str) -> str:
    """One space between words, none around."""
    return " ".join(text.split())


def name_fault(name: str) -> str:
    """What is wrong with a tidied name, in words; empty when nothing is."""
    if not name:
        return "Enter your full name"
    if len(name) > NAME_LENGTH:
        return f"Your name must be {NAME_LENGTH} characters or fewer"
    if "://" in name or "@" in name:
        return "Your name must not have a web or e-mail address in it"
    return ""


def tidy_phone(text: str) -> str | None:
    """`(07700) 900-001` → `07700 900001`; None when it cannot be a phone number. Empty stays empty."""
    digits = re.sub(r"[^\d+]", "", text)
    if not text.strip():
        return ""
    if not _PHONE_SHAPE.match(digits):
        return None
    return f"{digits[:5]} {digits[5:]}" if digits.startswith("0") else digits


def details_faults(name: str, phone: str) -> dict[str, str]:
    """What is wrong with a name and a phone as typed, by field."""
    faults = {"name": name_fault(tidy_name(name))}
    if tidy_phone(phone) is None:
        faults["phone"] = "Enter a phone number, like 01632 960 001 or 07700 900 982"
    return {field: words for field, words in faults.items() if words}


def phone_digits(text: str) -> str:
    """What to look a phone up by."""
    return re.sub(r"[^\d+]", "", text)


def birth_date(day: str, month: str, year: str, today: date) -> tuple[date | None, str]:
    """(date, fault) of three typed parts; (None, "") when all are empty."""
    parts = [part.strip() for part in (day, month, year)]
    if not any(parts):
        return None, ""
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[2]) != 4:
        return None, "Date of birth must be a real date, such as 27 3 1980"
    try:
        born = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None, "Date of birth must be a real date, such as 27 3 1980"
    return (born, "") if not birth_fault(born, today) else (None, birth_fault(born, today))


def birth_fault(born: date, today: date) -> str:
    if born > today:
        return "Date of birth must be in the past"
    if today.year - born.year > OLDEST:
        return "Check the year of your date of birth"
    return ""


def address_fact(uprn: str, line: str, postcode: str) -> dict[str, str | None] | None:
    """An address as journeys take it: first line, middle, town, postcode. None when we know none."""
    if not line and not postcode:
        return None
    parts = [part.strip() for part in line.split(",") if part.strip()] or [""]
    town = parts[-1] if len(parts) > 1 else ""
    return {
        "uprn": uprn or None,
        "line1": parts[0],
        "line2": ", ".join(parts[1:-1]),
        "town": town,
        "postcode": postcode,
    }


def may_lose_administrator(holders: Collection[int], user_id: int) -> bool:
    """Whether the house still has an administrator when this user is one no more."""
    return any(holder != user_id for holder in holders)


def search_kind(query: str) -> str:
    """By what an adviser's words search: email, phone, postcode or name."""
    text = query.strip()
    if "@" in text:
        return "email"
    if re.fullmatch(r"[+\d][\d ()-]{2,}", text):
        return "phone"
    if re.fullmatch(r"[A-Za-z]{1,2}\d[A-Za-z\d]?(\s?\d?[A-Za-z]{0,2})", text):
        return "postcode"
    return "name"


def device_name(user_agent: str) -> str:
    """`Chrome on Android`, as well as the browser lets us know."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def looks_like_token(text: str) -> bool:
    return bool(_TOKEN_SHAPE.match(text))


def token_hash(secret: str) -> str:
    """A plain hash is enough: the secret has 192 random bits, there is no dictionary of those."""
    return hashlib.sha256(secret.encode()).hexdigest()


def scope_fault(chosen: Iterable[str], held: Collection[str]) -> str:
    """What is wrong with the scopes chosen for a token."""
    wanted = list(chosen)
    if not wanted:
        return "Select what the token may do"
    if any(scope not in held for scope in wanted):
        return "You can only give a token what you may do yourself"
    return ""
