"""What a check looks at: one series over a stretch of time on its full grid, with what is known around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..civil_time import DAY, HOUR, offsets
from ..segments import Readings
from ..series import SeriesDefinition

if TYPE_CHECKING:
    from jasyl.atlas.solar.position import SunTerms

Int = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


# What nominal power limits.
FROM_CAPACITY = frozenset({"electricity_generated", "heat_supplied"})


@dataclass(frozen=True, eq=False)
class Observed:
    """One series on every interval of its grid from the first to the last.

    ``start`` µs UTC; ``reading`` the stored values in the base unit (registers of a counter), NaN where missing;
    ``rate`` what passed, per hour (of a mean its value: W, W/m²), NaN where missing or where a register fell;
    ``received`` when the reading came (µs UTC, 0 where missing). ``family`` is the technology's family on maps,
    ``place`` (longitude, latitude). ``irradiance`` (W/m²) and ``wind`` (m/s) come from companions of the same facility,
    ``parts`` is the sum of the rates of the meters that this one contains, ``twins`` the rates of other meters of the
    same quantity, by key; all on the same grid. ``day_edges`` keeps what checks by the sun reckon of it, by their edge.
    """

    series: SeriesDefinition
    start: Int
    reading: Floats
    rate: Floats
    received: Int
    family: str = ""
    place: tuple[float, float] | None = None
    irradiance: Floats | None = None
    wind: Floats | None = None
    parts: Floats | None = None
    twins: Mapping[str, Floats] = field(default_factory=dict[str, Floats])
    day_edges: dict[float, Any] = field(default_factory=dict[float, Any], init=False, repr=False)

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def there(self) -> Bools:
        """Where a reading stands."""
        return ~np.isnan(self.reading)

    @cached_property
    def capacity(self) -> float | None:
        """Nominal power in the unit of ``rate``; known for what a facility of known power gives."""
        nominal = self.series.capacity_base
        given = self.series.quantity in FROM_CAPACITY and self.series.unit.dimension in {"energy", "power"}
        return float(nominal) if nominal and given else None

    @property
    def hours(self) -> float:
        """Length of an interval in hours."""
        return self.series.interval / HOUR

    @cached_property
    def local(self) -> Int:
        """Starts in the civil time of the series, µs."""
        return self.start + offsets(self.start, self.series.time_zone)

    @cached_property
    def day(self) -> Int:
        """Position of the civil day of each interval, 0 for the first."""
        days = self.local // DAY
        return days - days[0]

    @cached_property
    def slot(self) -> Int:
        """Position of each interval within its civil day."""
        return np.minimum(self.local % DAY // self.series.interval, self.slots - 1)

    @property
    def slots(self) -> int:
        """Intervals of a civil day."""
        return max(DAY // self.series.interval, 1)

    @cached_property
    def weekday(self) -> Int:
        """Of each civil day, 0 is Monday (1970-01-01 was a Thursday)."""
        first = int(self.local[0] // DAY)
        return (np.arange(int(self.day[-1]) + 1) + first + 3) % 7

    def by_day(self, values: Floats) -> Floats:
        """``values`` as a matrix [civil day, slot], NaN where none; of a repeated hour the later."""
        matrix = np.full((int(self.day[-1]) + 1, self.slots), np.nan)
        matrix[self.day, self.slot] = values
        return matrix

    @cached_property
    def rates(self) -> Floats:
        """``rate`` as [civil day, slot]."""
        return self.by_day(self.rate)

    @cached_property
    def level(self) -> float:
        """The level that is high for this series: the 99th percentile of the rates above zero; NaN without any."""
        running = self.rate[self.rate > 0]
        return float(np.percentile(running, 99)) if len(running) else float("nan")

    @cached_property
    def sun(self) -> "Sun | None":
        """The sun over the place; None without a place or for days as intervals."""
        if self.place is None or self.series.interval >= DAY:
            return None
        return sun_over(self.start, self.series.interval, *self.place)


@dataclass(frozen=True)
class Sun:
    """True elevation of the sun in degrees in the middle of each interval, and the highest and lowest within it."""

    middle: Floats
    highest: Floats
    lowest: Floats

    @cached_property
    def clear(self) -> Floats:
        """Horizontal irradiance of a clear sky in the middle of each interval, W/m²."""
        return clear_sky(self.middle)


@lru_cache(maxsize=8)
def _terms(first: int, step: int, count: int) -> "SunTerms":
    """Many series share a grid: what of the sun is the same for all places is reckoned once."""
    from jasyl.atlas.solar.position import sun_terms  # noqa: PLC0415  (the atlas is wanted here only)

    return sun_terms(first, step, count)


def elevations(first: int, step: int, count: int, lon: float, lat: float) -> Floats:
    """True elevation of the sun in degrees in the middle of each of ``count`` intervals from ``first`` (µs UTC)."""
    from jasyl.atlas.solar.position import elevation  # noqa: PLC0415

    return elevation(_terms(first, step, count), lon, lat)


def clear_sky(elevation: Floats) -> Floats:
    """Horizontal irradiance of a clear sky, W/m²: B. Haurwitz, J. Meteorology 2 (1945) 154."""
    height = np.sin(np.radians(np.clip(elevation, 0.01, None)))
    return np.where(elevation > 0, 1098 * height * np.exp(-0.057 / height), 0.0)


def sun_over(start: Int, interval: int, lon: float, lat: float) -> Sun:
    """The sun over a place at the intervals of a regular grid."""
    count = len(start)
    middle = elevations(int(start[0]), interval, count, lon, lat)
    edges = elevations(int(start[0]) - interval // 2, interval, count + 1, lon, lat)
    return Sun(
        middle,
        np.maximum(middle, np.maximum(edges[:-1], edges[1:])),
        np.minimum(middle, np.minimum(edges[:-1], edges[1:])),
    )


def grid_of(first: int, last: int, series: SeriesDefinition) -> Int:
    """Every interval start of the series from ``first`` to ``last`` (both on its grid, µs UTC)."""
    if series.interval < DAY:
        return np.arange(first, last + 1, series.interval, dtype=np.int64)
    ends = np.array([first, last], np.int64)
    local = ends + offsets(ends, series.time_zone)
    days = np.arange(local[0], local[1] + 1, DAY, dtype=np.int64)
    # Local midnight to UTC: the offset at the instant that the offset of the first guess leads to.
    guess = days - offsets(days, series.time_zone)
    return days - offsets(guess, series.time_zone)


def on_grid(grid: Int, start: Int, values: NDArray[np.int64]) -> Floats:
    """``values`` at ``start`` laid on ``grid``; NaN where there is none. What is off the grid is left out."""
    laid = np.full(len(grid), np.nan)
    at = np.searchsorted(grid, start)
    inside = at < len(grid)
    inside[inside] = grid[at[inside]] == start[inside]
    laid[at[inside]] = values[inside]
    return laid


def rate_of(reading: Floats, series: SeriesDefinition) -> Floats:
    """Readings on a full grid as rates per hour; the last step of a counter is not known yet."""
    hours = series.interval / HOUR
    if series.kind == "mean":
        return reading
    if series.kind == "amount":
        return reading / hours
    step = np.full(len(reading), np.nan)
    step[:-1] = np.diff(reading) / hours
    return np.where(step < 0, np.nan, step)


def observed(series: SeriesDefinition, readings: Readings, received: Mapping[int, int], **around: object) -> Observed:
    """The readings of one series (newest revisions, sorted) on their grid; ``received`` by number of the delivery.

    ``around`` are the other fields of :class:`Observed`. There must be at least one reading.
    """
    grid = grid_of(int(readings.start[0]), int(readings.start[-1]), series)
    reading = on_grid(grid, readings.start, readings.value) / 10**series.scale
    numbers, which = np.unique(readings.source, return_inverse=True)
    moments = np.array([received.get(number, 0) for number in numbers.tolist()], np.int64)
    came = np.nan_to_num(on_grid(grid, readings.start, moments[which])).astype(np.int64)
    return Observed(series, grid, reading, rate_of(reading, series), came, **around)  # pyright: ignore[reportArgumentType]
