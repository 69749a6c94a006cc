"""The indicators of SDG 11 that can be computed, from arrays and shapes: 11.2.1, 11.3.1, 11.6.1, 11.6.2, 11.7.1."""

from ..share import Share
from .access import Population, Stops, open_space_access, transit_access
from .air import Exposure, exposure
from .land import LandUse, land_use
from .open_space import OpenSpace, open_space, street_shapes
from .waste import CONTROLLED, Control, Facility, waste_managed

__all__ = [
    "CONTROLLED",
    "Control",
    "Exposure",
    "Facility",
    "LandUse",
    "OpenSpace",
    "Population",
    "Share",
    "Stops",
    "exposure",
    "land_use",
    "open_space",
    "open_space_access",
    "street_shapes",
    "transit_access",
    "waste_managed",
]
