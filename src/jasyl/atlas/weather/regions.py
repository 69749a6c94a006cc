"""Regions as sums over cells: which cells a region takes, and with what weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..area_coverage import Coverage, coverage
from ..grid import Grid


@dataclass(frozen=True, eq=False)
class RegionMatrix:
    """Weights of cells in ``count`` regions, sorted by row of the grid as a kernel meets them.

    Entry e says that the cell in column ``columns[e]`` counts ``weights[e]`` in region ``regions[e]``; the entries of
    row r are ``starts[r]`` to ``starts[r + 1]``. A region's mean is the sum over its cells by the sum of its weights.
    """

    count: int
    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    regions: NDArray[np.int64]
    weights: NDArray[np.float64]

    @property
    def totals(self) -> NDArray[np.float64]:
        """Sum of the weights of each region."""
        return np.bincount(self.regions, self.weights, self.count).astype(np.float64)


def region_matrix(grid: Grid, shapes: Sequence[Any]) -> RegionMatrix:
    """Each polygon's cells by the area (m², on the ellipsoid) that lies inside it: coverage-weighted means.

    Raises Refusal ``shape-invalid`` and ``shape-outside`` with the number of the shape.
    """
    found: list[Coverage] = coverage(grid, shapes)
    cells = np.concatenate([part.cells for part in found])
    weights = np.concatenate([part.areas for part in found])
    regions = np.repeat(np.arange(len(found)), [len(part.cells) for part in found])
    return _sorted(grid, len(found), cells, regions, weights)


def region_matrix_of(grid: Grid, matrix: Any) -> RegionMatrix:
    """From a matrix [regions, cells] (numpy or scipy.sparse), cells in rows from the north, west to east."""
    if hasattr(matrix, "tocoo"):
        sparse = matrix.tocoo()
        regions, cells, weights = sparse.row, sparse.col, sparse.data
    else:
        regions, cells = np.nonzero(matrix)
        weights = np.asarray(matrix)[regions, cells]
    return _sorted(grid, matrix.shape[0], cells, regions, np.asarray(weights, dtype=np.float64))


def no_regions(grid: Grid) -> RegionMatrix:
    """The matrix without regions."""
    none = np.zeros(0, np.int64)
    return RegionMatrix(0, np.zeros(grid.rows + 1, np.int64), none, none, np.zeros(0))


def _sorted(grid: Grid, count: int, cells: Any, regions: Any, weights: NDArray[np.float64]) -> RegionMatrix:
    order = np.lexsort((regions, cells))
    cells = np.asarray(cells, dtype=np.int64)[order]
    starts = np.searchsorted(cells // grid.columns, np.arange(grid.rows + 1))
    return RegionMatrix(
        count,
        starts.astype(np.int64),
        cells % grid.columns,
        np.asarray(regions, dtype=np.int64)[order],
        np.ascontiguousarray(weights[order]),
    )
