"""The place of a report: a point, or a polygon of a GeoJSON file, checked before anything is computed."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape as shape_of

from jasyl.intake import read_json
from jasyl.places.boundaries import Boundaries
from jasyl.places.locate import locator_of
from jasyl.places.projection import EQUAL_AREA, WGS84, project
from jasyl.texts import Refusal, Where

from ..grid import KAZAKHSTAN
from ..siting.at_point import around, flat

# A report is of a site: what is larger than a district of average size is a question for statistics.
MAX_AREA = 50_000e6
LONGEST_TEXT = 6_000  # characters of a polygon in an address: some three hundred corners
_DIGITS = Decimal("0.000001")  # of a degree: a tenth of a metre


@dataclass(frozen=True, eq=False)
class Place:
    """Where: a point (degrees, WGS 84), and the polygon around it where one was given, with its area in m²."""

    longitude: float
    latitude: float
    region: str | None
    district: str | None
    polygon: Any = None
    area: int | None = None

    @property
    def shape(self) -> Any:
        """The polygon, or the point where there is none: what distances are measured from."""
        return self.polygon or shapely.Point(self.longitude, self.latitude)

    def metres_to(self, longitudes: Sequence[float], latitudes: Sequence[float]) -> list[float]:
        """Metres to points (degrees), from a polygon those to its edge and 0 inside."""
        system = around(self.shape)
        return shapely.distance(flat(shapely.points(longitudes, latitudes), system), flat(self.shape, system)).tolist()

    @property
    def written(self) -> tuple[Decimal, Decimal]:
        """Longitude and latitude as decimals of a tenth of a metre."""
        return Decimal(self.longitude).quantize(_DIGITS), Decimal(self.latitude).quantize(_DIGITS)


def point_place(longitude: float, latitude: float, borders: Boundaries) -> Place:
    """A point. Raises Refusal ``site-outside`` beyond the atlas, saying when the axes seem to be swapped."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)) or KAZAKHSTAN.cell(longitude, latitude) is None:
        swapped = KAZAKHSTAN.cell(latitude, longitude) is not None
        west, south, east, north = KAZAKHSTAN.written_bounds
        code = "site-swapped" if swapped else "site-outside"
        received = f"{longitude:g}, {latitude:g}"
        raise Refusal(code, received=received, west=west, south=south, east=east, north=north)
    return _located(longitude, latitude, borders)


def polygon_place(geometry: Any, borders: Boundaries) -> Place:
    """A polygon as GeoJSON geometry, Feature or FeatureCollection of one.

    Raises Refusal ``site-shape`` (no polygon), ``site-crosses-itself``, ``site-antimeridian``, ``site-too-large``,
    ``site-outside`` and ``site-swapped``.
    """
    polygon = _polygon(geometry)
    west, south, east, north = polygon.bounds
    if not all(math.isfinite(edge) for edge in (west, south, east, north)):
        raise Refusal("site-shape", received="NaN")
    if west < -180 or east > 180 or east - west > 180:
        raise Refusal("site-antimeridian", received=f"{west:g} … {east:g}")
    inside = polygon.representative_point()
    found = point_place(inside.x, inside.y, borders)
    for longitude, latitude in ((west, south), (east, north)):
        point_place(longitude, latitude, borders)
    area = float(project(polygon, WGS84, EQUAL_AREA).area)
    if area > MAX_AREA:
        raise Refusal("site-too-large", received=f"{area / 1e6:.0f}", expected=f"{MAX_AREA / 1e6:.0f}")
    return Place(found.longitude, found.latitude, found.region, found.district, polygon, round(area))


def read_polygon(file: Path, borders: Boundaries) -> Place:
    """The polygon of a GeoJSON file. Raises Refusal ``shapes-unreadable`` and those of `polygon_place`."""
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Refusal("shapes-unreadable", where=Where(file=str(file)), reason=str(error)[:200]) from error
    return polygon_place(document, borders)


def written_polygon(text: str, borders: Boundaries) -> Place:
    """The polygon that somebody wrote into a form: GeoJSON, or its corners in order, ``70 50, 70.6 50, 70.6 50.4``
    (longitude, then latitude; one a line, or parted by commas or semicolons).

    Raises Refusal ``site-corners`` and those of `polygon_place` and ``intake.read_json``.
    """
    written = text.strip()
    if len(written) > LONGEST_TEXT:
        raise Refusal("site-corners", received=f"{len(written)}", expected=f"{LONGEST_TEXT}")
    if written.startswith("{"):
        return polygon_place(read_json(written.encode()), borders)
    corners = [corner.split() for corner in re.split(r"[,;\n]", written) if corner.strip()]
    try:
        ring = [(float(longitude), float(latitude)) for longitude, latitude in corners]
    except ValueError:
        raise Refusal("site-corners", received=written[:60], expected="70 50, 70.6 50, 70.6 50.4") from None
    if len(ring) < 3:
        raise Refusal("site-corners", received=f"{len(ring)}", expected="3 …")
    return polygon_place({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, borders)


def _polygon(document: Any) -> Any:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        features: Any = document.get("features")
        if not isinstance(features, list) or len(features) != 1:
            count = len(features) if isinstance(features, list) else 0
            raise Refusal("site-shape", received=f"FeatureCollection ({count})")
        return _polygon(features[0])
    if kind == "Feature":
        return _polygon(document.get("geometry"))
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Refusal("site-shape", received=str(kind)[:40])
    try:
        polygon: Any = shapely.force_2d(shape_of(document))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
        raise Refusal("site-shape", received=str(error)[:200]) from error
    if polygon.is_empty:
        raise Refusal("site-shape", received=f"{kind} ∅")
    if not polygon.is_valid:
        raise Refusal("site-crosses-itself", received=shapely.is_valid_reason(polygon))
    return polygon


def _located(longitude: float, latitude: float, borders: Boundaries) -> Place:
    regions, districts = locator_of(borders).locate(longitude, latitude)
    return Place(longitude, latitude, regions[0], districts[0])
