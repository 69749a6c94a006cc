"""Capacity factors from a weather source: the map, its months, years and hours of the day, and series of regions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..weather.bins import By, time_bins
from ..weather.chunk import WeatherChunk, WeatherSource
from ..weather.fold import Progress, fold
from ..weather.partials import Binned, Partials
from .curve_table import curve_table
from .power_curve import PowerCurve

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Law = Literal["logarithmic", "power"]
_LAWS: dict[str, int] = {"as-is": 0, "logarithmic": 1, "power": 2}
_PROFILES: dict[Law, str] = {"logarithmic": "roughness", "power": "wnd_shear_exp"}
_SPEED = re.compile(r"wnd(\d+)m")


@dataclass(frozen=True, eq=False)
class Regions:
    """A sparse matrix [region, cell] over the flat grid (rows from the north), as compressed rows."""

    starts: NDArray[np.int64]
    cells: NDArray[np.int64]
    weights: Floats

    @classmethod
    def of(cls, matrix: Any) -> "Regions":
        """From a scipy sparse matrix or a dense array."""
        if hasattr(matrix, "tocsr"):
            rows = matrix.tocsr()
            starts, cells, weights = rows.indptr, rows.indices, rows.data
        else:
            dense = np.asarray(matrix)
            regions, cells = np.nonzero(dense)
            starts, weights = np.searchsorted(regions, np.arange(len(dense) + 1)), dense[regions, cells]
        return cls(starts.astype(np.int64), cells.astype(np.int64), weights.astype(np.float64))

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True)
class HubWind:
    """How the speed at hub height is had: from which field, by which law, from which height to which (m)."""

    field: str
    law: Literal["as-is", "logarithmic", "power"]
    height: float
    hub_height: float

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,) if self.law == "as-is" else (self.field, _PROFILES[self.law])

    @property
    def change(self) -> float:
        """What the kernel multiplies with: ln(z / h), or log₂(z / h) for the power law."""
        ratio = self.hub_height / self.height
        return float(np.log2(ratio) if self.law == "power" else np.log(ratio))


def hub_wind(fields: Sequence[str], hub_height: float, law: Law = "logarithmic") -> HubWind:
    """The field of speed nearest to hub height among ``fields``, taken as it is when it is that height.

    As atlite chooses (whole metres of hub height). Raises Refusal ``wind-fields`` when a needed field is not there.
    """
    heights = [float(found[1]) for name in fields if (found := _SPEED.fullmatch(name))]
    if not heights:
        raise Refusal("wind-fields", received=", ".join(fields), expected="wnd100m")
    if int(hub_height) in heights:
        return HubWind(f"wnd{int(hub_height)}m", "as-is", float(int(hub_height)), hub_height)
    height = min(heights, key=lambda one: abs(one - hub_height))
    if _PROFILES[law] not in fields:
        raise Refusal("wind-fields", received=", ".join(fields), expected=_PROFILES[law])
    return HubWind(f"wnd{height:g}m", law, height, hub_height)


@dataclass(frozen=True, eq=False)
class CapacityKernel:
    """Output per unit of rated power of one turbine.

    Gives ``binned["output"]`` (sums) and ``binned["hours"]`` (counts) [bin, row · column] by ``by``, and where there
    are ``regions`` ``series["output"]`` [region, time], in which a region with a missing cell is missing (NaN).
    ``bias`` [row · column] multiplies speeds. ``cells`` adds ``series["cells"]`` [row · column, time], for small
    windows.
    """

    curve: PowerCurve
    wind: HubWind
    by: By | None = "whole"
    regions: Regions | None = None
    bias: Singles | None = None
    cells: bool = False
    fields: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", self.wind.fields)

    def run(self, chunk: WeatherChunk) -> Partials:
        from .capacity_loop import capacity  # noqa: PLC0415  (loads LLVM)

        speed, scales = flat(chunk, self.wind.field)
        shape, more = flat(chunk, self.fields[-1])
        steps, cells = speed.shape
        bins = time_bins(chunk, self.by or "whole")
        sums = np.zeros((len(bins.labels) if self.by else 0, cells))
        counts = np.zeros(sums.shape, np.int32)
        regions = self.regions or Regions(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0))
        series = np.zeros((len(regions), steps))
        out = np.empty((steps if self.cells else 0, cells), np.float32)
        table = curve_table(self.curve)
        capacity(speed.dtype.name, shape.dtype.name)(
            speed, shape, np.array([*scales, *more], np.float32),
            _LAWS[self.wind.law], np.float32(self.wind.change), np.float32(np.log(self.wind.height)),
            np.ones(cells, np.float32) if self.bias is None else self.bias,
            np.float32(1 / table.width), table.base, table.slope, table.knot, table.base2, table.slope2, table.whole,
            bins.index, sums, counts, regions.starts, regions.cells, regions.weights, series, out,
            np.empty(cells, np.float32), np.empty(cells, np.float32),
        )  # fmt: skip
        found: dict[str, NDArray[Any]] = {"output": series} if self.regions else {}
        if self.cells:
            found["cells"] = out.T
        binned = {"output": Binned(bins.labels, sums), "hours": Binned(bins.labels, counts.astype(np.int64))}
        return Partials(chunk.start, chunk.end, binned=binned if self.by else {}, series=found)


def flat(chunk: WeatherChunk, name: str) -> tuple[NDArray[Any], tuple[float, float]]:
    """A field as [time, cell] (one row when it is constant) with its scale and offset."""
    stored = chunk.fields[name]
    values = np.ascontiguousarray(stored).reshape(len(stored) if stored.ndim == 3 else 1, -1)
    return values, chunk.packing[name] if values.dtype == np.int16 else (1.0, 0.0)


@dataclass(frozen=True, eq=False)
class CapacityFactors:
    """Mean output per unit of rated power by bin of time: ``values`` [bin, row, column], NaN where no hour is known.

    ``hours`` [bin, row, column] counts the hours behind a value; ``labels`` are those of ``time_bins``.
    """

    labels: NDArray[np.int64]
    values: Floats
    hours: NDArray[np.int64]

    @property
    def mean(self) -> Floats:
        """The mean over all hours, [row, column]."""
        known = np.nan_to_num(self.values) * self.hours
        return _divide(known.sum(axis=0), self.hours.sum(axis=0))

    def grouped(self, keys: NDArray[np.int64]) -> "CapacityFactors":
        """Bins of the same key together, their hours weighted: months of all years (labels % 12), and the like."""
        found, place = np.unique(keys, return_inverse=True)
        sums = np.zeros((len(found), *self.values.shape[1:]))
        hours = np.zeros(sums.shape, np.int64)
        np.add.at(sums, place, np.nan_to_num(self.values) * self.hours)
        np.add.at(hours, place, self.hours)
        return CapacityFactors(found, _divide(sums, hours), hours)


def capacity_factors(
    source: WeatherSource,
    curve: PowerCurve,
    hub_height: float,
    *,
    law: Law = "logarithmic",
    by: By = "whole",
    bias: NDArray[Any] | None = None,
    start: int | None = None,
    end: int | None = None,
    cluster: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> CapacityFactors:
    """Capacity factors of ``curve`` at ``hub_height`` (m above ground) in every cell, by bin of local time (UTC+5).

    ``bias`` [row, column] multiplies speeds (see ``bias.speed_ratio``). The other arguments are those of ``fold``.
    Raises Refusal ``wind-fields``, ``power-curve-close`` and those of ``fold``.
    """
    wind = hub_wind(source.fields, hub_height, law)
    ratio = None if bias is None else np.ascontiguousarray(bias, np.float32).reshape(-1)
    kernel = CapacityKernel(curve, wind, by, bias=ratio)
    found = fold(source, kernel, start=start, end=end, cluster=cluster, threads=threads, progress=progress)
    shape = (-1, *source.grid.shape)
    output, hours = found.binned["output"], found.binned["hours"].values.reshape(shape)
    return CapacityFactors(output.labels, _divide(output.values.reshape(shape), hours), hours)


def regional_output(
    source: WeatherSource, curve: PowerCurve, hub_height: float, regions: Regions, *, law: Law = "logarithmic",
    start: int | None = None, end: int | None = None, cluster: str | None = None, threads: int | None = None,
) -> Floats:  # fmt: skip
    """Hourly output of regions [region, time]: the matrix's weights times output per unit of their cells."""
    kernel = CapacityKernel(curve, hub_wind(source.fields, hub_height, law), None, regions)
    return fold(source, kernel, start=start, end=end, cluster=cluster, threads=threads).series["output"]


def _divide(sums: Floats, hours: NDArray[np.int64]) -> Floats:
    return np.divide(sums, hours, out=np.full(sums.shape, np.nan), where=hours > 0)
