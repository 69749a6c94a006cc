"""Geothermal layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

HEAT = waiting("geothermal.heat", "heat capacity of geothermal wells", "MW", "modelled", shape="sites")
ELECTRICITY = waiting(
    "geothermal.electricity", "electric capacity of a binary plant on geothermal wells", "MW", "modelled", shape="sites"
)
TEMPERATURE = waiting("geothermal.temperature", "temperature of geothermal water", "Cel", "published", shape="sites")

LAYERS: tuple[Layer, ...] = (HEAT, ELECTRICITY, TEMPERATURE)

# Sequential, light to dark: ember.
EMBER = ("#fde9d0", "#f2a56f", "#d4574c", "#8c2453", "#330f3d")
SCALES: dict[str, Scale] = {
    "geothermal.heat": Scale(EMBER, edges=("0.5", "1", "2.5", "5", "10", "25", "50", "100", "250", "500")),
    "geothermal.electricity": Scale(EMBER, edges=("0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "25")),
    # Bathing to 40, greenhouses and floors to 70, district heat to 90, power above (Lindal's order of uses).
    "geothermal.temperature": Scale(EMBER, edges=("30", "40", "50", "60", "70", "80", "90", "100", "120", "150")),
}
