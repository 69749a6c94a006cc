"""The indicators of SDG 11 that can be computed, from arrays and shapes: 11.2.1, 11.3.1, 11.6.1, 11.6.2, 11.7.1."""

from ..share import Share
from .access import Population, Stops, open_space_access, transit_access
from .air import Exposure, exposure
from .computing import Caution, Computed, compute_sdg11
from .document import CitySdg11, read_sdg11, sdg11_schema
from .land import LandUse, land_use
from .open_space import OpenSpace, open_space, street_shapes
from .waste import CONTROLLED, Control, Facility, waste_managed

__all__ = [
    "CONTROLLED",
    "Caution",
    "CitySdg11",
    "Computed",
    "Control",
    "Exposure",
    "Facility",
    "LandUse",
    "OpenSpace",
    "Population",
    "Share",
    "Stops",
    "compute_sdg11",
    "exposure",
    "land_use",
    "open_space",
    "open_space_access",
    "read_sdg11",
    "sdg11_schema",
    "street_shapes",
    "transit_access",
    "waste_managed",
]
