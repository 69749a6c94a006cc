"""How each loadable layer is made of a raster: how cells are gathered, how values are stored, what is possible."""

from dataclasses import dataclass
from typing import Final, Literal

from ..layer import Stored
from ..wind.layers import HEIGHTS

# mean: area-weighted; density: counts of cells, their sums preserved, per km²; mode: the code with the largest area;
# slope: of a terrain model at its own resolution, then the mean.
Gather = Literal["mean", "density", "mode", "slope"]


@dataclass(frozen=True)
class Recipe:
    """``possible`` bounds every value, ``usual`` the mean over the window, both in the layer's unit.

    ``units`` are the units a source may be in: name and how many of the layer's units one of it is; ``shifts`` is what
    is added afterwards (kelvin). Those in ``unguessed`` are taken only when somebody says so. ``daily`` says that many
    bands are the days of whole years, whose mean is the layer. ``never_zero`` says that no place where people live has
    the value zero: light, and the mean wind.
    """

    gather: Gather
    scale: str
    possible: tuple[float, float]
    usual: tuple[float, float]
    units: dict[str, float]
    shifts: dict[str, float] | None = None
    unguessed: tuple[str, ...] = ()
    stored: Stored = "int16"
    daily: bool = False
    never_zero: bool = False

    def shift(self, unit: str) -> float:
        """What is added to a value of ``unit`` after it was multiplied."""
        return (self.shifts or {}).get(unit, 0.0)


# A year total is divided by 365.25, as long-term means hold leap years; an hourly sum is taken 24 times a day.
_DAYS: Final = 365.25
_IRRADIATION: Final = {
    "kW.h/m2/d": 1.0,
    "kW.h/m2/a": 1 / _DAYS,
    "W.h/m2/d": 1e-3,
    "MJ/m2/d": 1 / 3.6,
    "kJ/m2/d": 1 / 3600,
    "J/m2/d": 1 / 3.6e6,
    "J/m2/h": 24 / 3.6e6,
    "W/m2": 24e-3,
}
_SPEED: Final = Recipe("mean", "0.001", (0, 32), (1, 15), {"m/s": 1.0, "km/h": 1 / 3.6}, never_zero=True)
_TEMPERATURE: Final = Recipe(
    "mean",
    "0.01",
    (-70, 60),
    (-40, 40),
    {"Cel": 1.0, "K": 1.0, "0.1 Cel": 0.1, "0.1 K": 0.1},
    {"K": -273.15, "0.1 K": -273.15},
    unguessed=("0.1 Cel",),  # 277 are kelvin, not 27.7 °C
)


def _irradiation(possible: tuple[float, float], usual: tuple[float, float]) -> Recipe:
    return Recipe("mean", "0.001", possible, usual, _IRRADIATION, never_zero=True)


RECIPES: Final[dict[str, Recipe]] = {
    # No place on earth has more than 8 kWh/(m²·d) over the year, nor more than 13 in a month outside the atmosphere.
    "solar.ghi": _irradiation((0, 13), (1.5, 8)),
    "solar.dni": _irradiation((0, 16), (0.8, 11)),
    "solar.dhi": _irradiation((0, 6), (0.4, 3.5)),
    "solar.gti": _irradiation((0, 13), (1.5, 9)),
    "solar.pvout": Recipe(
        "mean",
        "0.001",
        (0, 10),
        (1.2, 7),
        {"kW.h/kW/d": 1.0, "kW.h/kW/a": 1 / _DAYS, "kW.h/kWp": 1 / _DAYS},
        never_zero=True,
    ),
    **{f"wind.speed_{height}m": _SPEED for height in HEIGHTS},
    **{
        f"wind.power_density_{height}m": Recipe(
            "mean", "0.01", (0, 50000), (5, 5000), {"W/m2": 1.0}, stored="int32", never_zero=True
        )
        for height in HEIGHTS
    },
    "water.runoff": Recipe(
        "mean",
        "0.1",
        (-0.5, 20000),
        (0.5, 5000),
        # A kg/m² of water is a millimetre.
        {"mm/a": 1.0, "m/a": 1000.0, "m/d": 1000 * _DAYS, "kg/m2/d": _DAYS, "mm/d": _DAYS, "kg/m2/s": 86400 * _DAYS},
        stored="int32",
        daily=True,
    ),
    "land.elevation": Recipe(
        "mean",
        "0.1",
        (-500, 9000),
        (-420, 6000),
        {"m": 1.0, "ft": 0.3048, "dm": 0.1, "cm": 0.01},
        unguessed=("ft", "dm", "cm"),
        stored="int32",
    ),
    "land.slope": Recipe("slope", "0.01", (-500, 9000), (-420, 6000), {"m": 1.0}),
    "land.population": Recipe("density", "0.0001", (0, 214_000), (0.001, 20_000), {"{people}": 1.0}, stored="int32"),
    "land.cover": Recipe("mode", "1", (0, 255), (0, 255), {"1": 1.0}),
    "land.temperature": _TEMPERATURE,
}
