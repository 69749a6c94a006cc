"""Water layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

HYDROPOWER = waiting("water.hydropower", "gross theoretical hydropower potential", "GW.h/a", "modelled")

LAYERS: tuple[Layer, ...] = (HYDROPOWER,)
SCALES: dict[str, Scale] = {}
