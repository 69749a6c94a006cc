"""What a solar model knew of a cell, for a click that asks why the value is what it is."""

from decimal import Decimal
from functools import lru_cache

import numpy as np

from ..grid import Grid
from ..layer import Layer
from .clear_sky_inputs import ALTITUDE_FILE, TURBIDITY_FILE, ClearSkyInputs, read_inputs


def clear_sky_inputs(layer: Layer, row: int, column: int) -> tuple[int | None, tuple[Decimal, ...]]:
    """Altitude (m) and Linke turbidity by month, of a layer that was computed from them; else None and nothing."""
    if layer.grid is None or not {ALTITUDE_FILE, TURBIDITY_FILE} <= layer.inputs.keys():
        return None, ()
    inputs = _inputs(layer.grid)
    altitude = inputs.altitude[row, column]
    turbidity = tuple(Decimal(round(float(value) * 20)) / 20 for value in inputs.turbidity[:, row, column])
    return None if np.isnan(altitude) else int(altitude), turbidity


@lru_cache(maxsize=2)
def _inputs(grid: Grid) -> ClearSkyInputs:
    return read_inputs(grid)
