"""Facilities as points of a map: cut into vector tiles, gathered where there are too many to be told apart.

Points lie in the order of a Z curve over Web Mercator, so that every tile of every zoom is one contiguous run of them,
found by bisection. No point is ever dropped: it is drawn by itself or counted in a group.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.papers.vector_tile import TILE_EXTENT, TileColumn, encode_points

from .statuses import STATUSES, status_group
from .tables import facility
from .taxonomy import MAP_FAMILIES

LAYER = "facilities"
MAXZOOM = 14
# Lower bounds of the size classes 0 … 4 in W: below 1 MW (and whatever has no power), 1, 10, 50, 200 MW.
SIZE_CLASSES_W = (0, 1_000_000, 10_000_000, 50_000_000, 200_000_000)
# Up to so many points a tile shows each of them, with its names; a tile of more is gathered on a grid.
SINGLES = 1500
# The grid is as fine as this, or coarser until no more features than these are left.
GRID_BITS = 6
FEATURES = 3000

# Bits of a world coordinate: at the last zoom a tile still has its 4096 units with four bits to spare.
_BITS = 30
_MERCATOR_LIMIT = 85.0511287798066
_EXTENT_BITS = TILE_EXTENT.bit_length() - 1
_NO_POWER = -1

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class MapPoints:
    """Points in the order of the Z curve; every array and list has one entry a point.

    ``code`` is what the points of one group agree in: family, status, size class, unconfirmed, reference, and whether
    the status is uncertain.
    ``power`` is in W, -1 where there is none. ``x`` and ``y`` are Web Mercator in 2^30 parts of the world, from its
    north-west corner. ``keys`` and ``names`` (Kazakh, Russian, English) are for points shown by themselves.
    """

    curve: Ints
    x: Ints
    y: Ints
    code: Ints
    power: Ints
    keys: Sequence[str]
    names: tuple[Sequence[str | None], ...]

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all points in degrees; the whole projection where there is none."""
        if not len(self):
            return -180.0, -_MERCATOR_LIMIT, 180.0, _MERCATOR_LIMIT
        west, north = _degrees(int(self.x.min()), int(self.y.min()))
        east, south = _degrees(int(self.x.max()) + 1, int(self.y.max()) + 1)
        return west, south, east, north

    def within(self, z: int, x: int, y: int) -> slice:
        """Where the points of a tile stand. A point on the edge of two tiles belongs to the one east or south of it."""
        size = 1 << 2 * (_BITS - z)
        start = int(_interleave(np.array([x]), np.array([y]))[0]) * size
        low, high = np.searchsorted(self.curve, [start, start + size])
        return slice(int(low), int(high))

    def tile(self, z: int, x: int, y: int) -> bytes:
        """The tile ``z/x/y`` (0 ≤ z ≤ 14) as a Mapbox Vector Tile with the layer ``facilities``.

        A point by itself has ``id`` (key of the facility), ``name_kk``, ``name_ru``, ``name_en``, and ``capacity_w``
        where its size is a power; a group has ``count`` > 1 and the sum of ``capacity_w``, and stands at the mean of
        its places. Both have ``family``, ``status``, ``status_group``, ``size`` (0 … 4), ``unconfirmed``, ``reference``
        and ``uncertain`` (the status is not confirmed; 0 or 1), in which the members of a group agree.
        """
        here = self.within(z, x, y)
        group = _grouped(self.curve[here], self.code[here], z)
        shift = _BITS - z - _EXTENT_BITS
        count = np.bincount(group)
        first = np.empty(len(count), dtype=np.int64)
        first[group[::-1]] = np.arange(here.stop - 1, here.start - 1, -1)
        east, south = (
            (np.bincount(group, (places[here] >> shift) & (TILE_EXTENT - 1)) // np.maximum(count, 1)).astype(np.int64)
            for places in (self.x, self.y)
        )
        known = self.power[here] != _NO_POWER
        summed = np.zeros(len(count), dtype=np.int64)
        np.add.at(summed, group[known], self.power[here][known])
        has_power = np.bincount(group[known], minlength=len(count)) > 0
        columns = _shared(self.code[first])
        columns["capacity_w"] = _numbers(has_power, summed)
        columns["count"] = _numbers(count > 1, count)
        columns |= self._alone(count == 1, first)
        return encode_points(LAYER, east, south, columns)

    def _alone(self, alone: NDArray[np.bool_], first: Ints) -> dict[str, TileColumn]:
        """What only a point by itself has; ``first`` is a point of each feature."""
        points: list[int] = first[alone].tolist()
        told = {"id": _told(alone, [self.keys[point] for point in points])}
        for language, names in zip(("kk", "ru", "en"), self.names, strict=True):
            told[f"name_{language}"] = _told(alone, [names[point] for point in points])
        return told


def load_map_points(connection: sa.Connection) -> MapPoints:
    """The points of every facility that anybody may see and that has a place; merged records are left out."""
    columns = (
        facility.c.lon, facility.c.lat, facility.c.family, facility.c.status, facility.c.capacity_w,
        facility.c.confirmed, facility.c.reference, facility.c.key,
        facility.c.name_kk, facility.c.name_ru, facility.c.name_en, facility.c.status_certain,
    )  # fmt: skip
    query = sa.select(*columns).where(
        facility.c.level == "public",
        facility.c.merged_into.is_(None),
        facility.c.lon.is_not(None),
        facility.c.lat.is_not(None),
    )
    return points_of(connection.execute(query))


def points_of(rows: Iterable[Sequence[Any]]) -> MapPoints:
    """Points of rows (lon, lat, family, status, capacity_w, confirmed, reference, key, name_kk, name_ru, name_en,
    status_certain)."""
    none: list[tuple[Any, ...]] = [()] * 12
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or none
    lon, lat, family, status, power, confirmed, reference, keys, *names, certain = columns
    x, y = mercator(np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64))
    curve = _interleave(x, y)
    # By key where places are the same, so that the same facilities always make the same bytes.
    order = np.lexsort((np.array(keys, dtype=np.str_), curve))
    watts = np.array([_NO_POWER if one is None else one for one in power], dtype=np.int64)
    code = _codes(family, status, watts, confirmed, reference, certain)
    in_order = order.tolist()
    return MapPoints(
        curve[order],
        x[order],
        y[order],
        code[order],
        watts[order],
        [keys[place] for place in in_order],
        tuple([column[place] for place in in_order] for column in names),
    )


def size_class(power: Ints) -> Ints:
    """Size classes 0 … 4 of powers in W by `SIZE_CLASSES_W`."""
    return np.searchsorted(SIZE_CLASSES_W[1:], power, side="right").astype(np.int64)


def mercator(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Web Mercator (EPSG:3857) of degrees in 2^30 parts of the world from its north-west corner.

    What lies beyond the projection's 85.05° is drawn at its edge.
    """
    limited = np.radians(np.clip(lat, -_MERCATOR_LIMIT, _MERCATOR_LIMIT))
    across = (lon + 180) / 360
    down = 0.5 - np.arcsinh(np.tan(limited)) / (2 * np.pi)
    last = (1 << _BITS) - 1
    x, y = (np.clip(np.floor(part * (1 << _BITS)), 0, last).astype(np.int64) for part in (across, down))
    return x, y


def _degrees(x: int, y: int) -> tuple[float, float]:
    world = 1 << _BITS
    return 360 * x / world - 180, float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / world)))))


def _interleave(x: Ints, y: Ints) -> Ints:
    """Morton keys: the bits of x and y in turn, y first."""
    return _spread(x) | _spread(y) << 1


def _spread(part: Ints) -> Ints:
    """The bits of 32-bit integers, a zero before each (Morton 1966; the usual masks)."""
    spread = part.astype(np.int64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | spread << shift) & mask
    return spread


_SHAPE = (len(MAP_FAMILIES), len(STATUSES), len(SIZE_CLASSES_W), 2, 2, 2)


def _codes(
    family: Sequence[str],
    status: Sequence[str],
    power: Ints,
    confirmed: Sequence[bool],
    reference: Sequence[bool],
    certain: Sequence[bool],
) -> Ints:
    families = {one: number for number, one in enumerate(MAP_FAMILIES)}
    statuses = {one: number for number, one in enumerate(STATUSES)}
    parts = (
        np.array([families[one] for one in family], dtype=np.int64),
        np.array([statuses[one] for one in status], dtype=np.int64),
        size_class(power),
        (~np.array(confirmed, dtype=bool)).astype(np.int64),
        np.array(reference, dtype=bool).astype(np.int64),
        (~np.array(certain, dtype=bool)).astype(np.int64),
    )
    return np.ravel_multi_index(parts, _SHAPE).astype(np.int64)


def _shared(code: Ints) -> dict[str, TileColumn]:
    """What points and groups both have, out of their codes."""
    family, status, size, unconfirmed, reference, uncertain = np.unravel_index(code, _SHAPE)
    no_or_yes = (0, 1)
    return {
        "family": TileColumn(MAP_FAMILIES, family),
        "status": TileColumn(STATUSES, status),
        "status_group": TileColumn([status_group(one) for one in STATUSES], status),
        "size": TileColumn(range(len(SIZE_CLASSES_W)), size),
        "unconfirmed": TileColumn(no_or_yes, unconfirmed),
        "reference": TileColumn(no_or_yes, reference),
        "uncertain": TileColumn(no_or_yes, uncertain),
    }


def _grouped(curve: Ints, code: Ints, z: int) -> Ints:
    """The number of the feature that each point of a tile goes into, 0, 1, 2 …"""
    if len(curve) <= SINGLES:
        return np.arange(len(curve))
    cell = (curve >> 2 * (_BITS - z - GRID_BITS)) & ((1 << 2 * GRID_BITS) - 1)
    codes = int(np.prod(_SHAPE))
    present, group = np.unique(cell * codes + code, return_inverse=True)
    for _ in range(GRID_BITS):
        if len(present) <= FEATURES:
            break
        # Four cells become one: a Morton key loses its last two bits.
        coarser = present // codes // 4 * codes + present % codes
        present, merged = np.unique(coarser, return_inverse=True)
        group = merged[group]
    return group


def _numbers(said: NDArray[np.bool_], values: Ints) -> TileColumn:
    """A number for every feature of which it is said."""
    different, position = np.unique(values, return_inverse=True)
    return TileColumn(different.tolist(), np.where(said, position, -1))


def _told(said: NDArray[np.bool_], values: Sequence[str | None]) -> TileColumn:
    """A text for every feature of which it is said, in their order; None: there is none."""
    position = np.full(len(said), -1, dtype=np.int64)
    position[said] = [-1 if value is None else place for place, value in enumerate(values)]
    return TileColumn([value or "" for value in values], position)
