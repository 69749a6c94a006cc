"""Layers of station normals and their colours."""

from ..layer import Layer, waiting
from ..scale import AMBER, LAKE, Scale

TEMPERATURE = waiting("climate.temperature", "mean air temperature of a year", "Cel", "published", shape="sites")
PRECIPITATION = waiting("climate.precipitation", "precipitation of a year", "mm", "published", shape="sites")

LAYERS: tuple[Layer, ...] = (TEMPERATURE, PRECIPITATION)
SCALES: dict[str, Scale] = {
    TEMPERATURE.id: Scale(AMBER, year=("2", "1")),
    PRECIPITATION.id: Scale(LAKE, year=("100", "50")),
}
