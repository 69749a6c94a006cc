"""Slope of the terrain, from a model at its own resolution, with the true lengths of its cells on the ellipsoid."""

import numpy as np
from numpy.typing import NDArray

from ..grid import ARC_SECONDS, FLATTENING, SEMI_MAJOR_AXIS
from .opening import Cells

Floats = NDArray[np.float64]


class SlopeOf:
    """A terrain model read as its slope in degrees (B. K. P. Horn, Proc. IEEE 69 (1981) 14: eight neighbours).

    A cell without all its neighbours has none; at the seams of tiles that is one row and column of each.
    """

    def __init__(self, terrain: Cells) -> None:
        self.terrain = terrain
        self.west, self.north = terrain.west, terrain.north
        self.step_x, self.step_y = terrain.step_x, terrain.step_y
        self.rows, self.columns = terrain.rows, terrain.columns

    def read(self, rows: slice, columns: slice) -> Floats:
        """Slope of a window, degrees; NaN where it is not known."""
        of = self.terrain
        top, bottom = max(rows.start - 1, 0), min(rows.stop + 1, of.rows)
        left, right = max(columns.start - 1, 0), min(columns.stop + 1, of.columns)
        found = of.read(slice(top, bottom), slice(left, right))
        around = ((rows.start - 1 < 0, rows.stop + 1 > of.rows), (columns.start - 1 < 0, columns.stop + 1 > of.columns))
        heights = np.pad(found, [(int(a), int(b)) for a, b in around], constant_values=np.nan)
        centres = (of.north - of.step_y * (np.arange(rows.start, rows.stop) + 0.5)) / ARC_SECONDS
        return horn(heights, *cell_lengths(centres, of.step_x / ARC_SECONDS, of.step_y / ARC_SECONDS))


def cell_lengths(latitudes: Floats, width: float, height: float) -> tuple[Floats, Floats]:
    """Metres from west to east and from north to south of cells of so many degrees at each latitude (WGS 84)."""
    e2 = FLATTENING * (2 - FLATTENING)
    phi = np.radians(latitudes)
    curved = 1 - e2 * np.sin(phi) ** 2
    east = SEMI_MAJOR_AXIS / np.sqrt(curved) * np.cos(phi) * np.radians(width)
    north = SEMI_MAJOR_AXIS * (1 - e2) / curved**1.5 * np.radians(height)
    return east, north


def horn(heights: Floats, east: Floats, north: Floats) -> Floats:
    """Slope (degrees) of the inner cells of ``heights`` [rows + 2, columns + 2]; cell lengths by row, m."""
    nw, n, ne = heights[:-2, :-2], heights[:-2, 1:-1], heights[:-2, 2:]
    w, e = heights[1:-1, :-2], heights[1:-1, 2:]
    sw, s, se = heights[2:, :-2], heights[2:, 1:-1], heights[2:, 2:]
    across = (ne + 2 * e + se - nw - 2 * w - sw) / (8 * east[:, None])
    along = (nw + 2 * n + ne - sw - 2 * s - se) / (8 * north[:, None])
    slope = np.degrees(np.arctan(np.hypot(across, along)))
    return np.where(np.isnan(heights[1:-1, 1:-1]), np.nan, slope)
