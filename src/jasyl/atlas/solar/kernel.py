"""The solar kernel: irradiance on the ground and on panels, and what panels give, folded over chunks of weather."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..weather.bins import UTC_OFFSET, By, TimeBins, time_bins
from ..weather.chunk import WeatherChunk
from ..weather.partials import Binned, Partials
from ..weather.regions import RegionMatrix, no_regions
from .mounting import Mounting
from .panels import Panel, panel_of
from .position import sun_terms

# W/m² but for power, which is relative to the panel's rating; panel_heat is gti times the panel's temperature (K).
Output = Literal["ghi", "dhi", "dni", "gti", "power", "panel_heat"]
OUTPUTS: tuple[Output, ...] = ("ghi", "dhi", "dni", "gti", "power", "panel_heat")
# How light is split where only its sum is known (Reindl): simple by clearness, enhanced also by warmth and humidity.
ClearskyModel = Literal["simple", "enhanced"]
# Light of the sky on a tilted surface: the same from everywhere, or brighter about the sun (Hay and Davies, Reindl).
Sky = Literal["isotropic", "hay-davies"]

# Light may fall in an hour whose middle is dark: half an hour turns the sun by 7.5°.
_DEGREES_AN_HOUR = 15.0
_LOWEST_TILTED = 1.0


@dataclass(frozen=True, eq=False)
class SolarKernel:
    """Sums of ``outputs`` per cell and bin of time, and region or cell series where asked.

    Partials: ``binned[output]`` sums [bins, rows, columns] in double precision over the intervals that are known,
    ``binned["missing-" + output]`` how many daylight intervals are not, ``binned["steps"]`` how many there are in all;
    ``series[output]`` [regions, time] weighted sums and ``series["lost-" + output]`` the weight of missing cells;
    with ``cells`` also ``series["cells-" + output]`` [rows, columns, time], NaN where missing.
    """

    fields: tuple[str, ...]
    panel: Panel
    mounting: Mounting
    outputs: tuple[Output, ...] = ("power",)
    by: By = "month"
    utc_offset: int = UTC_OFFSET
    sky: Sky = "isotropic"
    clearsky_model: ClearskyModel | None = None
    regions: RegionMatrix | None = None
    maps: bool = True
    cells: bool = False

    def run(self, chunk: WeatherChunk) -> Partials:
        """The partials of one chunk."""
        from .pass_loop import WORK, blocks_of, pass_over, room  # noqa: PLC0415  (loads LLVM)

        grid, steps, count = chunk.grid, chunk.steps, len(self.outputs)
        bins = time_bins(chunk, self.by, self.utc_offset)
        matrix = self.regions or no_regions(grid)
        sun = sun_terms(chunk.start, chunk.step, steps)
        cosines, sines = sun.at_longitudes(grid.longitudes)
        size = grid.rows * grid.columns
        sums = np.zeros((count, len(bins.labels) if self.maps else 0, size))
        missing = np.zeros(sums.shape, np.int32)
        cube = np.zeros((count, steps if self.cells else 0, size), np.float32)
        series = np.zeros((count, matrix.count, steps))
        lost = np.zeros_like(series)
        fields, packing = self._arranged(chunk)
        blocks = blocks_of(*grid.shape)
        highest = np.maximum.reduceat(cosines, np.unique(blocks[:, 2]).astype(np.intp), axis=1)[:, blocks[:, 2] // WORK]
        places = self.mounting.coefficients(grid.latitudes)
        pass_over(tuple(values.dtype.name for values in fields))(
            *fields, packing, sun.declination_sine, sun.declination_cosine, cosines, sines, places,
            self.mounting.limits, self._choices(), self.panel.coefficients(), self._dark(chunk), self._numbers(),
            blocks, np.ascontiguousarray(highest), bins.index, sums, missing, cube,
            matrix.starts, matrix.columns, matrix.regions, matrix.weights, series, lost, *room(places.shape[2]),
        )  # fmt: skip
        return self._partials(chunk, bins, sums, missing, cube, series, lost)

    def _partials(self, chunk: WeatherChunk, bins: TimeBins, *found: NDArray[Any]) -> Partials:
        sums, missing, cube, series, lost = found
        binned = {"steps": Binned(bins.labels, bins.counts)}
        joined: dict[str, NDArray[Any]] = {}
        for number, output in enumerate(self.outputs):
            if self.maps:
                binned[output] = Binned(bins.labels, sums[number].reshape(-1, *chunk.grid.shape))
                binned[f"missing-{output}"] = Binned(bins.labels, missing[number].reshape(-1, *chunk.grid.shape))
            if self.regions is not None:
                joined[output], joined[f"lost-{output}"] = series[number], lost[number]
            if self.cells:
                joined[f"cells-{output}"] = cube[number].reshape(-1, *chunk.grid.shape).transpose(1, 2, 0)
        return Partials(chunk.start, chunk.end, {}, binned, joined)

    def _arranged(self, chunk: WeatherChunk) -> tuple[tuple[NDArray[Any], ...], NDArray[np.float32]]:
        """The six arrays that the pass reads, in its order, and their packing; what is absent repeats."""
        split = "influx" not in self.fields
        names = ["influx_direct" if split else "influx", "influx_diffuse", "influx_toa"]
        names += ["outflux" if "outflux" in self.fields else "albedo", "temperature", "humidity"]
        arrays: list[NDArray[Any]] = []
        packing = np.zeros((len(names), 2), np.float32)
        for number, name in enumerate(names):
            here = name if name in self.fields else names[0]
            values = np.broadcast_to(chunk.fields[here], (chunk.steps, *chunk.grid.shape)).reshape(chunk.steps, -1)
            arrays.append(np.ascontiguousarray(values))
            packing[number] = chunk.packing.get(here, (1.0, 0.0))
        return tuple(arrays), packing

    def _choices(self) -> NDArray[np.int64]:
        light = 0 if "influx" not in self.fields else 2 if "humidity" in self.fields else 1
        ground = int("outflux" in self.fields)
        sky, model = int(self.sky == "hay-davies"), int(self.panel.model == "bofinger")
        return np.array([light, ground, self.mounting.mode, sky, model])

    def _numbers(self) -> NDArray[np.int64]:
        return np.array([OUTPUTS.index(output) for output in self.outputs])

    def _dark(self, chunk: WeatherChunk) -> float:
        """Sine of the height of the mid-interval sun from which an interval is looked at."""
        if self.outputs[0] in {"ghi", "dhi"}:
            margin = _DEGREES_AN_HOUR / 2 * chunk.step / 3_600_000_000 + 1
            return float(np.sin(np.radians(-min(margin, 90))))
        return float(np.sin(np.radians(_LOWEST_TILTED)))


def solar_kernel(
    available: Sequence[str],
    *,
    panel: str | Panel = "CSi",
    mounting: Mounting | None = None,
    outputs: Sequence[Output] = ("power",),
    clearsky_model: ClearskyModel | None = None,
    **options: Any,
) -> SolarKernel:
    """The kernel for a source that has the fields ``available``: light in parts or as a sum, albedo or outflux.

    As in atlite a sum wins over parts, and is split by the enhanced model where temperature and humidity are at hand
    unless ``clearsky_model`` says otherwise. Raises Refusal ``panel-unknown``, ``output-unknown``; what is missing of
    the fields is refused by the fold.
    """
    unknown = [output for output in outputs if output not in OUTPUTS]
    if unknown or not outputs:
        raise Refusal("output-unknown", received=", ".join(unknown), expected=", ".join(OUTPUTS))
    # In the order in which the pass makes them.
    chosen: tuple[Output, ...] = tuple(output for output in OUTPUTS if output in outputs)
    tilted = chosen[-1] in {"gti", "power", "panel_heat"}
    warm = chosen[-1] in {"power", "panel_heat"}
    if "influx" in available:
        model = clearsky_model or ("enhanced" if {"temperature", "humidity"} <= set(available) else "simple")
        fields = ["influx", "influx_toa", *(["temperature", "humidity"] if model == "enhanced" else [])]
    else:
        model = clearsky_model
        fields = ["influx_direct", "influx_diffuse", "influx_toa"]
    if tilted:
        fields.append("outflux" if "albedo" not in available and "outflux" in available else "albedo")
    if warm:
        fields.append("temperature")
    return SolarKernel(
        tuple(dict.fromkeys(fields)), panel_of(panel), mounting or Mounting(), chosen, clearsky_model=model, **options
    )
