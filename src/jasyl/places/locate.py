"""From coordinates to region and district, and whether a place lies where it is said to lie."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from jasyl.texts import Language, Refusal, say

from .boundaries import Boundaries, Boundary, Level
from .projection import WGS84, project
from .regions import LonLat, Region, region

Codes = NDArray[np.object_]
# How far outside its region a place may lie before anything is said: what the borders themselves leave open. Official
# files are drawn at about 1:1 000 000 (a line of 0.5 mm is 500 m); for the schematic ones see docs/places.md.
TOLERANCE_KM = {"official": 0.5, "schematic": 10.0}


@dataclass(frozen=True)
class Placement:
    """Whether a point lies in the region or district (``level``) somebody declared.

    ``status`` is ``ok``, ``warning`` (outside, by borders that are only schematic) or ``refused`` (outside, by official
    ones, or not in the country). ``found`` is the unit it lies in, None outside of all; ``distance_km`` the
    way to the border of the declared unit, 0 inside. ``swapped`` says that longitude and latitude were exchanged:
    the point lies in the country only the other way round.
    """

    status: Literal["ok", "warning", "refused"]
    declared: str
    found: str | None
    distance_km: float
    swapped: bool
    place: LonLat
    level: Level = "region"

    @property
    def refusal(self) -> Refusal | None:
        """What to raise under ``refused``: ``place-swapped``, ``place-outside-region``, ``place-outside-district``."""
        return Refusal(self._code, **self._arguments()) if self.status == "refused" else None

    def text(self, language: Language) -> str | None:
        """The sentence for a reader, None when all is well."""
        if self.status == "ok":
            return None
        if self.status == "refused":
            return Refusal(self._code, **self._arguments()).text(language)
        return say(language, f"place-warning-outside-{self.level}", **self._arguments())

    @property
    def _code(self) -> str:
        return "place-swapped" if self.swapped else f"place-outside-{self.level}"

    def _arguments(self) -> dict[str, Any]:
        return {
            "received": f"{self.place.lon:.5f}, {self.place.lat:.5f}",
            "declared": self.declared,
            "distance": f"{self.distance_km:.0f}" if self.distance_km >= 10 else f"{self.distance_km:.1f}",
            "found": self.found or "—",
        }


class Locator:
    """Answers for one set of boundaries; build it once per set and keep it."""

    def __init__(self, boundaries: Boundaries) -> None:
        self.boundaries = boundaries

    @cached_property
    def _regions(self) -> "_Layer":
        return _Layer(self.boundaries, "region")

    @cached_property
    def _districts(self) -> "_Layer":
        return _Layer(self.boundaries, "district")

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Codes, Codes]:
        """Region and district codes of points in degrees, one array each, None where there is none.

        A point on a common border goes to the unit of the lower code. Points that are NaN or infinite have no place.
        """
        x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        return self._regions.codes_of(x, y), self._districts.codes_of(x, y)

    def region_of(self, lon: float, lat: float) -> str | None:
        """The ISO code of the region of one point."""
        return self._regions.codes_of(np.array([lon]), np.array([lat]))[0]

    def distance_km(self, lon: float, lat: float, code: str) -> float:
        """Geodesic distance on WGS 84 from a point to a region or district, in km; 0 inside it."""
        shape = self.boundaries.unit(code).shape
        point = shapely.Point(lon, lat)
        if shapely.intersects(shape, point):
            return 0.0
        # In the azimuthal equidistant projection around the point, distances from it are geodesic ones.
        around = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +datum=WGS84"
        border = project(_near(shape, point).boundary, WGS84, around)
        return float(border.distance(shapely.Point(0, 0))) / 1000

    def check_place(self, lon: float, lat: float, declared: Region | str) -> Placement:
        """Whether a point lies in the region it was declared for.

        Outside the country, or within it only when longitude and latitude change places, it is refused under any
        borders. Raises Refusal ``unknown-region`` for a code that is none, ``not-coordinates`` for values that are no
        longitude and latitude in degrees.
        """
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            if not (-90 <= lon <= 90 and -180 <= lat <= 180):
                raise Refusal("not-coordinates", received=f"{lon}, {lat}")
            return Placement("refused", _iso(declared), None, 0.0, swapped=True, place=LonLat(lon, lat))
        iso = _iso(declared)
        found = self.region_of(lon, lat)
        place = LonLat(lon, lat)
        if found == iso:
            return Placement("ok", iso, found, 0.0, swapped=False, place=place)
        distance = self.distance_km(lon, lat, iso)
        if distance <= TOLERANCE_KM[self.boundaries.precision]:
            return Placement("ok", iso, found, distance, swapped=False, place=place)
        swapped = found is None and -90 <= lon <= 90 and self.region_of(lat, lon) is not None
        lost = swapped or (found is None and distance > FAR_KM)
        status = "refused" if lost or self.boundaries.precision == "official" else "warning"
        return Placement(status, iso, found, distance, swapped=swapped, place=place)

    def check_district(self, lon: float, lat: float, declared: str) -> Placement:
        """Whether a point lies in the district of a code. Raises Refusal ``unknown-boundary`` for an unknown code."""
        found = self._districts.codes_of(np.array([lon]), np.array([lat]))[0]
        place = LonLat(lon, lat)
        distance = 0.0 if found == declared else self.distance_km(lon, lat, declared)
        if distance <= TOLERANCE_KM[self.boundaries.precision]:
            return Placement("ok", declared, found, distance, swapped=False, place=place, level="district")
        status = "refused" if self.boundaries.precision == "official" else "warning"
        return Placement(status, declared, found, distance, swapped=False, place=place, level="district")


@lru_cache(maxsize=4)
def locator_of(boundaries: Boundaries) -> Locator:
    """The locator of a set of boundaries, made once; ``current`` gives the same set until another is imported."""
    return Locator(boundaries)


# Farther than this from its region and in no other, a point is outside the country under any drawing of the borders.
FAR_KM = 100.0


def _iso(declared: Region | str) -> str:
    return declared.iso if isinstance(declared, Region) else region(declared).iso


def _near(shape: BaseGeometry, point: BaseGeometry) -> BaseGeometry:
    """The parts of a shape that can hold its nearest point, so that islets far away are not projected."""
    parts = shapely.get_parts(shape)
    if len(parts) == 1:
        return shape
    distances = shapely.distance(parts, point)
    # A degree of longitude is at least half a degree of latitude long between 40 and 60 degrees north.
    return shapely.MultiPolygon(list(parts[distances <= 2.5 * distances.min()]))


class _Layer:
    """The units of one level, prepared for many points."""

    def __init__(self, boundaries: Boundaries, level: Level) -> None:
        units: list[Boundary] = sorted(boundaries.of(level), key=lambda unit: unit.code)
        self.codes: Codes = np.array([unit.code for unit in units] + [None], dtype=object)
        self.shapes: NDArray[Any] = np.array([unit.shape for unit in units], dtype=object)
        shapely.prepare(self.shapes)
        self.boxes = shapely.bounds(self.shapes) if units else np.empty((0, 4))

    def codes_of(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Codes:
        owner = np.full(x.shape, len(self.shapes))
        usable = np.isfinite(x) & np.isfinite(y)
        for number in range(len(self.shapes) - 1, -1, -1):  # downwards, so that on a border the lower code wins
            west, south, east, north = self.boxes[number]
            inside = np.flatnonzero(usable & (x >= west) & (x <= east) & (y >= south) & (y <= north))
            if inside.size:
                hits = shapely.intersects_xy(self.shapes[number], x[inside], y[inside])
                owner[inside[hits]] = number
        return self.codes[owner]
