"""Wind layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import Scale

SPEED_100M = waiting("wind.speed_100m", "mean wind speed at 100 m above ground", "m/s", "published")

LAYERS: tuple[Layer, ...] = (SPEED_100M,)
SCALES: dict[str, Scale] = {}
