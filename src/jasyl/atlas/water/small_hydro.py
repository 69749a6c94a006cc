"""Sites for small hydropower: for every intake the best place of the powerhouse down the river, none twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from . import river_kernels
from .hydropower import Assumptions, usable
from .network import Network
from .terrain import CM2

Floats = NDArray[np.float64]
# Upper limits in W. Mini and micro as UNIDO and ICSHP count them (World Small Hydropower Development Report);
# 10 MW is their limit of small, 35 MW the limit of support in Kazakhstan's law on renewable energy.
HydroClass = Literal["micro", "mini", "small", "medium", "large"]
CLASSES: tuple[tuple[HydroClass, float], ...] = (
    ("micro", 100e3),
    ("mini", 1e6),
    ("small", 10e6),
    ("medium", 35e6),
    ("large", float("inf")),
)
_ROUNDS = 8


@dataclass(frozen=True, kw_only=True)
class SiteSearch:
    """Which stretches count as sites, and how far one reaches.

    ``longest`` way along the river from intake to powerhouse, m; ``gradient``: a metre of way has to win so many metres
    of head, so the stretch ends where the river grows flat; ``least_capacity`` W; ``most`` sites, largest first.
    """

    longest: float = 5000.0
    gradient: float = 0.01
    least_capacity: float = 100e3
    most: int = 2000

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not 0 < value < 1e12:
                raise Refusal("hydro-assumption", received=f"{name} = {value:g}", expected="> 0")

    def written(self) -> str:
        return " ".join(f"{name}={value:g}" for name, value in vars(self).items())


@dataclass(frozen=True)
class Plant:
    """A hydro plant that stands or is planned, from the register."""

    key: str
    name: str
    longitude: float
    latitude: float
    capacity: float | None  # W


@dataclass(frozen=True)
class Site:
    """A stretch of river that a run-of-river plant could use; lengths in m, discharge m³/s, capacity W, energy GWh/a.

    ``cell`` is the intake's flat index on the terrain grid: the site's identity for one terrain model. ``cut`` says
    that the basin reaches over the edge of the map: the true discharge is larger. ``plant`` is the nearest plant.
    """

    cell: int
    reach: int
    longitude: float
    latitude: float
    powerhouse: tuple[float, float]
    way: float
    head: float
    area: float  # km² upstream
    discharge: float
    design: float
    capacity: float
    energy: float
    cut: bool
    plant: Plant | None = None
    plant_distance: float | None = None

    @property
    def kind(self) -> HydroClass:
        return class_of(self.capacity)


def class_of(capacity: float) -> HydroClass:
    """The class of a capacity in W; a class holds its lower limit, not its upper."""
    return next(name for name, upper in CLASSES if capacity < upper)


def find_sites(
    rivers: Network,
    assumptions: Assumptions,
    search: SiteSearch | None = None,
    plants: Sequence[Plant] = (),
) -> list[Site]:
    """The sites of a network, largest capacity first; no cell of a river serves two.

    For every intake the powerhouse stands where head less ``gradient`` times way is greatest. The largest capacity is
    taken first, then stretches are sought anew between those taken. Nearest of ``plants`` by geodesic distance.
    Raises Refusal ``runoff-missing``.
    """
    if rivers.volume is None:
        raise Refusal("runoff-missing")
    search = search or SiteSearch()
    use = usable(rivers, assumptions)
    taken = np.zeros(len(rivers), dtype=np.bool_)
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []
    for _ in range(_ROUNDS):
        house, way = river_kernels.best_stretch(
            rivers.below, rivers.step, rivers.height, taken, search.longest, search.gradient
        )
        head = rivers.height.astype(np.float64) - rivers.height[house].astype(np.float64)
        capacity = use.capacity(head, assumptions)
        fit = (
            (head >= assumptions.least_head)
            & (rivers.discharge >= assumptions.least_discharge)
            & (capacity >= search.least_capacity)
        )
        intakes = np.flatnonzero(fit)
        intakes = intakes[np.argsort(-capacity[intakes], kind="stable")]
        chosen = intakes[river_kernels.choose(intakes, rivers.below, house, taken)]
        if not len(chosen):
            break
        found.append((chosen, house[chosen], way[chosen]))
    if not found:
        return []
    intake, house, way = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _sites(rivers, assumptions, search, plants, intake, house, way)


def _sites(
    rivers: Network,
    assumptions: Assumptions,
    search: SiteSearch,
    plants: Sequence[Plant],
    intake: NDArray[np.int64],
    house: NDArray[np.int64],
    way: Floats,
) -> list[Site]:
    use = usable(rivers, assumptions)
    head = rivers.height[intake].astype(np.float64) - rivers.height[house].astype(np.float64)
    of_all = np.zeros(len(rivers))
    of_all[intake] = head
    capacity, energy = use.capacity(of_all, assumptions)[intake], use.energy(of_all, assumptions)[intake]
    order = np.lexsort((rivers.cell[intake], -capacity))[: search.most]
    reach = rivers.reach
    nearest = _nearest(rivers.centres[intake], plants)
    return [
        Site(
            cell=int(rivers.cell[intake[k]]),
            reach=int(reach[intake[k]]),
            longitude=float(rivers.centres[intake[k], 0]),
            latitude=float(rivers.centres[intake[k], 1]),
            powerhouse=(float(rivers.centres[house[k], 0]), float(rivers.centres[house[k], 1])),
            way=float(way[k]),
            head=float(head[k]),
            area=float(rivers.area[intake[k]]) / (CM2 * 1e6),
            discharge=float(rivers.discharge[intake[k]]),
            design=float(use.design[intake[k]]),
            capacity=float(capacity[k]),
            energy=float(energy[k]),
            cut=bool(rivers.cut[intake[k]]),
            plant=None if nearest is None else plants[int(nearest[0][k])],
            plant_distance=None if nearest is None else float(nearest[1][k]),
        )
        for k in order.tolist()
    ]


def _nearest(places: Floats, plants: Sequence[Plant]) -> tuple[NDArray[np.int64], Floats] | None:
    from pyproj import Geod  # noqa: PLC0415

    if not plants:
        return None
    geod: Any = Geod(ellps="WGS84")
    away = np.empty((len(plants), len(places)))
    for row, plant in enumerate(plants):
        here = np.full(len(places), plant.longitude), np.full(len(places), plant.latitude)
        away[row] = geod.inv(*here, places[:, 0], places[:, 1])[2]
    which = np.argmin(away, axis=0)
    return which, away[which, np.arange(len(places))]


def by_class(sites: Sequence[Site]) -> dict[HydroClass, tuple[int, float, float]]:
    """Number of sites, capacity W and energy GWh a year of each class, all classes in order."""
    return {
        name: (
            sum(site.kind == name for site in sites),
            sum(site.capacity for site in sites if site.kind == name),
            sum(site.energy for site in sites if site.kind == name),
        )
        for name, _ in CLASSES
    }
