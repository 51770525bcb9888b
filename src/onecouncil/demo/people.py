# SPDX-License-Identifier: MIT
"""The people of Larkmere, and the sign-ins the demo shows. Inventing them is pure; making them goes by accounts' door.

Nobody is real: names are put together by chance, phones are Ofcom's numbers for drama (07700 900000 to 900999), and
e-mail is at example.org and example.com (RFC 2606), where nobody can receive it.
"""

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onecouncil.demo.plan import Property, words

PASSWORD = "herons-at-dawn"  # noqa: S105 - the demo's own, shown on screen; there is none outside the demo
DOMAIN = "larkmere.example"
MAIL_DOMAINS = ("example.org", "example.com")
DRAMA_PHONES = "07700 900{:03}"
BORN_BY = date(2008, 9, 1)
DAYS_OF_ADULTS = 73 * 365
HAS_EMAIL, HAS_PHONE, SIGNS_IN, SAME_FAMILY = 0.86, 0.93, 0.45, 0.7


@dataclass(frozen=True)
class SignIn:
    """One of the demo's own sign-ins. `role` is a staff role, or "resident"."""

    role: str
    email: str
    name: str
    tries: str


SIGN_INS = (
    SignIn("resident", f"resident@{DOMAIN}", "Rowan Ashby", "apply, pay, follow requests"),
    SignIn("adviser", f"adviser@{DOMAIN}", "Amara Bell", "find a customer, apply for them"),
    SignIn("caseworker", f"caseworker@{DOMAIN}", "Callum Reed", "work cases, write, decide"),
    SignIn("finance", f"finance@{DOMAIN}", "Farida Moss", "see payments, refund"),
    SignIn("steward", f"steward@{DOMAIN}", "Stefan Lowe", "keep records right"),
    SignIn("editor", f"editor@{DOMAIN}", "Eleni Frost", "change services"),
    SignIn("administrator", f"administrator@{DOMAIN}", "Ade Winter", "staff, webhooks, health"),
)

COLLEAGUES = (
    SignIn("caseworker", f"priya.lane@{DOMAIN}", "Priya Lane", ""),
    SignIn("caseworker", f"tomasz.hale@{DOMAIN}", "Tomasz Hale", ""),
    SignIn("caseworker", f"grace.holt@{DOMAIN}", "Grace Holt", ""),
)
"""Officers whose names stand beside cases; they have no password."""


@dataclass(frozen=True)
class Invented:
    """Somebody who lives in the borough. `signs_in`: they have an account; the others have only rung or written."""

    name: str
    email: str
    phone: str
    born: date
    home: Property
    signs_in: bool


def sign_in_lines() -> list[str]:
    """What `up` prints: who can sign in, with what, and what for."""
    width = max(len(one.email) for one in SIGN_INS)
    listed = [f"{one.role:<14} {one.email:<{width}}  {one.tries}" for one in SIGN_INS]
    return [f"Sign in at /sign-in with one of these; the password of all is  {PASSWORD}", *listed]


def invent(properties: Sequence[Property], count: int, seed: int = 1) -> list[Invented]:
    """So many people, by household. The first is the demo's resident, at the first address."""
    rng = random.Random(f"{seed}:people")  # noqa: S311 - a repeatable borough, not a secret
    people = [_the_resident(properties[0])]
    homes = rng.sample(list(properties[1:]), min(len(properties) - 1, count))
    for home in homes:
        people += _household(home, rng, len(people))
        if len(people) >= count:
            break
    return people[: max(count, 1)]


def _the_resident(home: Property) -> Invented:
    one = SIGN_INS[0]
    return Invented(one.name, one.email, DRAMA_PHONES.format(1), date(1984, 3, 27), home, True)


def _household(home: Property, rng: random.Random, first: int) -> list[Invented]:
    """One to four adults behind one door, most of one family."""
    group = _group(rng)
    family = rng.choice(group["family"])
    adults = []
    for place in range(rng.choice((1, 1, 1, 2, 2, 2, 2, 3, 4))):
        if place and rng.random() > SAME_FAMILY:
            group = _group(rng)
            family = rng.choice(group["family"])
        name = f"{rng.choice(group['given'])} {family}"
        email = _email(name, first + place, rng) if rng.random() < HAS_EMAIL else ""
        adults.append(
            Invented(
                name=name,
                email=email,
                phone=DRAMA_PHONES.format(rng.randrange(1000)) if not email or rng.random() < HAS_PHONE else "",
                born=BORN_BY - timedelta(days=int(rng.triangular(0, DAYS_OF_ADULTS, DAYS_OF_ADULTS * 0.35))),
                home=home,
                signs_in=bool(email) and rng.random() < SIGNS_IN,
            )
        )
    return adults


def _group(rng: random.Random) -> dict[str, list[str]]:
    groups = words()["names"]
    chosen: dict[str, list[str]] = rng.choices(groups, [group["share"] for group in groups])[0]
    return chosen


def _email(name: str, number: int, rng: random.Random) -> str:
    """`Zsófia Kovács`, 41 → `zsofia.kovacs41@example.org`; the number keeps it one person's."""
    plain = unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ł", "l").replace("ı", "i"))
    tidy = re.sub(r"[^a-z]+", ".", plain.encode("ascii", "ignore").decode().lower()).strip(".")
    return f"{tidy}{number}@{rng.choice(MAIL_DOMAINS)}"
