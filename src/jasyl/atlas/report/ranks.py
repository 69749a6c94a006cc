"""How a value compares with all others of a region or of the country: sorted once, looked up in microseconds."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.places.boundaries import Boundaries

from ..area_coverage import Coverage, coverage
from ..grid import Grid
from ..raster import Raster

# Of a raster with more cells only every n-th row and column is sorted, so that about so many are.
SAMPLE = 1_000_000


class Distribution:
    """Values of a band inside an area, ascending, and the area (m²) up to and with each."""

    def __init__(self, values: NDArray[Any], areas: NDArray[np.float64]) -> None:
        order = np.argsort(values, kind="stable")
        self.values = values[order]
        self.upto = np.concatenate([[0.0], np.cumsum(areas[order])])

    def share(self, value: float) -> float | None:
        """Share of the area with a lower value, half of what is equal; None where nothing is known."""
        if not len(self.values):
            return None
        low, high = (np.searchsorted(self.values, value, side=side) for side in ("left", "right"))
        return float((self.upto[low] + self.upto[high]) / 2 / self.upto[-1])


@lru_cache(maxsize=512)
def distribution(raster: Raster, band: int, borders: Boundaries, code: str) -> Distribution:
    """The stored integers of ``band`` over the unit ``code``, without cells that have no value."""
    stride = max(1, int(np.ceil(np.sqrt(raster.grid.rows * raster.grid.columns / SAMPLE))))
    where = _coverage(thinned(raster.grid, stride), borders, code)
    if where is None:
        return Distribution(np.empty(0, dtype=np.int16), np.empty(0))
    picked = raster.band(band)[::stride, ::stride].ravel()[where.cells]
    known = picked != raster.layer.nodata
    return Distribution(picked[known], where.areas[known])


def thinned(grid: Grid, stride: int) -> Grid:
    """The grid of every ``stride``-th row and column, each standing for those after it."""
    rows, columns = -(-grid.rows // stride), -(-grid.columns // stride)
    return Grid(grid.west, grid.north, grid.step * stride, rows, columns)


@lru_cache(maxsize=128)
def _coverage(grid: Grid, borders: Boundaries, code: str) -> Coverage | None:
    import shapely  # noqa: PLC0415

    shape = borders.unit(code).shape
    if shapely.box(*grid.bounds).intersection(shape).area == 0:
        return None
    return coverage(grid, [shape])[0]
