"""The grid of a terrain model: places, distances between neighbours, areas, in metres on the ellipsoid."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..grid import FLATTENING, SEMI_MAJOR_AXIS, area_from_equator

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
CM2 = 10_000  # cm² in a m²
MOST_CELLS = 2**32 - 2  # a cell is told by 32 bits


@dataclass(frozen=True)
class TerrainGrid:
    """Cells on WGS 84, rows from north to south: ``west`` and ``north`` are outer edges, ``width`` and ``height`` the
    sides of a cell, all in degrees. Unlike the grids of layers, cells need not be square or whole arc-seconds
    (Copernicus DEM widens its cells towards the pole, SRTM has its centres on whole seconds).
    """

    west: float
    north: float
    width: float
    height: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge in degrees."""
        return (
            self.west,
            self.north - self.height * self.rows,
            self.west + self.width * self.columns,
            self.north,
        )

    @cached_property
    def longitudes(self) -> Floats:
        return self.west + self.width * (np.arange(self.columns, dtype=np.float64) + 0.5)

    @cached_property
    def latitudes(self) -> Floats:
        return self.north - self.height * (np.arange(self.rows, dtype=np.float64) + 0.5)

    @cached_property
    def row_areas(self) -> Indices:
        """Area of a cell of each row on the ellipsoid in cm², whole: sums of them are exact in any order."""
        edges = area_from_equator(np.radians(self.north - self.height * np.arange(self.rows + 1)))
        return np.rint((edges[:-1] - edges[1:]) * np.radians(self.width) * CM2).astype(np.int64)

    @cached_property
    def distances(self) -> tuple[Floats, Floats, Floats]:
        """Geodesic distance in metres from the centres of each row to the neighbour in the east, in the south, and in
        the south-east; the last row has no south and repeats the row above.

        Karney's algorithm by pyproj.
        """
        from pyproj import Geod  # noqa: PLC0415

        geod = Geod(a=SEMI_MAJOR_AXIS, f=FLATTENING)
        here = self.latitudes
        south = np.append(here[1:], here[-1:] - self.height)
        zero, one = np.zeros(self.rows), np.full(self.rows, self.width)
        east = geod.inv(zero, here, one, here)[2]
        down = geod.inv(zero, here, zero, south)[2]
        aslant = geod.inv(zero, here, one, south)[2]
        return np.asarray(east), np.asarray(down), np.asarray(aslant)

    def steps(self, cells: Indices, below: Indices) -> Floats:
        """Metres from each cell to its neighbour ``below`` (flat indices); 0 where that is -1."""
        east, down, aslant = self.distances
        row, column = np.divmod(cells, self.columns)
        r, c = np.divmod(np.where(below < 0, cells, below), self.columns)
        upper = np.minimum(row, r)
        straight = np.where(row == r, np.where(column == c, 0.0, east[row]), down[upper])
        return np.where((row != r) & (column != c), aslant[upper], straight)

    def centres(self, cells: Indices) -> Floats:
        """Longitude and latitude of cells by flat index; [n, 2]."""
        row, column = np.divmod(cells, self.columns)
        return np.stack([self.longitudes[column], self.latitudes[row]], axis=1)

    def window(self, bounds: tuple[float, float, float, float]) -> bool:
        """Whether the grid reaches over ``bounds`` (west, south, east, north), a tenth of a cell forgiven."""
        west, south, east, north = self.bounds
        slack = 0.1 * max(self.width, self.height)
        return (
            west <= bounds[0] + slack
            and south <= bounds[1] + slack
            and east >= bounds[2] - slack
            and north >= bounds[3] - slack
        )


def checked(grid: TerrainGrid) -> TerrainGrid:
    """The grid when rivers can be found on it.

    Raises Refusal ``dem-size`` (fewer than 3 x 3 cells, or more than 32 bits can tell apart) and ``dem-extent``
    (not on the globe).
    """
    if min(grid.shape) < 3 or grid.rows * grid.columns > MOST_CELLS:
        raise Refusal("dem-size", received=f"{grid.rows} × {grid.columns}", expected=f"3 × 3 … {MOST_CELLS}")
    west, south, east, north = grid.bounds
    if not (-180.01 <= west < east <= 180.01 and -90.01 <= south < north <= 90.01):
        raise Refusal("dem-extent", received=f"{west:g} {south:g} {east:g} {north:g}")
    return grid
