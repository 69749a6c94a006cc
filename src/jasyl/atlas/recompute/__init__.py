"""What a planner asks again and again: the whole country for another panel, tilt, turbine or loss, at once.

`Planner` keeps what an answer is made of warm; `Recomputed` is an answer: a map with its legend, the standard layer
beside it, means of regions. Everything here is modelled.
"""

from .planner import Planner, RegionMean
from .result import SOLAR, SOLAR_DIFFERENCE, VIEWS, WIND, WIND_DIFFERENCE, Recomputed, View
from .solar import SolarSettings, solar_stores, whole_years
from .wind import WindSettings, pasted_turbine, written_curve

__all__ = [
    "SOLAR",
    "SOLAR_DIFFERENCE",
    "VIEWS",
    "WIND",
    "WIND_DIFFERENCE",
    "Planner",
    "Recomputed",
    "RegionMean",
    "SolarSettings",
    "View",
    "WindSettings",
    "pasted_turbine",
    "solar_stores",
    "whole_years",
    "written_curve",
]
