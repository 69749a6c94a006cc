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
GHI = waiting("solar.ghi", "global horizontal irradiation of a mean day", "kW.h/m2/d", "published")

LAYERS: tuple[Layer, ...] = (GHI_CLEAR, DNI_CLEAR, GHI)
SCALES: dict[str, Scale] = {
    GHI_CLEAR.id: Scale(AMBER, year=("4.2", "0.2"), month=("1", "1")),
    DNI_CLEAR.id: Scale(LAKE, year=("7", "0.4"), month=("4", "1")),
}
