"""Water layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import LAKE, Scale

HYDROPOWER = waiting("water.hydropower", "gross theoretical hydropower potential", "GW.h/a", "modelled")

RUNOFF = waiting("water.runoff", "mean yearly runoff", "mm/a", "published")

LAYERS: tuple[Layer, ...] = (HYDROPOWER, RUNOFF)
SCALES: dict[str, Scale] = {
    RUNOFF.id: Scale(LAKE, edges=("1", "5", "10", "25", "50", "100", "200", "400", "800", "1500")),
}
