"""Regular longitude-latitude grids on WGS 84: cell centres, cell areas, the cell of a point."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

# WGS 84 (EPSG:7030).
SEMI_MAJOR_AXIS = 6_378_137.0
FLATTENING = 1 / 298.257223563
ARC_SECONDS = 3600

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """A grid of square cells in degrees, rows from north to south, columns from west to east.

    Edges and cell size are whole arc-seconds, so that a grid is written down and compared exactly:
    ``west`` and ``north`` are the outer edges of the first cell, ``step`` the side of a cell.
    """

    west: int
    north: int
    step: int
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge in degrees."""
        south = self.north - self.step * self.rows
        east = self.west + self.step * self.columns
        return self.west / ARC_SECONDS, south / ARC_SECONDS, east / ARC_SECONDS, self.north / ARC_SECONDS

    @property
    def written_bounds(self) -> tuple[str, str, str, str]:
        """West, south, east and north edge as texts, for messages that say how far a layer reaches."""
        west, south, east, north = (f"{edge:g}" for edge in self.bounds)
        return west, south, east, north

    @property
    def degrees(self) -> float:
        """Side of a cell in degrees."""
        return self.step / ARC_SECONDS

    @cached_property
    def longitudes(self) -> Floats:
        """Longitude of the cell centres of each column, degrees east."""
        return (self.west + self.step * (np.arange(self.columns) + 0.5)) / ARC_SECONDS

    @cached_property
    def latitudes(self) -> Floats:
        """Latitude of the cell centres of each row, degrees north, descending."""
        return (self.north - self.step * (np.arange(self.rows) + 0.5)) / ARC_SECONDS

    @cached_property
    def row_areas(self) -> Floats:
        """Area of one cell of each row on the WGS 84 ellipsoid, m²."""
        edges = (self.north - self.step * np.arange(self.rows + 1)) / ARC_SECONDS
        zone = area_from_equator(np.radians(edges))
        return (zone[:-1] - zone[1:]) * np.radians(self.degrees)

    def cell(self, longitude: float, latitude: float) -> tuple[int, int] | None:
        """Row and column of the cell that holds a point, None outside the grid.

        Cells are closed in the north and west and open in the south and east, so every point has one cell.
        """
        column = np.floor((longitude * ARC_SECONDS - self.west) / self.step)
        row = np.floor((self.north - latitude * ARC_SECONDS) / self.step)
        # A comparison with NaN is false: a point that is not a number lies outside.
        if 0 <= row < self.rows and 0 <= column < self.columns:
            return int(row), int(column)
        return None

    def centre(self, row: int, column: int) -> tuple[float, float]:
        """Longitude and latitude of a cell's centre."""
        return float(self.longitudes[column]), float(self.latitudes[row])


# The window all layers of Kazakhstan share: 46-88 E, 40-56 N at 5 arc-minutes.
KAZAKHSTAN = Grid(west=46 * ARC_SECONDS, north=56 * ARC_SECONDS, step=300, rows=192, columns=504)


def area_from_equator(latitude: Floats) -> Floats:
    """Area between the equator and ``latitude`` (radians) per radian of longitude, m².

    J. P. Snyder, Map Projections: A Working Manual (USGS PP 1395, 1987), equation 3-12 (authalic latitude).
    """
    e2 = FLATTENING * (2 - FLATTENING)
    e = np.sqrt(e2)
    sine = np.sin(latitude)
    q = (1 - e2) * (sine / (1 - e2 * sine**2) + np.arctanh(e * sine) / e)
    return SEMI_MAJOR_AXIS**2 * q / 2


def parallel_area(seconds: Floats) -> Floats:
    """Area between the equator and parallels (arc-seconds of latitude) per arc-second of longitude, m²."""
    return area_from_equator(np.radians(seconds / ARC_SECONDS)) * np.radians(1 / ARC_SECONDS)
