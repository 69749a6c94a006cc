"""What a plant would have given in each hour: from the weather store at its place, or no more than a bound.

With a store the expectation is that of the atlas for the same hours: the same kernels, panel or turbine as stated.
Without one a cloudless sky with panels that face the sun bounds solar output from above; nothing bounds wind. A bound
is never called an expectation: it has its own name in figures and on pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.figures import Parameter, Reference
from jasyl.registry.tables import installation
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

Floats = NDArray[np.float64]
Int = NDArray[np.int64]
Basis = Literal["weather", "clear_sky"]
HOUR = 3_600_000_000
# Crystalline silicon as in the atlas; a farm whose turbines nobody named gets the atlas' usual one.
PANEL = "CSi"
TURBINE = "E-126/4200"
MOUNTING = "latitude_optimal"
SOLAR = ("RP.PV", "RP.PVR", "RP.PVA")
WIND = ("RP.WON", "RP.WSM")


@dataclass(frozen=True, eq=False)
class ExpectedOutput:
    """Energy in Wh of each step from ``start`` (µs UTC, ``step`` long), NaN where the weather is not known.

    ``irradiation`` is what falls on the panels, Wh/m² a step. ``reference`` names the weather, ``settings`` what was
    assumed of the plant.
    """

    basis: Basis
    start: Int
    step: int
    energy: Floats
    irradiation: Floats | None = None
    reference: Reference | None = None
    settings: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])


def expected_output(
    connection: sa.Connection,
    folder: DataFolder,
    facility: Mapping[Any, Any],
    start: int,
    end: int,
    stated: Mapping[str, Parameter] | None = None,
) -> ExpectedOutput | None:
    """The expectation for a facility (its row of the register) over [start, end), µs UTC at full hours.

    From the store that holds its place and the longest time; only steps that lie in the store. ``stated`` are the
    parameters of a figure that is made again: what it said of the plant holds (capacity, panel, losses, turbine, hub
    height), whatever the register or our defaults say today. None where the technology, the place, the capacity or
    the weather is wanting. Raises Refusal ``plant-mounting`` for panels stated to stand in a way we do not compute.
    """
    from jasyl.atlas.report.weather import store_at  # noqa: PLC0415  (numba and the store on first use)

    if not _placed(facility) or not facility["technology"].startswith((*SOLAR, *WIND)):
        return None
    held = store_at(folder, facility["lon"], facility["lat"])
    if held is None or held[0].step % HOUR:
        return None
    said = dict(stated or {})
    plant = {**facility, "capacity_w": said.get("capacity") or facility["capacity_w"]}
    # A figure may have been made when the register knew another technology: its own parameters tell.
    solar = "panel" in said or ("turbine" not in said and facility["technology"].startswith(SOLAR))
    try:
        if solar:
            return _solar(held[0], plant, said, start, end)
        turbine = str(said.get("turbine") or _turbine_of(connection, facility))
        return _wind(held[0], plant, turbine, said, start, end)
    except Refusal as refusal:
        if refusal.code in {"weather-span-empty", "point-outside", "wind-fields", "solar-fields"}:
            return None
        raise


def clear_sky_bound(facility: Mapping[Any, Any], start: int, end: int) -> ExpectedOutput | None:
    """No more than this: nominal power under a cloudless sky on panels that face the sun, capped at nominal power.

    Global irradiance of B. Haurwitz (1945) over the sine of the sun's elevation: what falls on a surface square to the
    sun is not more. None for other than solar plants.
    """
    from .quality.observation import sun_over  # noqa: PLC0415

    if not _placed(facility) or not facility["technology"].startswith(SOLAR):
        return None
    begins = np.arange(start, end, HOUR, dtype=np.int64)
    sun = sun_over(begins, HOUR, facility["lon"], facility["lat"])
    height = np.sin(np.radians(np.clip(sun.highest, 0.01, None)))
    facing = np.where(sun.highest > 0, 1098 * np.exp(-0.057 / height), 0.0)
    energy = float(facility["capacity_w"]) * np.minimum(facing / 1000, 1.0)
    return ExpectedOutput("clear_sky", begins, HOUR, energy)


def _placed(facility: Mapping[Any, Any]) -> bool:
    return None not in (facility["lon"], facility["lat"], facility["capacity_w"]) and facility["capacity_w"] > 0


def _solar(source: Any, facility: Mapping[Any, Any], said: Mapping[str, Any], start: int, end: int) -> ExpectedOutput:
    from jasyl.atlas.solar.panels import Losses  # noqa: PLC0415
    from jasyl.atlas.solar.point_yield import point_yield  # noqa: PLC0415

    # Rounded as it is written down, so that whoever reads the parameters gets the same number.
    share = str(said.get("losses") or f"{1 - Losses().factor:.4f}")
    panel = str(said.get("panel") or PANEL)
    if said.get("mounting") not in {None, MOUNTING}:
        raise Refusal("plant-mounting", received=str(said["mounting"]), expected=MOUNTING)
    losses = Losses(float(share), 0.0, 1.0)
    found = point_yield(source, facility["lon"], facility["lat"], panel=panel, losses=losses, start=start, end=end)
    hours = found.step / HOUR
    factor = found.hours["power"].astype(np.float64)
    settings: dict[str, Parameter] = {"panel": panel, "mounting": MOUNTING, "losses": share}
    return ExpectedOutput(
        "weather",
        found.start + found.step * np.arange(len(factor), dtype=np.int64),
        found.step,
        factor * float(facility["capacity_w"]) * hours,
        found.hours["gti"].astype(np.float64) * hours,
        Reference("weather_store", source.digest[:26], source.digest),
        settings,
    )


def _wind(
    source: Any, facility: Mapping[Any, Any], name: str, said: Mapping[str, Any], start: int, end: int
) -> ExpectedOutput:
    from jasyl.atlas.wind.point_yield import point_wind  # noqa: PLC0415
    from jasyl.atlas.wind.turbines import turbine  # noqa: PLC0415

    chosen = turbine(name)
    stated = said.get("hub_height")
    height = chosen.hub_height(None if stated is None else float(stated))
    share = str(said.get("losses") or "0")
    found = point_wind(source, facility["lon"], facility["lat"], height, start=start, end=end)
    factor = found.output(chosen.curve)
    if not len(factor):
        raise Refusal("weather-span-empty", received="0", expected=str(source.steps))
    first = source.start + max(-((source.start - start) // source.step), 0) * source.step
    settings: dict[str, Parameter] = {"turbine": chosen.id, "hub_height": f"{height:g}", "losses": share}
    return ExpectedOutput(
        "weather",
        first + source.step * np.arange(len(factor), dtype=np.int64),
        source.step,
        factor * float(facility["capacity_w"]) * (source.step / HOUR) * (1 - float(share)),
        None,
        Reference("weather_store", source.digest[:26], source.digest),
        settings,
    )


def _turbine_of(connection: sa.Connection, facility: Mapping[Any, Any]) -> str:
    """The type of the facility's installations where the atlas knows it, else the usual one."""
    from jasyl.atlas.wind.turbines import turbines  # noqa: PLC0415

    known = {name.casefold(): name for name in turbines()}
    query = sa.select(installation.c.model).where(
        installation.c.facility_id == facility["id"], installation.c.model.is_not(None)
    )
    for model in connection.execute(query.order_by(installation.c.key)).scalars():
        if model.casefold() in known:
            return known[model.casefold()]
    return TURBINE
