"""Building the wind layers of a weather store into the data folder."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder, write_durably

from ..layer import BANDS, Layer, Source
from ..period import days
from ..raster import quantise, store_raster
from ..weather.bins import MONTHS, check_months
from ..weather.chunk import WeatherSource
from ..weather.fold import Progress
from .bias import SpeedRatio
from .capacity import Floats
from .climate import WindClimate, wind_climate
from .layers import CAPACITY_FACTOR, POWER_DENSITY_MODELLED, SPEED_MODELLED
from .turbine_yield import NO_LOSSES, Losses, turbine_yield
from .turbines import VERSIONS, Turbine

# Raise it whenever the same weather gives other numbers.
METHOD: Final = "wind-climate@1.0.0"
HEIGHT = 100.0
CLIMATE_FILE = "wind.climate"


@dataclass(frozen=True)
class Asked:
    """What the capacity factor is computed for; written in the layer's record."""

    turbine: Turbine
    hub_height: float | None = None
    losses: Losses = NO_LOSSES
    density_correction: bool = True


def build_wind(
    folder: DataFolder,
    source: WeatherSource,
    asked: Asked,
    *,
    sources: tuple[Source, ...],
    bias: SpeedRatio | None = None,
    cluster: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Layer]:
    """Build speed and power density at 100 m and the capacity factor of a turbine; gives the records, to be logged.

    ``sources`` say where the weather is from (name, version, licence). ``bias`` scales speeds to a published mean and
    is named in the records. The climate with its histograms is kept beside the layers (``load_climate``), so that
    another turbine needs no weather. Bands: the year and twelve months. Raises Refusal ``wind-fields``, ``hub-height``,
    ``weather-months`` unless every month of the year is covered, and those of ``fold``.
    """
    climate = wind_climate(source, height=HEIGHT, cluster=cluster, threads=threads, progress=progress)
    check_months(climate.months)
    ratio = None if bias is None else np.nan_to_num(bias.values, nan=1.0)
    with folder.locked("atlas"):
        kept = _keep(folder, climate)
        notes = () if bias is None else (f"speeds scaled: {bias.said}",)
        inputs = {"weather": source.digest, kept: sha256_hex((folder.atlas / kept).read_bytes())}
        draft = {
            "sources": sources, "period": days(climate.start, climate.end), "inputs": inputs,
            "resolution": source.grid.step, "grid": source.grid, "bands": BANDS, "state": "built",
        }  # fmt: skip
        factor = 1.0 if ratio is None else ratio
        speed = _bands(lambda month: climate.mean_speed(month=month) * factor)
        power = _bands(lambda month: climate.power_density(month) * factor**3)
        yearly = capacity_layer(climate, asked, ratio)
        turbine = asked.turbine
        said = (
            f"turbine: {turbine.id} ({VERSIONS[turbine.collection] or turbine.source}), "
            f"hub height {turbine.hub_height(asked.hub_height):g} m",
            f"total losses {1 - asked.losses.factor:.3f}; "
            f"density correction {'yes' if asked.density_correction else 'no'}",
        )
        return [
            _store(folder, replace(SPEED_MODELLED, **draft, method=METHOD, scale="0.01", notes=notes), speed),
            _store(folder, replace(POWER_DENSITY_MODELLED, **draft, method=METHOD, scale="1", notes=notes), power),
            _store(
                folder,
                replace(
                    CAPACITY_FACTOR, **{**draft, "bands": BANDS[:1]}, method=METHOD, scale="0.01", notes=(*said, *notes)
                ),
                yearly[None] * 100,
            ),
        ]


def capacity_layer(climate: WindClimate, asked: Asked, ratio: Floats | None = None) -> Floats:
    """Capacity factor [row, column] of what was asked for, from the histograms."""
    density = climate.air_density() if asked.density_correction else None
    height = asked.turbine.hub_height(asked.hub_height)
    return turbine_yield(climate, asked.turbine.curve, height, losses=asked.losses, bias=ratio, density=density)


def climate_file(folder: DataFolder) -> Path | None:
    """Where the wind climate was kept when the layers were built; None before. Its name holds its hash."""
    return max(folder.atlas.glob(f"{CLIMATE_FILE}.*.npz"), default=None)


def load_climate(folder: DataFolder) -> WindClimate | None:
    """The wind climate that was kept when the layers were built; None before."""
    from ..grid import Grid  # noqa: PLC0415

    kept = climate_file(folder)
    if kept is None:
        return None
    with np.load(kept, allow_pickle=False) as file:
        west, north, step, rows, columns = (int(value) for value in file["grid"])
        start, end = (int(value) for value in file["span"])
        altitude = file["altitude"]
        return WindClimate(
            Grid(west, north, step, rows, columns), float(file["height"]), start, end, str(file["digest"]),
            file["months"], file["sums"], file["hours"], file["histogram"], altitude if altitude.size else None,
        )  # fmt: skip


def _keep(folder: DataFolder, climate: WindClimate) -> str:
    """Write the climate as ``wind.climate.<hash>.npz``; gives the file's name. Older ones are removed."""
    grid = climate.grid
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        grid=np.array([grid.west, grid.north, grid.step, grid.rows, grid.columns]),
        span=np.array([climate.start, climate.end]),
        height=np.float64(climate.height),
        digest=np.array(climate.digest),
        months=climate.months,
        sums=climate.sums,
        hours=climate.hours,
        histogram=climate.histogram,
        altitude=np.zeros(0) if climate.altitude is None else climate.altitude,
    )
    content = buffer.getvalue()
    name = f"{CLIMATE_FILE}.{sha256_hex(content)[:16]}.npz"
    write_durably(folder.atlas / name, content)
    for older in folder.atlas.glob(f"{CLIMATE_FILE}.*.npz"):
        if older.name != name:
            older.unlink()
    return name


def _bands(of: Callable[[int | None], Floats]) -> Floats:
    """The year, then January to December."""
    return np.stack([of(None), *(of(month) for month in range(MONTHS))])


def _store(folder: DataFolder, draft: Layer, values: NDArray[np.float64]) -> Layer:
    return store_raster(folder, draft, quantise(values / float(draft.scale)))
