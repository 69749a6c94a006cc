"""Biomass layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

ENERGY = waiting("biomass.energy", "technical energy potential of residues", "GW.h/a", "allocated")

LAYERS: tuple[Layer, ...] = (ENERGY,)
SCALES: dict[str, Scale] = {}
