# SPDX-License-Identifier: MIT
"""The street plan of Larkmere: wards, streets, houses and flats. Pure: the same seed lays the same streets.

Nothing is real: the postcode area LM is not assigned, the UPRNs are counted up from a made-up number, and the
streets are drawn on a map sheet without regard for what stands there.
"""

import math
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TOWN = "Larkmere"
FIRST_UPRN = 10_000_000_001
CENTRE = (51.55, -0.42)
METRE_NORTH = 1 / 111_320
METRE_EAST = METRE_NORTH / math.cos(math.radians(CENTRE[0]))
WARD_APART, STREET_APART, PLOT_WIDTH, SIDE_APART = 900.0, 95.0, 7.5, 9.0
PLOTS = (30, 51)
FLATS = (6, 9, 12, 18)
ADDRESSES_PER_POSTCODE = 24
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""Royal Mail uses none of C I K M O V in the last two places of a postcode."""


@dataclass(frozen=True)
class Ward:
    """`outward` and `sector` begin the postcodes of its streets: LM1 and 1 for LM1 1AA."""

    name: str
    outward: str
    sector: int
    east: int
    north: int
    streets: tuple[str, ...]


@dataclass(frozen=True)
class Property:
    """One front door, as the gazetteer keeps it."""

    uprn: str
    line: str
    street: str
    postcode: str
    ward: str
    lat: float
    lon: float

    @property
    def one_line(self) -> str:
        return f"{self.line}, {TOWN}"


@cache
def words() -> dict[str, Any]:
    """The lists this borough is made of: `words.toml`."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text())


def wards() -> tuple[Ward, ...]:
    return tuple(Ward(**{**ward, "streets": tuple(ward["streets"])}) for ward in words()["wards"])


def lay_out(seed: int = 1) -> list[Property]:
    """Every property of the borough, by UPRN."""
    rng = random.Random(f"{seed}:streets")  # noqa: S311 - a repeatable plan, not a secret
    blocks = iter(words()["blocks"])
    uprn = FIRST_UPRN
    laid = []
    for ward in wards():
        units = _units()
        for number, street in enumerate(ward.streets):
            doors = list(_doors(street, rng, blocks))
            unit = ""
            for place, (line, plot) in enumerate(doors):
                if place % ADDRESSES_PER_POSTCODE == 0:
                    unit = next(units)
                lat, lon = _where(ward, number, plot)
                postcode = f"{ward.outward} {ward.sector}{unit}"
                laid.append(Property(str(uprn), line, street, postcode, ward.name, lat, lon))
                uprn += 1
    return laid


def _units() -> Iterator[str]:
    return (first + second for first in UNIT_LETTERS for second in UNIT_LETTERS)


def _doors(street: str, rng: random.Random, blocks: Iterator[str]) -> Iterator[tuple[str, int]]:
    """(address line, plot) of each door of a street; now and then a plot holds a block of flats."""
    plots = rng.randrange(*PLOTS)
    block_at = rng.randrange(4, plots) if rng.random() < 0.55 else 0
    for plot in range(1, plots + 1):
        if plot != block_at:
            yield f"{plot} {street}", plot
            continue
        name = next(blocks)
        for flat in range(1, rng.choice(FLATS) + 1):
            yield f"Flat {flat}, {name}, {street}", plot


def _where(ward: Ward, number: int, plot: int) -> tuple[float, float]:
    """Streets of a ward run side by side from west to east; odd numbers stand on the north side."""
    east = ward.east * WARD_APART + (plot // 2) * PLOT_WIDTH * 2
    north = ward.north * WARD_APART + number * STREET_APART + (SIDE_APART if plot % 2 else -SIDE_APART)
    return round(CENTRE[0] + north * METRE_NORTH, 6), round(CENTRE[1] + east * METRE_EAST, 6)
