"""The distance transform against geodesics, whatever the block size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from jasyl.atlas.grid import Grid
from jasyl.atlas.siting import distance

GEOD = Geod(ellps="WGS84")


def _all(grid, marked):
    out = np.full(grid.shape, np.nan, dtype=np.float32)
    for (first, end), away in distance.distances(grid, lambda block: marked[block[0] : block[1]]):
        out[first:end] = away
    return out


def _geodesic(grid, marked, row, column):
    rows, columns = np.nonzero(marked)
    count = len(rows)
    here = np.full(count, grid.longitudes[column]), np.full(count, grid.latitudes[row])
    return GEOD.inv(*here, grid.longitudes[columns], grid.latitudes[rows])[2].min()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.sampled_from([40, 48, 55]), st.sampled_from([30, 300]))
def test_distances_are_geodesic_ones(seed, count, north, step):
    random = np.random.default_rng(seed)
    grid = Grid(west=60 * 3600, north=north * 3600, step=step, rows=40, columns=50)
    marked = np.zeros(grid.shape, dtype=bool)
    marked[random.integers(0, 40, count), random.integers(0, 50, count)] = True
    found = _all(grid, marked)
    for row, column in zip(random.integers(0, 40, 25), random.integers(0, 50, 25), strict=True):
        true = _geodesic(grid, marked, row, column)
        assert true * (1 - 1e-3) - 0.5 <= found[row, column] <= true * (1 + 1e-3 + 1.2e-7 * true) + 0.5


def test_blocks_of_any_size_give_the_same(monkeypatch):
    random = np.random.default_rng(5)
    grid = Grid(west=60 * 3600, north=50 * 3600, step=60, rows=90, columns=70)
    marked = random.random(grid.shape) < 0.003
    whole = _all(grid, marked)
    for cells in (1, 70, 400, 10_000):
        monkeypatch.setattr(distance, "BLOCK_CELLS", cells)
        assert np.array_equal(_all(grid, marked), whole)


def test_nothing_marked_is_infinitely_far():
    grid = Grid(west=0, north=3600, step=60, rows=7, columns=9)
    assert np.isinf(_all(grid, np.zeros(grid.shape, dtype=bool))).all()
    assert (_all(grid, np.ones(grid.shape, dtype=bool)) == 0).all()


def test_heights_and_widths_are_those_of_the_ellipsoid():
    grid = Grid(west=60 * 3600, north=56 * 3600, step=1800, rows=32, columns=3)
    between = GEOD.line_lengths([60, 60], [grid.latitudes[0], grid.latitudes[-1]])[0]
    assert distance.heights(grid)[0] - distance.heights(grid)[-1] == pytest.approx(between, rel=1e-9)
    side = GEOD.line_lengths([60, 60 + 1e-4], [grid.latitudes[4]] * 2)[0] * grid.degrees / 1e-4
    assert distance.widths(grid)[4] == pytest.approx(side, rel=1e-8)


def test_the_kernel_says_the_same_compiled_and_not(monkeypatch):
    from jasyl.atlas.siting import distance_kernels

    random = np.random.default_rng(2)
    grid = Grid(west=60 * 3600, north=50 * 3600, step=60, rows=30, columns=40)
    marked = random.random(grid.shape) < 0.01
    compiled = _all(grid, marked)
    monkeypatch.setattr(distance_kernels, "nearest_in_rows", distance_kernels.nearest_in_rows.py_func)
    distance_kernels.compile_now()
    assert np.array_equal(_all(grid, marked), compiled)
    assert np.isinf(_all(grid, np.zeros(grid.shape, dtype=bool))).all()
