"""Layers of land and climate, and their colours."""

from ..layer import Layer, waiting
from ..scale import AMBER, LAKE, Category, Scale

ELEVATION = waiting("land.elevation", "mean height above sea level", "m", "published")
SLOPE = waiting("land.slope", "mean slope of the terrain", "deg", "modelled")
POPULATION = waiting("land.population", "people living on a square kilometre", "{people}/km2", "published")
COVER = waiting("land.cover", "prevailing land cover, code of ESA WorldCover", "1", "published")
TEMPERATURE = waiting("land.temperature", "mean air temperature 2 m above ground", "Cel", "published")

LAYERS: tuple[Layer, ...] = (ELEVATION, SLOPE, POPULATION, COVER, TEMPERATURE)

# Codes and colours of the product's own legend (ESA WorldCover, Product User Manual v2.0, table 3).
_COVER = (
    (10, "#006400"),
    (20, "#ffbb22"),
    (30, "#ffff4c"),
    (40, "#f096ff"),
    (50, "#fa0000"),
    (60, "#b4b4b4"),
    (70, "#f0f0f0"),
    (80, "#0064c8"),
    (90, "#0096a0"),
    (95, "#00cf75"),
    (100, "#fae6a0"),
)
SCALES: dict[str, Scale] = {
    ELEVATION.id: Scale(AMBER, edges=("0", "100", "200", "300", "400", "600", "800", "1200", "2000", "3000", "4000")),
    SLOPE.id: Scale(AMBER, edges=("0.5", "1", "2", "3", "5", "8", "12", "18", "25", "35")),
    POPULATION.id: Scale(AMBER, edges=("0.1", "0.5", "1", "5", "10", "50", "100", "500", "1000", "5000")),
    COVER.id: Scale(categories=tuple(Category(code, colour, f"land-cover-{code}") for code, colour in _COVER)),
    TEMPERATURE.id: Scale(LAKE, year=("-8", "2"), month=("-25", "5")),
}
