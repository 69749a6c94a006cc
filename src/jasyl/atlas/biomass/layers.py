"""Biomass layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

ENERGY = waiting("biomass.energy", "technical energy potential of residues", "GW.h/a", "modelled", shape="areas")
CROP_RESIDUES = waiting(
    "biomass.crop_residues", "technical energy potential of crop residues", "GW.h/a", "modelled", shape="areas"
)
MANURE = waiting("biomass.manure", "technical biogas energy of manure", "GW.h/a", "modelled", shape="areas")
WOOD = waiting("biomass.wood", "technical energy potential of wood residues", "GW.h/a", "modelled", shape="areas")
ORGANICS = waiting(
    "biomass.organics", "technical biogas energy of municipal organics", "GW.h/a", "modelled", shape="areas"
)

THEORETICAL = waiting(
    "biomass.theoretical", "theoretical energy of crop residues and manure", "GW.h/a", "modelled", shape="areas"
)

LAYERS: tuple[Layer, ...] = (ENERGY, THEORETICAL, CROP_RESIDUES, MANURE, WOOD, ORGANICS)

# Sequential, light to dark: straw to deep green; told apart in every kind of colour blindness.
STRAW = ("#f6f1c1", "#c3cf6b", "#79a843", "#3f7439", "#173b2c")
# Districts give tens, regions thousands of gigawatt hours: edges by a near-constant ratio.
_EDGES = ("10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000")
SCALES: dict[str, Scale] = {layer.id: Scale(anchors=STRAW, edges=_EDGES) for layer in LAYERS}
