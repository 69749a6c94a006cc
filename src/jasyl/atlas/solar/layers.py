"""Solar layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import AMBER, LAKE, Scale

GHI_CLEAR = waiting(
    "solar.ghi_clear",
    "clear-sky global horizontal irradiation of a mean day",
    "kW.h/m2/d",
    "modelled-upper-bound",
    uncertainty="bound",
)
DNI_CLEAR = waiting(
    "solar.dni_clear",
    "clear-sky direct normal irradiation of a mean day",
    "kW.h/m2/d",
    "modelled-upper-bound",
    uncertainty="bound",
)
# Published by an atlas and loaded, or computed from a weather store: the record's sources and method say which.
GHI = waiting("solar.ghi", "global horizontal irradiation of a mean day", "kW.h/m2/d", "published")
DNI = waiting("solar.dni", "direct normal irradiation of a mean day", "kW.h/m2/d", "published")
DHI = waiting("solar.dhi", "diffuse horizontal irradiation of a mean day", "kW.h/m2/d", "published")
GTI = waiting("solar.gti", "irradiation of a mean day on the plane of panels", "kW.h/m2/d", "published")
PVOUT = waiting("solar.pvout", "photovoltaic yield of a mean day per kilowatt of modules", "kW.h/kW/d", "published")
PVOUT_P90 = waiting(
    "solar.pvout_p90", "photovoltaic yield of a mean day that nine years in ten exceed", "kW.h/kW/d", "modelled"
)

# A layer that is worked out with another, and goes when that one is replaced.
GOES_WITH: dict[str, str] = {PVOUT_P90.id: PVOUT.id}
LAYERS: tuple[Layer, ...] = (GHI_CLEAR, DNI_CLEAR, GHI, DNI, DHI, GTI, PVOUT, PVOUT_P90)
SCALES: dict[str, Scale] = {
    GHI_CLEAR.id: Scale(AMBER, year=("4.2", "0.2"), month=("1", "1")),
    DNI_CLEAR.id: Scale(LAKE, year=("7", "0.4"), month=("4", "1")),
    GHI.id: Scale(AMBER, year=("2.8", "0.2"), month=("1", "0.7")),
    DNI.id: Scale(AMBER, year=("2.4", "0.3"), month=("1", "0.8")),
    DHI.id: Scale(LAKE, year=("1.2", "0.1"), month=("0.4", "0.3")),
    # One scale for panels that stand still and for two axes, so that maps of both can be compared.
    GTI.id: Scale(AMBER, year=("3", "0.4"), month=("1", "0.9")),
    PVOUT.id: Scale(AMBER, year=("2.8", "0.3"), month=("1", "0.8")),
    PVOUT_P90.id: Scale(AMBER, year=("2.8", "0.3"), month=("1", "0.8")),
}
