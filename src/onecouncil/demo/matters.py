# SPDX-License-Identifier: MIT
"""What the people of Larkmere ask of their council: six journeys, answered as people answer them. Pure, from a seed.

Answers have the form that the journey engine keeps. Two are not known before it happens: `PROOF` stands for a file to
upload then, and `SLOT` for a time to choose from those offered then. Number plates bear the year 2049 (`99`), which
has not been issued.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onecouncil.demo.people import Invented
from onecouncil.demo.plan import TOWN, Property

PROOF = "«a file»"
SLOT = "«a time»"
PLATE_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"

MISSED_BIN, POTHOLE, BULKY = "report-a-missed-bin", "report-a-pothole", "book-a-bulky-waste-collection"
PERMIT, MOVED, COMPLAINT = "resident-parking-permit", "tell-us-you-have-moved", "make-a-complaint"
SHARES = {MISSED_BIN: 30, POTHOLE: 24, BULKY: 18, PERMIT: 13, MOVED: 7, COMPLAINT: 8}

HOLES = (
    "Outside number {n}, near the kerb",
    "In the middle of the road by the bus stop",
    "At the junction, where lorries turn",
    "By the zebra crossing outside the school",
    "In front of number {n}, it fills with water",
)
WRONGS = (
    ("Bins", "The crew has left the gate open three weeks in a row and the dog got out."),
    ("Council tax", "I set up a direct debit in spring and was sent a reminder as if I had never paid."),
    ("Housing repairs", "I waited in all day for a repair and nobody came or rang."),
    ("Parking", "I was given a ticket while my permit was in the post."),
    ("The contact centre", "I was passed between four people and had to tell my story each time."),
    ("Parks", "The play area has had a broken swing since the summer and the sign says it will be mended soon."),
)
REMEDIES = (
    "An apology, and for it not to happen again",
    "A refund of what it cost me",
    "Somebody to ring me and sort it out",
)


@dataclass(frozen=True)
class Matter:
    """One thing somebody asks. `assisted`: they rang, and an adviser filled it in."""

    number: int
    person: int
    service: str
    days_ago: float
    assisted: bool


@dataclass(frozen=True)
class Asker:
    """Who asks, on which day, and what the borough looks like to them."""

    person: Invented
    day: date
    streets: Sequence[Property]
    rng: random.Random

    @property
    def contact(self) -> dict[str, Any]:
        phone = self.person.phone
        given = {"name": self.person.name, "email": self.person.email}
        return {**given, "phone": "+44" + phone.replace(" ", "")[1:]} if phone else given


def choose(people: Sequence[Invented], count: int, days: int, seed: int = 1) -> list[Matter]:
    """Who asks what and when. The demo's resident asks several things; only those with e-mail can be answered."""
    rng = random.Random(f"{seed}:matters")  # noqa: S311 - a repeatable borough, not a secret
    able = [number for number, one in enumerate(people) if one.email]
    mine = [BULKY, MISSED_BIN, POTHOLE, COMPLAINT, PERMIT]
    chosen = []
    for number in range(count):
        own = number < len(mine)
        person = 0 if own else rng.choice(able)
        service = mine[number] if own else rng.choices(list(SHARES), list(SHARES.values()))[0]
        ago = (9, 2, 24, 38, 15)[number] + 0.3 if own else rng.triangular(0.05, days, days * 0.3)
        chosen.append(Matter(number, person, service, ago, assisted=not people[person].signs_in))
    return sorted(chosen, key=lambda matter: -matter.days_ago)


def answers(matter: Matter, asker: Asker) -> dict[str, Any]:
    """What they answer to the journey of this matter's service."""
    return _ANSWERS[matter.service](asker)


def _missed_bin(asker: Asker) -> dict[str, Any]:
    rng = asker.rng
    given = {
        "home": _address(asker.person.home),
        "bins": [one for one in ("rubbish", "recycling", "food", "garden") if rng.random() < 0.35] or ["recycling"],
        "missed_on": (asker.day - timedelta(days=rng.choice((0, 1)))).isoformat(),
        "out_in_time": True,
        "tagged": rng.random() < 0.2,
        "again": rng.random() < 0.15,
    }
    if given["tagged"]:
        given["tag_says"] = "Wrong things in the recycling"
    if "Flat" in asker.person.home.line:
        given["where_bin"] = "In the bin store behind the block"
    return {**given, **asker.contact}


def _pothole(asker: Asker) -> dict[str, Any]:
    rng, near = asker.rng, asker.rng.choice(asker.streets)
    words = rng.choice(HOLES).format(n=rng.randrange(1, 40))
    return {
        "danger": False,
        "place": {"text": f"{near.street}: {words}", "lat": near.lat, "lon": near.lon},
        "part": rng.choice(("road", "road", "road", "cycle-lane", "crossing")),
        "size": rng.choice(("small", "medium", "large")),
        "depth": rng.choice(("shallow", "golf-ball", "deep", "unsure")),
        "harm": ["vehicle"] if rng.random() < 0.15 else [],
        **asker.contact,
        "postcode": asker.person.home.postcode,
    }


def _bulky(asker: Asker) -> dict[str, Any]:
    rng = asker.rng
    kinds = rng.sample(
        ("sofa", "chair", "bed", "mattress", "table", "wardrobe", "fridge", "carpet"), rng.choice((1, 2, 3))
    )
    items = {kind: rng.choice((1, 1, 2)) for kind in kinds}
    return {
        "items": items,
        **({"fridge_empty": True} if "fridge" in items else {}),
        "home": _address(asker.person.home),
        "put_out": "bin-store" if "Flat" in asker.person.home.line else "front",
        "slot": SLOT,
        **asker.contact,
    }


def _permit(asker: Asker) -> dict[str, Any]:
    rng = asker.rng
    fuel = rng.choice(("electric", "petrol", "petrol", "diesel", "hybrid"))
    return {
        "car_free": False,
        "too_big": False,
        "home": _address(asker.person.home),
        "vrm": "LM99" + "".join(rng.choice(PLATE_LETTERS) for _ in range(3)),
        "keeper": rng.choice(("own", "own", "lease", "employer")),
        "fuel": fuel,
        **({"band": rng.choice(("low", "medium", "high"))} if fuel != "electric" else {}),
        **({"euro6": rng.random() < 0.7} if fuel == "diesel" else {}),
        "starts_on": (asker.day + timedelta(days=rng.randrange(4, 20))).isoformat(),
        "proof_of_address": PROOF,
        "proof_of_vehicle": PROOF,
        **asker.contact,
    }


def _moved(asker: Asker) -> dict[str, Any]:
    rng = asker.rng
    tenure = rng.choice(("own", "rent", "rent", "council"))
    told = [
        one for one in ("council-tax", "benefits", "parking", "waste", "libraries", "housing") if rng.random() < 0.5
    ]
    return {
        "way": "within",
        "old_address": _address(asker.person.home),
        "new_address": _address(rng.choice(asker.streets)),
        "moved_on": (asker.day - timedelta(days=rng.randrange(10))).isoformat(),
        "tenure": tenure,
        **({"landlord": "Heron Lettings"} if tenure == "rent" else {}),
        "adults": [],
        "tell": told or ["council-tax"],
        **asker.contact,
    }


def _complaint(asker: Asker) -> dict[str, Any]:
    about, what = asker.rng.choice(WRONGS)
    return {
        "who": "me",
        "service_wrong": about,
        "what": what,
        "effect": "It took a day of my time, and I felt that nobody was listening.",
        "remedy": asker.rng.choice(REMEDIES),
        **asker.contact,
        "postcode": asker.person.home.postcode,
    }


def _address(home: Property) -> dict[str, Any]:
    line1, _, line2 = home.line.partition(", ")
    whole = f"{line1}, {line2}" if line2 else line1
    return {"uprn": home.uprn, "line1": whole, "line2": "", "town": TOWN, "postcode": home.postcode}


_ANSWERS: Mapping[str, Callable[[Asker], dict[str, Any]]] = {
    MISSED_BIN: _missed_bin,
    POTHOLE: _pothole,
    BULKY: _bulky,
    PERMIT: _permit,
    MOVED: _moved,
    COMPLAINT: _complaint,
}
