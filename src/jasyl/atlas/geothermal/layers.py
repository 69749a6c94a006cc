"""Geothermal layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

HEAT = waiting("geothermal.heat", "heat capacity of geothermal wells", "MW", "published")

LAYERS: tuple[Layer, ...] = (HEAT,)
SCALES: dict[str, Scale] = {}
