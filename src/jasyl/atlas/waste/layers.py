"""Waste layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

GENERATION = waiting("waste.generation", "municipal waste generated", "t/a", "allocated", shape="areas")
RECYCLABLES = waiting("waste.recyclables", "recyclables in municipal waste", "t/a", "allocated", shape="areas")
LANDFILLS = waiting("waste.landfills", "waste in place", "t", "published", shape="sites")
LANDFILL_GAS = waiting(
    "waste.landfill_gas", "energy of collectable landfill methane", "GW.h/a", "modelled", shape="sites"
)
COLLECTION = waiting(
    "waste.collection", "way to the nearest landfill or sorting plant", "km", "modelled", shape="sites"
)

LAYERS: tuple[Layer, ...] = (GENERATION, RECYCLABLES, LANDFILLS, LANDFILL_GAS, COLLECTION)

# Sequential, light to dark: clay.
CLAY = ("#f7ecd8", "#e0b88a", "#b97f5a", "#7d4a48", "#3a2233")
SCALES: dict[str, Scale] = {
    "waste.generation": Scale(
        CLAY, edges=("25000", "50000", "75000", "100000", "150000", "200000", "250000", "300000", "400000", "500000")
    ),
    "waste.recyclables": Scale(
        CLAY, edges=("10000", "20000", "30000", "50000", "75000", "100000", "125000", "150000", "200000", "250000")
    ),
    "waste.landfills": Scale(
        CLAY,
        edges=("100000", "250000", "500000", "1000000", "2500000", "5000000", "10000000", "25000000"),
    ),
    "waste.landfill_gas": Scale(CLAY, edges=("1", "2.5", "5", "10", "25", "50", "100", "250")),
    "waste.collection": Scale(CLAY, edges=("5", "10", "25", "50", "100", "150", "200", "300", "400", "500")),
}
