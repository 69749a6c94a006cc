"""What a planner may change about a wind turbine: its type or own power curve, height, losses."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..layer import Source
from ..layer_catalogue import read_record
from ..raster import load
from ..wind.bias import SpeedRatio, layer_ratio
from ..wind.build import METHOD
from ..wind.climate import WindClimate
from ..wind.curve_file import read_turbine
from ..wind.layers import CAPACITY_FACTOR, SPEED_100M, SPEED_MODELLED
from ..wind.turbine_yield import NO_LOSSES, Losses, turbine_yield
from ..wind.turbines import LICENCES, VERSIONS, Turbine
from .result import WIND, WIND_DIFFERENCE, Recomputed

# Points of a pasted curve: makers' sheets have some thirty; more would not fit an address.
MOST_POINTS = 120
_MEGAWATTS, _WATTS = re.compile(r"\b(MW|МВт)\b"), re.compile(r"\b(W|Вт)\b")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WindSettings:
    """Turbine, height of its hub (m), losses; whether the curve is corrected for the cells' air density, and speeds
    are scaled to the published mean at 100 m.
    """

    turbine: Turbine
    hub_height: float
    losses: Losses = NO_LOSSES
    density_correction: bool = True
    scaled: bool = False

    def as_data(self) -> dict[str, str]:
        """For records and JSON, as texts; a curve of one's own is written out in m/s and kW."""
        own = {"curve": written_curve(self.turbine)} if self.turbine.collection == "own" else {}
        losses = {name: getattr(self.losses, name) for name in ("wake", "availability", "electrical", "other")}
        return {
            "turbine": self.turbine.id, **own, "rated_w": f"{self.turbine.rated:.10g}",
            "hub_height": f"{self.hub_height:g}", **{name: f"{share:g}" for name, share in losses.items()},
            "density_correction": "yes" if self.density_correction else "no", "scaled": "yes" if self.scaled else "no",
        }  # fmt: skip


def pasted_turbine(text: str) -> Turbine:
    """The turbine of a curve that somebody pasted: two columns, m/s and kW, with or without a header line, or
    ``3:26,3.5:73`` as ``written_curve`` gives it. Raises Refusal ``recompute-curve`` and those of ``read_turbine``.
    """
    return read_turbine(_table(text).encode())


def written_curve(turbine: Turbine) -> str:
    """The curve in one line that fits an address: ``3:26,3.5:73``, m/s and kW."""
    points = zip(turbine.curve.speeds, turbine.curve.powers, strict=True)
    return ",".join(f"{speed:.10g}:{power / 1000:.10g}" for speed, power in points)


def scalable(folder: DataFolder) -> bool:
    """Whether a published mean speed at 100 m is there to scale to."""
    return read_record(folder, SPEED_100M.id) is not None


def wind_map(folder: DataFolder, climate: WindClimate, settings: WindSettings, unlost: Floats) -> Recomputed:
    """The answer: capacity factor less losses, %, beside the built layer where that is of the same weather."""
    weather = read_record(folder, SPEED_MODELLED.id)
    turbine, collection = settings.turbine, settings.turbine.collection
    curve = Source(
        name=VERSIONS[collection] or turbine.source, version="1", licence=LICENCES[collection] or "own",
        reference=turbine.source,
    )  # fmt: skip
    return Recomputed(
        layer=WIND,
        difference=WIND_DIFFERENCE,
        standard_layer=read_record(folder, CAPACITY_FACTOR.id) or CAPACITY_FACTOR,
        grid=climate.grid,
        values=(unlost * (100 * settings.losses.factor)).astype(np.float32)[None],
        standard=_standard(folder, climate),
        period=(weather.period or "") if weather else "",
        settings=settings.as_data(),
        sources=(*(weather.sources if weather else ()), curve),
        inputs={"weather": climate.digest},
        method=METHOD,
    )


def before_losses(folder: DataFolder, climate: WindClimate, settings: WindSettings) -> Floats:
    """Capacity factor [rows, columns] before losses, from the histograms. Raises Refusal ``layer-waiting`` and
    ``wind-bias…`` where speeds are to be scaled and cannot be."""
    ratio = np.nan_to_num(_ratio(folder, climate).values, nan=1.0) if settings.scaled else None
    density = climate.air_density() if settings.density_correction else None
    return turbine_yield(climate, settings.turbine.curve, settings.hub_height, bias=ratio, density=density)


def _ratio(folder: DataFolder, climate: WindClimate) -> SpeedRatio:
    return layer_ratio(load(folder, SPEED_100M.id), climate.mean_speed(), climate.grid)


def _standard(folder: DataFolder, climate: WindClimate) -> NDArray[np.float32] | None:
    built = read_record(folder, CAPACITY_FACTOR.id)
    if built is None or built.grid != climate.grid or built.inputs.get("weather") != climate.digest:
        return None
    raster = load(folder, CAPACITY_FACTOR.id)
    stored = raster.values
    return np.where(stored == raster.layer.nodata, np.nan, stored * float(raster.layer.scale)).astype(np.float32)


def _table(text: str) -> str:
    """What was pasted as a table with a header that says what its columns are."""
    text = text.strip()
    if ":" in text and "\n" not in text:
        text = text.replace(":", ";").replace(",", "\n")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_POINTS:
        raise Refusal("recompute-curve", received=str(len(lines)), expected=str(MOST_POINTS))
    rows = [_cells(line) for line in lines]
    if rows and not any(cell[:1].isdigit() for cell in rows[0]):
        named = _MEGAWATTS.search(lines[0]), _WATTS.search(lines[0])
        rows[0] = ["wind_speed [m/s]", f"power [{'MW' if named[0] else 'W' if named[1] else 'kW'}]"]
    else:
        rows.insert(0, ["wind_speed [m/s]", "power [kW]"])
    return "\n".join(";".join(row) for row in rows)


def _cells(line: str) -> list[str]:
    """The two cells of a line: apart by tab, semicolon or blanks; by a comma where nothing else parts them."""
    for mark in ("\t", ";"):
        if mark in line:
            return [cell.strip() for cell in line.split(mark)]
    cells = line.split()
    return cells if len(cells) > 1 else [cell.strip() for cell in line.split(",", 1)]
