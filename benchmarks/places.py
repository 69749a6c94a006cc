"""Figures of the room places: locating 100,000 points, loading and simplifying boundaries."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from jasyl.places.boundaries import Boundaries, Boundary, schematic
from jasyl.places.locate import Locator

POINTS = 100_000


def run() -> None:
    """Prints; judges nothing. The peer is shapely's STRtree, asked for each point as its manual shows."""
    random = np.random.default_rng(1)
    lon, lat = random.uniform(46, 88, POINTS), random.uniform(40, 56, POINTS)
    boundaries = refined(schematic())
    points = sum(shapely.get_num_coordinates(unit.shape) for unit in boundaries.units)
    print(f"places: {POINTS} points, {len(boundaries.units)} areas with {points} points (as many as official ones)")
    locator = Locator(boundaries)
    first = seconds(lambda: locator.locate(lon, lat))
    again = seconds(lambda: locator.locate(lon, lat))
    print(f"  region and district: {first:.2f} s the first time, {again:.2f} s after; target below 1 s")
    cloud = shapely.points(lon, lat)
    tree = shapely.STRtree([unit.shape for unit in boundaries.units])
    sample = cloud[: POINTS // 10]
    peer = seconds(lambda: tree.query(sample, predicate="intersects")) * 10
    print(f"  the same by STRtree.query over the areas: {peer:.1f} s, {peer / again:.0f} times as long")
    for level in ("region", "district"):
        took = seconds(lambda level=level: boundaries.as_geojson(level, "medium"))
        print(f"  GeoJSON of the level {level}, simplified: {took:.2f} s, then kept")


def refined(coarse: Boundaries) -> Boundaries:
    """The schematic regions with borders as rich as official ones, and 200 districts."""
    units: list[Boundary] = []
    for unit in coarse.units:
        shape = shapely.segmentize(unit.shape, 0.03)
        units.append(Boundary(unit.code, "region", unit.names, unit.code, unit.kato, shape))
        west, south, east, north = shape.bounds
        edges = np.linspace(west, east, 11)
        for number, (left, right) in enumerate(pairwise(edges)):
            parts = shapely.get_parts(shape.intersection(shapely.box(left, south, right, north)))
            strip = shapely.union_all(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
            code = f"{unit.code}/{number}"
            units.append(Boundary(code, "district", unit.names, unit.code, None, strip))
    return Boundaries("official", "", "", "", "benchmark", tuple(units))


def seconds(what: Callable[[], Any]) -> float:
    """Wall time of one call."""
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin


if __name__ == "__main__":
    run()
