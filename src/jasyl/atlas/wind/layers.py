"""Wind layers of the atlas and their colours."""

from typing import Final

from ..layer import Layer, waiting
from ..scale import AMBER, LAKE, Scale

# Heights above ground of the Global Wind Atlas, m.
HEIGHTS: Final = (10, 50, 100, 150, 200)
SPEED: dict[int, Layer] = {
    height: waiting(f"wind.speed_{height}m", f"mean wind speed at {height} m above ground", "m/s", "published")
    for height in HEIGHTS
}
POWER_DENSITY: dict[int, Layer] = {
    height: waiting(
        f"wind.power_density_{height}m", f"mean wind power density at {height} m above ground", "W/m2", "published"
    )
    for height in HEIGHTS
}
SPEED_100M = SPEED[100]

# Computed here from a weather store; kept apart from what others publish, so that the two can be compared.
SPEED_MODELLED = waiting("wind.speed_modelled", "modelled mean wind speed at 100 m above ground", "m/s", "modelled")
POWER_DENSITY_MODELLED = waiting(
    "wind.power_density_modelled", "modelled mean wind power density at 100 m above ground", "W/m2", "modelled"
)
CAPACITY_FACTOR = waiting(
    "wind.capacity_factor", "modelled mean output of a turbine as a share of its rated power", "%", "modelled"
)
MASTS = waiting("wind.masts", "mean wind speed at a mast", "m/s", "published", shape="sites")

LAYERS: tuple[Layer, ...] = (
    *SPEED.values(),
    *POWER_DENSITY.values(),
    SPEED_MODELLED,
    POWER_DENSITY_MODELLED,
    CAPACITY_FACTOR,
    MASTS,
)
SCALES: dict[str, Scale] = {
    **{
        SPEED[height].id: Scale(LAKE, year=year, month=year)
        for height, year in zip(
            HEIGHTS, (("2", "0.5"), ("3", "0.6"), ("4", "0.5"), ("4.5", "0.5"), ("5", "0.5")), strict=True
        )
    },
    **{
        layer.id: Scale(AMBER, edges=("50", "100", "150", "200", "300", "400", "500", "700", "1000", "1500"))
        for layer in POWER_DENSITY.values()
    },
    SPEED_MODELLED.id: Scale(LAKE, year=("4", "0.5"), month=("4", "0.5")),
    POWER_DENSITY_MODELLED.id: Scale(
        AMBER, edges=("50", "100", "150", "200", "300", "400", "500", "700", "1000", "1500")
    ),
    CAPACITY_FACTOR.id: Scale(LAKE, year=("10", "4"), month=("10", "4")),
    MASTS.id: Scale(LAKE, year=("4.5", "0.5")),
}
