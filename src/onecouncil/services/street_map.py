# SPDX-License-Identifier: MIT
"""A map of the borough's streets, drawn by us from the address table: no tiles from elsewhere, no script needed.

A `View` is a window on the map. `point` turns a click into a place, `svg` draws it, `nearest` names the place back.
Streets are lines through their addresses: right enough to find one's corner by.
"""

import math
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.sax.saxutils import escape

from onecouncil.core.models import AddressRow

SIZES = {"small": (288, 320), "large": (640, 480)}
"""Small fits a phone 320 pixels wide: a click counts in the pixels of the picture, so it is never scaled."""
ZOOMS = (1, 2, 4, 8, 16, 32)
_KEEP = 600.0
_METRES = 111_320.0
_INK, _LAND, _ROAD, _EDGE, _PIN = "#0f3d47", "#eef3ee", "#ffffff", "#8fa39c", "#b3261e"

Point = tuple[float, float]


@dataclass(frozen=True)
class Street:
    name: str
    line: tuple[Point, ...]
    """(lat, lon) along the street."""


@dataclass(frozen=True)
class Town:
    """Every street, and the box they lie in."""

    streets: tuple[Street, ...]
    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class View:
    """What is seen: the middle, how far in (one of ZOOMS), which size."""

    lat: float
    lon: float
    zoom: int = 1
    size: str = "small"

    @property
    def width(self) -> int:
        return SIZES[self.size][0]

    @property
    def height(self) -> int:
        return SIZES[self.size][1]


_held: tuple[float, Town | None] | None = None


def town() -> Town | None:
    """The streets of the address table, read once in ten minutes for each process; None when there are no addresses."""
    global _held
    if _held is None or time.monotonic() - _held[0] > _KEEP:
        _held = (time.monotonic(), _read())
    return _held[1]


def forget() -> None:
    """Read the streets again next time (the addresses changed)."""
    global _held
    _held = None


def _read() -> Town | None:
    points: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for street, ward, lat, lon in AddressRow.objects.values_list("street", "ward", "lat", "lon").iterator(5000):
        points[street, ward].append((lat, lon))
    if not points:
        return None
    every = [point for held in points.values() for point in held]
    lats, lons = [lat for lat, _ in every], [lon for _, lon in every]
    margin = 0.001
    streets = tuple(Street(name, _line(held)) for (name, _), held in sorted(points.items()))
    return Town(streets, min(lats) - margin, min(lons) - margin, max(lats) + margin, max(lons) + margin)


def _line(points: list[Point]) -> tuple[Point, ...]:
    """A line through the addresses: sorted along their longer direction, the two sides of the road averaged."""
    if len(points) == 1:
        return (points[0], (points[0][0] + 0.0002, points[0][1]))
    across = max(p[1] for p in points) - min(p[1] for p in points)
    along = max(p[0] for p in points) - min(p[0] for p in points)
    ordered = sorted(points, key=lambda p: p[1] if across * 0.62 > along else p[0])
    parts = min(6, max(2, len(ordered) // 4))
    cuts = [round(n * len(ordered) / parts) for n in range(parts + 1)]
    middles = [_mean(ordered[a:b]) for a, b in pairwise(cuts) if b > a]
    first, last = ordered[0], ordered[-1]
    return (_mean([first, middles[0]]), *middles, _mean([last, middles[-1]]))


def _mean(points: list[Point]) -> Point:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


# --- where a pixel is -------------------------------------------------------------------------------------------------


def start_view(place: Town) -> View:
    return View((place.south + place.north) / 2, (place.west + place.east) / 2)


def read_view(place: Town, text: str) -> View:
    """`lat,lon,zoom,size` as it stands in the form; the whole borough when it is anything else."""
    try:
        lat, lon, zoom, size = text.split(",")
        view = View(float(lat), float(lon), int(zoom), size)
    except ValueError:
        return start_view(place)
    if view.zoom not in ZOOMS or view.size not in SIZES or not (math.isfinite(view.lat) and math.isfinite(view.lon)):
        return start_view(place)
    return _inside(place, view)


def write_view(view: View) -> str:
    return f"{view.lat:.6f},{view.lon:.6f},{view.zoom},{view.size}"


def move(place: Town, view: View, how: str) -> View:
    """`in`, `out`, `north`, `south`, `east`, `west`, `large`, `small`; anything else leaves it as it is."""
    if how in SIZES:
        return replace(view, size=how)
    at = ZOOMS.index(view.zoom)
    if how == "in":
        return replace(view, zoom=ZOOMS[min(at + 1, len(ZOOMS) - 1)])
    if how == "out":
        return _inside(place, replace(view, zoom=ZOOMS[max(at - 1, 0)]))
    up, right = {"north": (1, 0), "south": (-1, 0), "east": (0, 1), "west": (0, -1)}.get(how, (0, 0))
    step = _degrees_a_pixel(place, view)
    lat = view.lat + up * step * view.height / 2
    lon = view.lon + right * step * view.width / 2 / math.cos(math.radians(view.lat))
    return _inside(place, replace(view, lat=lat, lon=lon))


def point(place: Town, view: View, x: float, y: float) -> Point:
    """The place under a click, kept inside the borough's box."""
    step = _degrees_a_pixel(place, view)
    lat = view.lat - (y - view.height / 2) * step
    lon = view.lon + (x - view.width / 2) * step / math.cos(math.radians(view.lat))
    return min(max(lat, place.south), place.north), min(max(lon, place.west), place.east)


def look_at(place: Town, view: View, where: Point) -> View:
    """The view with that point in its middle, close enough to read street names."""
    return _inside(place, replace(view, lat=where[0], lon=where[1], zoom=max(view.zoom, 8)))


def _inside(place: Town, view: View) -> View:
    lat = min(max(view.lat, place.south), place.north)
    lon = min(max(view.lon, place.west), place.east)
    return replace(view, lat=lat, lon=lon)


def _degrees_a_pixel(place: Town, view: View) -> float:
    """Degrees of latitude in one pixel: at zoom 1 the whole borough is seen."""
    squeeze = math.cos(math.radians((place.south + place.north) / 2))
    high = (place.north - place.south) / view.height
    wide = (place.east - place.west) * squeeze / view.width
    return max(high, wide) / view.zoom


# --- drawing ----------------------------------------------------------------------------------------------------------


def svg(place: Town, view: View, pin: Point | None = None) -> str:
    """The map as an SVG picture, with a pin where one was put."""
    step = _degrees_a_pixel(place, view)
    squeeze = math.cos(math.radians(view.lat))

    def pixel(at: Point) -> Point:
        return (
            view.width / 2 + (at[1] - view.lon) * squeeze / step,
            view.height / 2 - (at[0] - view.lat) / step,
        )

    seen = [(street.name, [pixel(at) for at in street.line]) for street in place.streets]
    seen = [(name, line) for name, line in seen if _shows(line, view)]
    thick = max(2.0, min(12.0, 9.0 / (step * _METRES)))
    parts = [*_roads(seen, thick), *_names(seen, view), *(_pin(pixel(pin)) if pin else ())]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{view.width}" height="{view.height}" '
        f'viewBox="0 0 {view.width} {view.height}" font-family="Arial, sans-serif">'
        f'<rect width="100%" height="100%" fill="{_LAND}"/>{"".join(parts)}'
        f'<rect x="0.5" y="0.5" width="{view.width - 1}" height="{view.height - 1}" fill="none" stroke="{_INK}"/></svg>'
    )


def _shows(line: list[Point], view: View) -> bool:
    xs, ys = [x for x, _ in line], [y for _, y in line]
    return max(xs) > -20 and min(xs) < view.width + 20 and max(ys) > -20 and min(ys) < view.height + 20


def _roads(seen: list[tuple[str, list[Point]]], thick: float) -> Iterator[str]:
    lines = [" ".join(f"{x:.1f},{y:.1f}" for x, y in line) for _, line in seen]
    for colour, width in ((_EDGE, thick + 2), (_ROAD, thick)):
        yield f'<g fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="round" '
        yield 'stroke-linejoin="round">'
        yield from (f'<polyline points="{line}"/>' for line in lines)
        yield "</g>"


def _names(seen: list[tuple[str, list[Point]]], view: View) -> Iterator[str]:
    """Names on the longest streets first, as many as fit without lying on each other."""
    taken: list[tuple[float, float, float, float]] = []
    size = 12 if view.zoom < 8 else 14
    yield f'<g fill="{_INK}" font-size="{size}" text-anchor="middle" '
    yield 'stroke="#fff" stroke-width="3" paint-order="stroke">'
    for name, line in sorted(seen, key=lambda one: -_length(one[1])):
        half = len(name) * size * 0.29
        if _length(line) < half and view.zoom < 16:
            continue
        x, y = line[len(line) // 2]
        x = min(max(x, half + 4), view.width - half - 4)
        y = min(max(y, size + 4), view.height - 6)
        box = (x - half - 4, y - size, x + half + 4, y + 6)
        if len(taken) < 14 and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            yield f'<text x="{x:.0f}" y="{y + 4:.0f}">{escape(name)}</text>'
    yield "</g>"


def _length(line: list[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(line))


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _pin(at: Point) -> Iterator[str]:
    x, y = at
    yield f'<g transform="translate({x:.1f} {y:.1f})">'
    yield '<path d="M0 0C-3 -9 -11 -13 -11 -21A11 11 0 1 1 11 -21C11 -13 3 -9 0 0Z" '
    yield f'fill="{_PIN}" stroke="#fff" stroke-width="2"/><circle cy="-21" r="4" fill="#fff"/></g>'


# --- naming -----------------------------------------------------------------------------------------------------------


def nearest(where: Point) -> str:
    """The address nearest to a point, as a person says it: "Near 12 Heron Street, LM1 1AA"; "" when none is near."""
    lat, lon = where
    for reach in (0.0015, 0.006):
        wide = reach / math.cos(math.radians(lat))
        rows = AddressRow.objects.filter(lat__range=(lat - reach, lat + reach), lon__range=(lon - wide, lon + wide))
        found = list(rows.values("line", "postcode", "lat", "lon")[:2000])
        if found:
            best = min(found, key=lambda row: _apart((row["lat"], row["lon"]), where))
            return f"Near {best['line']}, {best['postcode']}"
    return ""


def _apart(one: Point, other: Point) -> float:
    squeeze = math.cos(math.radians(other[0]))
    return (one[0] - other[0]) ** 2 + ((one[1] - other[1]) * squeeze) ** 2
