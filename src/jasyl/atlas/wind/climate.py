"""The wind climate of each cell: means and histograms from which any turbine's yield follows without the weather."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..grid import Grid
from ..weather.bins import time_bins
from ..weather.chunk import WeatherChunk, WeatherSource
from ..weather.fold import Progress, fold
from ..weather.partials import Binned, Partials
from .capacity import flat, hub_wind
from .density import DRY_AIR, LAPSE, SEA_LEVEL_TEMPERATURE, pressure_at
from .weibull import from_moments

Floats = NDArray[np.float64]
WIDTH = 0.1  # m/s between the nodes of a histogram
NODES = 401  # the last, 40 m/s, stands for all above: no turbine runs there
MONTHS = 12


@dataclass(frozen=True, eq=False)
class ClimateKernel:
    """Sums of the wind at the height of ``speed``, by month of the year, and the histogram.

    ``binned["sums"]`` [month, 5, cell]: v, v², v³, v / ln(h / z₀), v³ / T; ``binned["hours"]`` [month, cell];
    ``totals["histogram"]`` [cell, node]. Without ``temperature`` the standard's at ``altitude`` (m) is taken.
    """

    speed: str
    height: float
    temperature: bool
    fields: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = (self.speed, "roughness", "temperature") if self.temperature else (self.speed, "roughness")
        object.__setattr__(self, "fields", names)

    def run(self, chunk: WeatherChunk) -> Partials:
        from . import climate_kernels as kernels  # noqa: PLC0415

        speed, scales = flat(chunk, self.speed)
        roughness, more = flat(chunk, "roughness")
        constant = np.full((1, speed.shape[1]), SEA_LEVEL_TEMPERATURE, np.float32)
        warmth, last = flat(chunk, "temperature") if self.temperature else (constant, (1.0, 0.0))
        bins = time_bins(chunk, "month")
        months, place = np.unique(bins.labels[bins.index] % MONTHS, return_inverse=True)
        sums = np.zeros((len(months), 5, speed.shape[1]))
        hours = np.zeros((len(months), speed.shape[1]), np.int32)
        packing = np.array([*scales, *more, *last], np.float32)
        kernels.climate(
            speed, roughness, warmth, packing, np.float32(np.log(self.height)), place.astype(np.int64), sums, hours
        )
        weights = np.zeros((speed.shape[1], NODES), np.uint32)
        kernels.histogram(speed, np.float32(scales[0]), np.float32(scales[1]), np.float32(1 / WIDTH), weights)
        binned = {"sums": Binned(months, sums), "hours": Binned(months, hours.astype(np.int64))}
        return Partials(chunk.start, chunk.end, {"histogram": weights}, binned)


@dataclass(frozen=True, eq=False)
class WindClimate:
    """The wind of each cell at ``height`` (m above ground) over [start, end), µs UTC; a cell is row · columns + column.

    ``months`` 0–11 are those that occur, ``hours`` [month, cell] the hours behind them, ``sums`` [month, 5, cell] as in
    ClimateKernel. ``histogram`` [cell, node] holds each hour divided between the two tenths of a m/s beside its speed,
    in parts of 1/4096: for a power curve whose points lie on tenths, its product with the curve is the sum over the
    hours themselves, but for the tenth in which a cut-out lies. ``altitude`` [cell] is m above the sea, None where
    unknown. ``digest`` names the weather.
    """

    grid: Grid
    height: float
    start: int
    end: int
    digest: str
    months: NDArray[np.int64]
    sums: Floats
    hours: NDArray[np.int64]
    histogram: NDArray[np.uint32]
    altitude: Floats | None = None

    @cached_property
    def last_nodes(self) -> NDArray[np.int64]:
        """The last node of each cell's histogram that holds anything; −1 for a cell without hours."""
        held = self.histogram > 0
        return np.where(held.any(axis=1), NODES - 1 - np.argmax(held[:, ::-1], axis=1), -1).astype(np.int64)

    def _mean(self, number: int, month: int | None = None) -> Floats:
        picked = slice(None) if month is None else self.months == month
        hours = self.hours[picked].sum(axis=0)
        sums = self.sums[picked, number].sum(axis=0)
        found = np.divide(sums, hours, out=np.full(sums.shape, np.nan), where=hours > 0)
        return found.reshape(self.grid.shape)

    def mean_speed(self, hub_height: float | None = None, month: int | None = None) -> Floats:
        """Mean speed (m/s) [row, column] at any height by the logarithmic law, of all months or of ``month`` 0–11.

        Exact for every height: v (1 + ln(z/h) / ln(h/z₀)) is linear in two sums that are kept.
        """
        rise = 0.0 if hub_height is None else np.log(hub_height / self.height)
        return self._mean(0, month) + rise * self._mean(3, month)

    def power_density(self, month: int | None = None) -> Floats:
        """Mean power of the wind (W/m²) at ``height``, with each hour's air density.

        Density: the hour's temperature, and the standard atmosphere's pressure at the cell's altitude + ``height``.
        """
        above_sea = self.height + (0.0 if self.altitude is None else self.altitude.reshape(self.grid.shape))
        # The temperature is that 2 m above ground; aloft it is a little colder.
        warmth = 1 - LAPSE * (self.height - 2) / SEA_LEVEL_TEMPERATURE
        return 0.5 * pressure_at(above_sea) / (DRY_AIR * warmth) * self._mean(4, month)

    def air_density(self) -> Floats:
        """Mean density (kg/m³) at ``height`` as the wind's energy meets it: 2 P / mean v³."""
        return 2 * self.power_density() / self._mean(2)

    def weibull(self, month: int | None = None) -> tuple[Floats, Floats]:
        """Scale A (m/s) and shape k [row, column] that keep mean speed and mean cube at ``height``."""
        return from_moments(self._mean(0, month), self._mean(2, month))

    def shear(self) -> Floats:
        """1 / ln(h / z₀) [cell], each hour weighted by its speed: the factor to z is 1 + shear · ln(z / h)."""
        speed, lean = self._mean(0).ravel(), self._mean(3).ravel()
        return np.divide(lean, speed, out=np.zeros(speed.shape), where=speed > 0)


def wind_climate(
    source: WeatherSource,
    *,
    height: float = 100,
    start: int | None = None,
    end: int | None = None,
    cluster: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> WindClimate:
    """Means and histograms of the wind of every cell, from one pass over the weather.

    Raises Refusal ``wind-fields`` when there is no speed at ``height`` or no roughness, and those of ``fold``.
    """
    wind = hub_wind(source.fields, height)
    if wind.law != "as-is" or "roughness" not in source.fields:
        raise Refusal("wind-fields", received=", ".join(source.fields), expected=f"wnd{height:g}m, roughness")
    kernel = ClimateKernel(wind.field, height, "temperature" in source.fields)
    found = fold(source, kernel, start=start, end=end, cluster=cluster, threads=threads, progress=progress)
    altitude = None
    if "height" in source.fields:
        altitude = source.read(0, ("height",)).unpacked("height").astype(np.float64).ravel()
    sums, hours = found.binned["sums"], found.binned["hours"].values
    return WindClimate(
        source.grid, height, found.start, found.end, source.digest, sums.labels, sums.values, hours,
        found.totals["histogram"], altitude,
    )  # fmt: skip
