"""The weather fields of the atlas: their CF names and units, how they relate to time, what is possible, how they pack.

Names and units are atlite's, so that its users find what they know. Ranges are physical limits of an hour anywhere on
Earth, wide enough never to refuse true weather and narrow enough to catch another unit or an undeclared fill value.
"""

from dataclasses import dataclass
from typing import Literal

from .chunk import Packing

# mean and sum are over the interval, instant holds at its end, constant has no time.
InTime = Literal["mean", "sum", "instant", "constant"]


@dataclass(frozen=True)
class Field:
    """One field. ``packing`` is its (scale, offset) as int16, None where 16 bits would lose what kernels need."""

    name: str
    units: str
    standard_name: str | None
    long_name: str
    in_time: InTime
    lowest: float
    highest: float
    packing: Packing | None = None

    @property
    def cell_methods(self) -> str | None:
        """CF cell methods; None for a field without time."""
        words = {"mean": "time: mean", "sum": "time: sum", "instant": "time: point", "constant": None}
        return words[self.in_time]


_DOWN = "surface_downwelling_shortwave_flux_in_air"

# A flux of 0.05 W/m², a temperature of 0.005 K and a speed of 2 mm/s are finer than the reanalysis itself;
# roughness and runoff span orders of magnitude, so they stay float32.
_ALL = (
    Field("influx_toa", "W m-2", "toa_incoming_shortwave_flux", "top of atmosphere", "mean", -1, 1500, (0.05, 0)),
    Field("influx_direct", "W m-2", f"direct_{_DOWN}", "direct, horizontal", "mean", -1, 1500, (0.05, 0)),
    Field("influx_diffuse", "W m-2", f"diffuse_{_DOWN}", "diffuse, horizontal", "mean", -100, 1500, (0.05, 0)),
    Field("influx", "W m-2", _DOWN, "global, horizontal", "mean", -1, 1500, (0.05, 0)),
    Field("albedo", "1", "surface_albedo", "albedo of the ground", "mean", -1.6, 1.6, (0.00005, 0)),
    Field("temperature", "K", "air_temperature", "air at 2 m", "instant", 150, 350, (0.005, 260)),
    Field("soil temperature", "K", "soil_temperature", "soil, 1 to 2.89 m deep", "instant", 150, 350, (0.005, 260)),
    Field("dewpoint temperature", "K", "dew_point_temperature", "dew point at 2 m", "instant", 120, 350, (0.005, 260)),
    Field("wnd100m", "m s-1", "wind_speed", "wind at 100 m", "instant", 0, 150, (0.002, 0)),
    Field("wnd10m", "m s-1", "wind_speed", "wind at 10 m", "instant", 0, 150, (0.002, 0)),
    Field("wnd_shear_exp", "1", None, "power-law exponent from 10 to 100 m", "instant", -30, 30),
    Field("wnd_azimuth", "rad", None, "where the wind goes: 0 north, π/2 east", "instant", 0, 6.2832, (0.0002, 0)),
    Field("roughness", "m", "surface_roughness_length", "roughness of the ground", "instant", 0, 10),
    Field("runoff", "m", "runoff_amount", "runoff, metres of water over the cell", "sum", -0.001, 0.5),
    Field("height", "m", "surface_altitude", "ground above sea level", "constant", -500, 9500),
)
FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
# atlite keeps the sun's place in its files; here kernels derive it, so it is neither stored nor read.
DERIVED_ELSEWHERE = ("solar_altitude", "solar_azimuth")
