"""Waste layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

GENERATION = waiting("waste.generation", "municipal waste generated", "t/a", "allocated")

LAYERS: tuple[Layer, ...] = (GENERATION,)
SCALES: dict[str, Scale] = {}
