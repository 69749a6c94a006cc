"""Building the solar layers of a weather store: irradiation on the ground and on panels, and what panels give."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..layer import BANDS, Layer, Source
from ..period import days
from ..raster import quantise, store_raster
from ..weather.bins import MONTHS, check_months
from ..weather.chunk import WeatherSource
from ..weather.fold import Progress, fold
from ..weather.partials import Partials
from .kernel import Output, Sky, solar_kernel
from .layers import DHI, DNI, GHI, GTI, PVOUT, PVOUT_P90
from .mounting import Mounting
from .panels import Losses, Panel, panel_of
from .panels import sheet as panel_sheet
from .yields import annual_mean, monthly_means, spread

# Raise it whenever the same weather gives other numbers; the golden test pins what a version gives.
METHOD: Final = "solar-yield/huld-bofinger@1.0.0"
_LAYER_OF: dict[Output, Layer] = {"ghi": GHI, "dni": DNI, "dhi": DHI, "gti": GTI, "power": PVOUT}
_HOURS_OF_DAY = 24
SCALE = "0.001"


@dataclass(frozen=True)
class Asked:
    """What gti and pvout are computed for; written in their records."""

    panel: str | Panel = "CSi"
    mounting: Mounting = field(default_factory=Mounting)
    losses: Losses = field(default_factory=Losses)
    sky: Sky = "isotropic"


def build_solar(
    folder: DataFolder,
    source: WeatherSource,
    asked: Asked | None = None,
    *,
    sources: tuple[Source, ...] | None = None,
    start: int | None = None,
    end: int | None = None,
    cluster: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Layer]:
    """Build ghi, dni, dhi, gti, pvout (the year and months) and, from enough years, pvout_p90; gives their records.

    ``sources`` say where the weather is from; a converted store says it itself. A cell or month with too little
    weather is empty. Raises Refusal ``weather-months`` unless every month of the year is covered, and those of
    ``fold``.
    """
    asked = asked or Asked()
    outputs = tuple(_LAYER_OF)
    kernel = solar_kernel(
        source.fields, panel=asked.panel, mounting=asked.mounting, outputs=outputs, sky=asked.sky, by="month"
    )
    found = fold(source, kernel, start=start, end=end, cluster=cluster, threads=threads, progress=progress)
    check_months(found.binned["steps"].labels % MONTHS)
    draft: dict[str, Any] = {
        "state": "built", "kind": "modelled", "uncertainty": "unvalidated", "resolution": source.grid.step,
        "grid": source.grid, "bands": BANDS, "scale": SCALE, "method": METHOD, "period": days(found.start, found.end),
        "inputs": {"weather": source.digest}, "sources": sources if sources is not None else _sources(source),
    }  # fmt: skip
    layers: list[Layer] = []
    with folder.locked("atlas"):
        for output, layer in _LAYER_OF.items():
            # Power is relative to the rating, so its hours are kWh per kW; light in W becomes kWh.
            factor = asked.losses.factor if output == "power" else 1e-3
            values = np.concatenate([annual_mean(found, output)[None], monthly_means(found, output)]) * factor
            notes = _notes(asked, output)
            made = replace(layer, **_with_panel(draft, output), notes=notes)
            layers.append(_store(folder, made, values * _HOURS_OF_DAY))
        layers += _exceeded(folder, found, source, asked, _with_panel(draft, "power"))
    return layers


def _exceeded(
    folder: DataFolder, found: Partials, source: WeatherSource, asked: Asked, draft: dict[str, Any]
) -> list[Layer]:
    """The layer of what nine years in ten exceed, when there are years enough to say it."""
    years = spread(found, "power", source.step / 3_600_000_000)
    if years.p90 is None:
        return []
    said = f"P90 of {len(years.years)} whole years {years.years[0]} to {years.years[-1]}, {years.p90.method}"
    values = years.p90.values[None] * asked.losses.factor * _HOURS_OF_DAY
    notes = (*_notes(asked, "power"), said)
    return [_store(folder, replace(PVOUT_P90, **{**draft, "bands": BANDS[:1]}, notes=notes), values)]


def _notes(asked: Asked, output: Output) -> tuple[str, ...]:
    if output not in {"gti", "power"}:
        return ()
    mounting = asked.mounting
    stands = mounting.name or f"slope {mounting.slope:g}, azimuth {mounting.azimuth:g}"
    turns = f", tracking {mounting.tracking}" if mounting.tracking else ""
    if mounting.tracking == "dual":  # faces the sun, wherever it started from
        stands, turns = "tracking dual", ""
    limits = f", ground cover {mounting.ground_cover:g}" if mounting.ground_cover else ""
    told = (f"orientation: {stands}{turns}{limits}; sky {asked.sky}",)
    if output == "gti":
        return told
    losses = asked.losses
    return (
        f"panel: {panel_of(asked.panel).name} ({panel_of(asked.panel).model}), its inverter included",
        *told,
        f"losses: soiling {losses.soiling:g}, other {losses.other:g}; availability {losses.availability:g}",
    )


def _with_panel(draft: dict[str, Any], output: Output) -> dict[str, Any]:
    """The draft with the panel sheet among its sources, where a panel has a part in the numbers."""
    if output != "power":
        return draft
    sheet = panel_sheet()
    told = Source(name=f"Panel parameters: {sheet.source}", version="1", licence=sheet.licence, reference=sheet.address)
    return {**draft, "sources": (*draft["sources"], told)}


def _sources(source: WeatherSource) -> tuple[Source, ...]:
    """What the record of a converted store says. Raises Refusal ``solar-sources`` for weather without a record."""
    record = getattr(source, "record", None)
    if record is None:
        raise Refusal("solar-sources")
    return (record.source,)


def _store(folder: DataFolder, draft: Layer, values: NDArray[np.float64]) -> Layer:
    return store_raster(folder, draft, quantise((values / float(SCALE)).astype(np.float32)))
