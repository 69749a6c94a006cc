import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from jasyl.atlas import KAZAKHSTAN, Grid

WGS84 = Geod(ellps="WGS84")


def test_window_of_kazakhstan():
    assert KAZAKHSTAN.shape == (192, 504)
    assert KAZAKHSTAN.bounds == (46, 40, 88, 56)
    assert KAZAKHSTAN.centre(0, 0) == pytest.approx((46 + 1 / 24, 56 - 1 / 24), abs=1e-12)
    assert KAZAKHSTAN.centre(191, 503) == pytest.approx((88 - 1 / 24, 40 + 1 / 24), abs=1e-12)


@pytest.mark.parametrize("row", [0, 95, 191])
def test_cell_area_is_that_of_the_ellipsoid(row: int):
    """Against pyproj's geodesic polygon, with the parallels cut so fine that a geodesic follows them."""
    north, south = 56 - row / 12, 56 - (row + 1) / 12
    east = np.linspace(46, 46 + 1 / 12, 200)
    longitudes = np.concatenate([east, east[::-1]])
    latitudes = np.concatenate([np.full(200, south), np.full(200, north)])
    area, _ = WGS84.polygon_area_perimeter(longitudes, latitudes)
    assert KAZAKHSTAN.row_areas[row] == pytest.approx(area, rel=1e-7)


def test_areas_of_the_whole_globe_sum_to_the_ellipsoid():
    globe = Grid(west=-180 * 3600, north=90 * 3600, step=3600, rows=180, columns=360)
    assert globe.row_areas.sum() * 360 == pytest.approx(510_065_621_724_088, rel=1e-12)


@given(st.floats(46, 88, exclude_max=True), st.floats(40, 56, exclude_min=True))
def test_a_point_lies_in_its_cell(longitude: float, latitude: float):
    cell = KAZAKHSTAN.cell(longitude, latitude)
    assert cell is not None
    east, north = KAZAKHSTAN.centre(*cell)
    assert abs(longitude - east) <= 1 / 24 + 1e-9
    assert abs(latitude - north) <= 1 / 24 + 1e-9


@given(st.integers(0, 191), st.integers(0, 503))
def test_a_centre_lies_in_its_own_cell(row: int, column: int):
    assert KAZAKHSTAN.cell(*KAZAKHSTAN.centre(row, column)) == (row, column)


@pytest.mark.parametrize(
    ("longitude", "latitude", "cell"),
    [
        (46, 56, (0, 0)),  # the north-west corner belongs to the grid
        (88, 50, None),  # the east and south edges do not
        (60, 40, None),
        (45.999, 50, None),
        (60, 56.001, None),
        (51.13, 71.43, None),  # swapped axes
        (math.nan, 50, None),
        (60, math.inf, None),
    ],
)
def test_edges(longitude: float, latitude: float, cell: tuple[int, int] | None):
    assert KAZAKHSTAN.cell(longitude, latitude) == cell
