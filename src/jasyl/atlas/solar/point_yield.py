"""Solar resource and yield at a point: every hour, the means of months and of hours of the day, the years' spread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..grid import Grid
from ..weather.chunk import WeatherChunk, WeatherSource
from .kernel import Output, solar_kernel
from .mounting import Mounting
from .panels import NO_LOSSES, Losses, Panel
from .yields import Spread, annual_mean, monthly_means, profile, spread

Floats = NDArray[np.float64]
POINT_OUTPUTS: tuple[Output, ...] = ("ghi", "dhi", "dni", "gti", "power")


@dataclass(frozen=True, eq=False)
class PointYield:
    """What a point receives and gives, by output: W/m², and for ``power`` the capacity factor after losses.

    ``hours`` [time] from ``start`` (µs UTC) by ``step``; ``months`` [12]; ``profile`` [12, 24] by local hour; ``year``
    is the mean of the months. NaN where weather is missing. ``spread`` is that of ``power`` over whole years, before
    losses, with arrays [.., 1, 1].
    """

    start: int
    step: int
    hours: dict[Output, NDArray[np.float32]]
    months: dict[Output, Floats]
    profile: dict[Output, Floats]
    year: dict[Output, float]
    spread: Spread
    losses: Losses


def point_yield(
    source: WeatherSource,
    longitude: float,
    latitude: float,
    *,
    panel: str | Panel = "CSi",
    mounting: Mounting | None = None,
    losses: Losses = NO_LOSSES,
    start: int | None = None,
    end: int | None = None,
) -> PointYield:
    """The cell of a point over [start, end), from the series-wise chunks of a store.

    Raises Refusal ``point-outside``, ``weather-span-empty`` and ``panel-unknown``.
    """
    whole = source.grid
    cell = whole.cell(longitude, latitude)
    if cell is None:
        west, south, east, north = whole.written_bounds
        place = f"{longitude:g}, {latitude:g}"
        raise Refusal("point-outside", received=place, west=west, south=south, east=east, north=north)
    row, column = cell
    kernel = solar_kernel(
        source.fields, panel=panel, mounting=mounting, outputs=POINT_OUTPUTS, by="month-hour", cells=True
    )
    fields = {name: source.series(name, row, column, start, end)[:, None, None] for name in kernel.fields}
    late = 0 if start is None else max(-((source.start - start) // source.step), 0)
    first = source.start + late * source.step
    here = Grid(whole.west + column * whole.step, whole.north - row * whole.step, whole.step, 1, 1)
    chunk = WeatherChunk(here, first, source.step, fields)
    if not chunk.steps:
        raise Refusal("weather-span-empty", received="0", expected=str(source.steps))
    found = kernel.run(chunk)
    factors: dict[Output, float] = {output: losses.factor if output == "power" else 1.0 for output in POINT_OUTPUTS}
    return PointYield(
        found.start,
        source.step,
        {name: found.series[f"cells-{name}"][0, 0] * np.float32(factor) for name, factor in factors.items()},
        {name: monthly_means(found, name)[:, 0, 0] * factor for name, factor in factors.items()},
        {name: profile(found, name)[..., 0, 0] * factor for name, factor in factors.items()},
        {name: float(annual_mean(found, name)[0, 0]) * factor for name, factor in factors.items()},
        spread(found, "power", source.step / 3_600_000_000),
        losses,
    )
