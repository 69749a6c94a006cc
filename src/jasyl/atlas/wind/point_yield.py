"""The wind at one place through time: speeds at hub height, a turbine's output, its months, hours and years."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..exceeded_years import WHOLE_YEAR, Exceedance, exceedance
from ..weather.bins import HOURS, MONTHS, UTC_OFFSET
from ..weather.chunk import WeatherSource
from .capacity import Floats, Law, hub_wind
from .density import DRY_AIR, LAPSE, pressure_at
from .power_curve import PowerCurve, power_at_density
from .profile import logarithmic, power_law
from .rose import Sectors, WindRose, coming_from, wind_rose
from .weibull import Weibull, fit


@dataclass(frozen=True, eq=False)
class PointWind:
    """Hourly wind of the cell that holds a point: ``speed`` [time] at ``hub_height``, NaN where missing.

    ``moments`` [time] are starts of intervals, local (UTC+5, datetime64). ``direction`` [time] is where the wind comes
    from (degrees), ``density`` [time] kg/m³ at hub height; None where the weather lacks what they need.
    """

    moments: NDArray[np.datetime64]
    hub_height: float
    speed: Floats
    direction: Floats | None
    density: Floats | None

    @cached_property
    def months(self) -> NDArray[np.int64]:
        """Month of the year of each interval, 0–11."""
        return self.moments.astype("datetime64[M]").astype(np.int64) % MONTHS

    @cached_property
    def hours(self) -> NDArray[np.int64]:
        """Local hour of each interval, 0–23."""
        return self.moments.astype("datetime64[h]").astype(np.int64) % HOURS

    def weibull(self) -> Weibull:
        """Maximum likelihood fit to all hours. Raises Refusal ``weibull-sample``."""
        return fit(self.speed)

    def rose(self, sectors: Sectors = 12) -> WindRose:
        """Where the wind comes from. Raises Refusal ``wind-fields`` when directions are not known."""
        if self.direction is None:
            raise Refusal("wind-fields", received="–", expected="wnd_azimuth")
        return wind_rose(self.speed, self.direction, sectors)

    def output(self, curve: PowerCurve, *, density_correction: bool = False) -> Floats:
        """Output per unit of rated power [time], hour by hour corrected for the hour's density where asked for.

        Raises Refusal ``wind-fields`` when the density is not known.
        """
        if not density_correction:
            return curve.per_unit(self.speed)
        if self.density is None:
            raise Refusal("wind-fields", received="–", expected="temperature, height")
        known = ~np.isnan(self.speed) & ~np.isnan(self.density)
        found = np.full(self.speed.shape, np.nan)
        found[known] = power_at_density(curve, self.speed[known], self.density[known]) / curve.rated
        return found

    def monthly(self, values: Floats) -> Floats:
        """Mean of ``values`` [time] in each month of the year [12]; NaN in a month without any."""
        return _means(values, self.months, MONTHS)

    def profile(self, values: Floats) -> Floats:
        """Mean of ``values`` [time] by month and local hour [12, 24]."""
        return _means(values, self.months * HOURS + self.hours, MONTHS * HOURS).reshape(MONTHS, HOURS)

    def yearly(self, values: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Years that are whole (99 % of their hours have a value) and their means."""
        years = self.moments.astype("datetime64[Y]").astype(np.int64)
        step = float((self.moments[1] - self.moments[0]) / np.timedelta64(1, "h"))
        first = int(years.min())
        counts = np.bincount(years - first, weights=~np.isnan(values))
        begin = np.arange(first, first + len(counts) + 1).astype("datetime64[Y]").astype("datetime64[h]")
        whole = np.nonzero(counts * step >= WHOLE_YEAR * np.diff(begin).astype(np.int64))[0]
        return whole + first + 1970, _means(values, years - first, len(counts))[whole]

    def exceeded(self, values: Floats, probability: float) -> Exceedance:
        """The yearly mean of ``values`` that is exceeded with ``probability``. Raises Refusal ``exceedance-years``."""
        return exceedance(self.yearly(values)[1], probability)


def point_wind(
    source: WeatherSource, longitude: float, latitude: float, hub_height: float = 100, *, law: Law = "logarithmic",
    start: int | None = None, end: int | None = None,
) -> PointWind:  # fmt: skip
    """The wind of the cell that holds a point (degrees, WGS 84), from the source's series.

    Raises Refusal ``point-outside`` and ``wind-fields``.
    """
    cell = source.grid.cell(longitude, latitude)
    if cell is None:
        west, south, east, north = source.grid.written_bounds
        received = f"{longitude:g}, {latitude:g}"
        raise Refusal("point-outside", received=received, west=west, south=south, east=east, north=north)
    wind = hub_wind(source.fields, hub_height, law)

    def series(name: str) -> Floats:
        return source.series(name, *cell, start, end).astype(np.float64)

    speed = series(wind.field)
    if wind.law == "logarithmic":
        speed = logarithmic(speed, wind.height, hub_height, series("roughness"))
    elif wind.law == "power":
        speed = power_law(speed, wind.height, hub_height, series("wnd_shear_exp"))
    direction = coming_from(series("wnd_azimuth")) if "wnd_azimuth" in source.fields else None
    density = None
    if {"temperature", "height"} <= set(source.fields):
        altitude = float(source.read(0, ("height",)).unpacked("height")[cell])
        warmth = series("temperature") - LAPSE * (hub_height - 2)
        density = pressure_at(altitude + hub_height) / (DRY_AIR * warmth)
    first = (
        source.start if start is None else source.start + max(-((source.start - start) // source.step), 0) * source.step
    )
    local = first + UTC_OFFSET * 3_600_000_000 + source.step * np.arange(len(speed), dtype=np.int64)
    return PointWind(local.astype("datetime64[us]"), hub_height, speed, direction, density)


def _means(values: Floats, index: NDArray[np.int64], count: int) -> Floats:
    known = ~np.isnan(values)
    hours = np.bincount(index[known], minlength=count)
    sums = np.bincount(index[known], weights=values[known], minlength=count)
    return np.divide(sums, hours, out=np.full(count, np.nan), where=hours > 0)
