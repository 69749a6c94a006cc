"""Who lives near something: public transport (SDG 11.2.1), open public space (part of SDG 11.7.1).

The methodology of 11.2.1 (UN-Habitat, September 2021) walks along the streets: 500 m to a stop of low capacity (bus,
tram), 1 km to one of high capacity (rail, metro, ferry). Straight lines are never longer than streets, so they give an
upper bound; ``detour`` multiplies them by how much longer a walk is. Distances are on the WGS 84 ellipsoid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from jasyl.places.projection import WGS84, project
from jasyl.texts import Refusal

from ..share import Group, Share
from .arrays import worst

Floats = NDArray[np.float64]
LOW_CAPACITY_M = 500.0
HIGH_CAPACITY_M = 1000.0
OPEN_SPACE_M = 400.0
# Equatorial radius and square of the eccentricity of WGS 84.
_RADIUS = 6_378_137.0
_E2 = 6.69437999014e-3


@dataclass(frozen=True)
class Population:
    """People at points (n,), in degrees of WGS 84; ``groups`` counts those of a group at the same points.

    Raises Refusal ``sdg-shape``, ``sdg-persons`` (negative or missing numbers of people), ``not-coordinates``.
    """

    lon: Floats
    lat: Floats
    persons: Floats
    groups: Mapping[Group, Floats] = field(default_factory=dict[Group, Floats])

    def __post_init__(self) -> None:
        _check_places(self.lon, self.lat)
        for counted in (self.persons, *self.groups.values()):
            if counted.shape != self.lon.shape:
                raise Refusal("sdg-shape", received=str(counted.shape), expected=str(self.lon.shape))
            if not np.all(counted >= 0):
                raise Refusal("sdg-persons", received=worst(counted))

    @classmethod
    def of_grid(cls, counts: Floats, bounds: tuple[float, float, float, float]) -> "Population":
        """A raster of people (rows from north to south) over west, south, east, north, each cell at its centre.

        Cells without a number (NaN, or a negative marker of no data) are left out.
        """
        rows, columns = counts.shape
        west, south, east, north = bounds
        lon = west + (np.arange(columns) + 0.5) * (east - west) / columns
        lat = north - (np.arange(rows) + 0.5) * (north - south) / rows
        lons, lats = np.meshgrid(lon, lat)
        told = counts >= 0
        return cls(lons[told], lats[told], counts[told].astype(np.float64))


@dataclass(frozen=True)
class Stops:
    """Stops (m,) in degrees of WGS 84; ``high_capacity`` is true of rail, metro and ferry."""

    lon: Floats
    lat: Floats
    high_capacity: NDArray[np.bool_]

    def __post_init__(self) -> None:
        _check_places(self.lon, self.lat)
        if self.high_capacity.shape != self.lon.shape:
            raise Refusal("sdg-shape", received=str(self.high_capacity.shape), expected=str(self.lon.shape))


def transit_access(
    population: Population,
    stops: Stops,
    low: float = LOW_CAPACITY_M,
    high: float = HIGH_CAPACITY_M,
    detour: float = 1.0,
) -> Share:
    """SDG 11.2.1: people within ``low`` metres of a stop of low or ``high`` metres of one of high capacity.

    With ``high=500`` it is the U4SSC indicator EC.I.T.2A, which knows one distance for every stop.
    Raises Refusal ``sdg-distance``.
    """
    _check_distance(low, high, detour)
    near = np.zeros(len(population.lon), np.bool_)
    for reach, chosen in ((low, ~stops.high_capacity), (high, stops.high_capacity)):
        near |= _within(population, stops.lon[chosen], stops.lat[chosen], reach / detour)
    return _counted(population, near)


def open_space_access(
    population: Population, spaces: Sequence[BaseGeometry], reach: float = OPEN_SPACE_M, detour: float = 1.0
) -> Share:
    """Second part of SDG 11.7.1: people within ``reach`` metres of an open public space, those inside one included.

    With ``reach=300`` and green areas it is the U4SSC indicator EN.EN.PSN.2A. Raises Refusal ``sdg-distance``.
    """
    _check_distance(reach, detour)
    if not spaces or not len(population.lon):
        return _counted(population, np.zeros(len(population.lon), np.bool_))
    # Around the middle of a city of 60 km this projection tells distances to within four parts in a million.
    around = f"+proj=aeqd +lat_0={population.lat.mean()} +lon_0={population.lon.mean()} +datum=WGS84"
    shapes = project(np.array(spaces, dtype=object), WGS84, around)
    people = project(np.asarray(shapely.points(population.lon, population.lat)), WGS84, around)
    pairs = shapely.STRtree(shapes).query(people, predicate="dwithin", distance=reach / detour)
    near = np.zeros(len(population.lon), np.bool_)
    near[pairs[0]] = True
    return _counted(population, near)


def _within(population: Population, lon: Floats, lat: Floats, reach: float) -> NDArray[np.bool_]:
    from scipy.spatial import KDTree  # noqa: PLC0415

    if not len(lon) or not len(population.lon):
        return np.zeros(len(population.lon), np.bool_)
    # Through the ground instead of over it: at 1 km the chord is shorter by a thousandth of a millimetre.
    tree = KDTree(_geocentric(lon, lat))
    distance, _ = tree.query(_geocentric(population.lon, population.lat), distance_upper_bound=reach * (1 + 1e-9))
    return np.asarray(distance <= reach)


def _geocentric(lon: Floats, lat: Floats) -> Floats:
    east, north = np.radians(lon), np.radians(lat)
    normal = _RADIUS / np.sqrt(1 - _E2 * np.sin(north) ** 2)
    level = normal * np.cos(north)
    return np.column_stack((level * np.cos(east), level * np.sin(east), normal * (1 - _E2) * np.sin(north)))


def _counted(population: Population, near: NDArray[np.bool_]) -> Share:
    by = {group: Share(float(of[near].sum()), float(of.sum())) for group, of in population.groups.items()}
    return Share(float(population.persons[near].sum()), float(population.persons.sum()), by)


def _check_places(lon: Floats, lat: Floats) -> None:
    if lon.ndim != 1 or lon.shape != lat.shape:
        raise Refusal("sdg-shape", received=str(lat.shape), expected=str(lon.shape))
    if not (np.all(np.abs(lon) <= 180) and np.all(np.abs(lat) <= 90)):
        wrong = int(np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)))[0])
        raise Refusal("not-coordinates", received=f"{lon[wrong]}, {lat[wrong]}")


def _check_distance(*metres: float) -> None:
    for given in metres:
        if not 0 < given < 1e5:
            raise Refusal("sdg-distance", received=given)
