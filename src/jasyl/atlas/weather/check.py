"""Is it the weather it claims to be: values within what is physically possible, else the likeliest reason why not."""

from dataclasses import dataclass

import numpy as np

from jasyl.atlas.grid import Grid
from jasyl.texts import Refusal, Where

from .chunk import Floats
from .field import FIELDS
from .times import HOUR, written

# Numbers that files use for "nothing here" without saying so.
USUAL_FILLS = (-999.0, -9999.0, -99999.0, 9999.0, 99999.0, -32767.0, -32768.0, 1e20, 9.96921e36)
FLUXES = frozenset({"influx", "influx_toa"})
# In daylight some of it arrives under any cloud; the beam alone may be nothing all day.
SKYLIGHT = frozenset({"influx", "influx_toa", "influx_diffuse"})
FAINT, LOW_SUN = 2.0, 0.25  # W/m² that no day stays below whose sun climbs past this sine
DAY = 24 * HOUR


@dataclass(frozen=True)
class Survey:
    """What a block of a field holds: how many values are missing, and the least and greatest of the others."""

    missing: int
    lowest: float
    highest: float


def survey(values: Floats) -> Survey:
    """Count and extremes; NaN extremes when nothing is there."""
    if not values.size:
        return Survey(0, float("nan"), float("nan"))
    missing = int(np.count_nonzero(np.isnan(values))) if np.isnan(values.sum(dtype=np.float32)) else 0
    if missing == values.size:
        return Survey(missing, float("nan"), float("nan"))
    return Survey(missing, float(np.fmin.reduce(values, axis=None)), float(np.fmax.reduce(values, axis=None)))


def check(field: str, found: Survey, inputs: tuple[str, ...], where: Where) -> None:
    """Raises Refusal ``weather-fill``, ``weather-range-unit`` (with the unit it looks like) or ``weather-range``.

    ``inputs`` are the published variables that the field comes from, for the remedy.
    """
    limits = FIELDS[field]
    if found.lowest >= limits.lowest and found.highest <= limits.highest:
        return
    if np.isnan(found.lowest):
        return
    received, expected = _span(found.lowest, found.highest), _span(limits.lowest, limits.highest)
    for extreme in (found.lowest, found.highest):
        if any(abs(extreme - fill) <= 1e-5 * abs(fill) for fill in USUAL_FILLS):
            raise Refusal("weather-fill", where=where, received=f"{extreme:g}", field=field)
    suspect = _suspected(field, found)
    if suspect:
        arguments = {"received": received, "expected": expected, "field": field, "units": limits.units}
        raise Refusal("weather-range-unit", where=where, suspect=suspect, variable=inputs[0], **arguments)
    unit = "" if limits.units == "1" else f" {limits.units}"
    raise Refusal("weather-range", where=where, received=received + unit, expected=expected + unit, field=field)


def check_daylight(field: str, values: Floats, start: int, step: int, grid: Grid, variable: str, where: Where) -> None:
    """Light that is not there under a sun that stands high: nothing at all, or W/m² said to be J/m².

    Raises Refusal ``weather-dark`` and ``weather-range-unit``. Looks at blocks of a day or more that see the sun.
    """
    if field not in SKYLIGHT or len(values) * step < DAY:
        return
    highest = float(np.fmax.reduce(values, axis=None))
    faint = 0 < highest < FAINT and field in FLUXES
    if not (faint or highest == 0):
        return
    day = (start + len(values) * step / 2) / DAY
    declination = -23.44 * np.cos(2 * np.pi * (day + 10) / 365.25)
    if np.cos(np.radians(grid.latitudes - declination)).max() <= LOW_SUN:
        return
    if not faint:
        span = f"{written(start)} … {written(start + len(values) * step)}"
        raise Refusal("weather-dark", where=where, received=span, field=field)
    raise Refusal(
        "weather-range-unit",
        where=where,
        received=f"{highest:g} ({written(start)})",
        expected="> 100",
        field=field,
        units=FIELDS[field].units,
        suspect="W m-2",
        variable=variable,
    )


def _suspected(field: str, found: Survey) -> str | None:
    """The unit that the values look like, if one does."""
    units = FIELDS[field].units
    if units == "K" and found.lowest > -150 and found.highest < 100:
        return "degC"
    if units == "W m-2" and found.highest > 1500 and found.lowest > -1e4:
        return "J m-2"
    if field == "runoff" and 0.5 < found.highest < 500:
        return "mm"
    if field == "wnd_azimuth" and found.highest <= 360.5 and found.lowest >= -1e-3:
        return "degree"
    return None


def _span(low: float, high: float) -> str:
    return f"{low:g} … {high:g}"
