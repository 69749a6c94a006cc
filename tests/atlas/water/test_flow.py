"""Flow kernels against pyflwdir, against laws of water, and against closed forms."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from tests.atlas.water.terrain_models import grid_of, hills

from jasyl.atlas.water import flow, model
from jasyl.atlas.water.directions import MOUTH, SINK, VOID
from jasyl.texts import Refusal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pyflwdir


def peer(codes):
    return pyflwdir.from_array(codes, ftype="d8", check_ftype=True, latlon=True)


def with_sea(ground):
    ground = ground.copy()
    ground[20:34, 60:] = np.nan
    ground[:3, :30] = np.nan
    return ground


@pytest.mark.parametrize("mend", ["fill", "breach"])
@pytest.mark.parametrize("seed", [1, 2])
def test_equal_to_pyflwdir_to_the_last_unit(mend, seed):
    ground = with_sea(hills(seed=seed))
    grid = grid_of(ground.shape)
    codes, _ = flow.directions(ground, grid, mend=mend)
    other = peer(codes)
    cells = flow.upstream_cells(codes)
    known = codes != VOID
    assert np.array_equal(cells[known], other.upstream_area("cell")[known])
    areas = np.where(known, grid.row_areas[:, None], 0)
    assert np.array_equal(flow.upstream_area(codes, grid), other.accuflux(areas, nodata=-1))
    assert np.array_equal(flow.basins(codes), other.basins())
    channel = cells >= 25
    order = flow.stream_order(codes, channel)
    assert order.max() >= 3
    assert np.array_equal(order[channel], other.stream_order(mask=channel)[channel])
    assert not order[~channel].any()
    some = np.flatnonzero(cells > 60)[::7]
    assert np.array_equal(flow.basins(codes, some), other.basins(idxs=some))


def test_equal_to_pyflwdir_on_its_own_directions():
    """Directions that another program made, with pits inland, are read as it reads them."""
    ground = with_sea(hills(seed=5)).astype(np.float64)
    _, codes = pyflwdir.dem.fill_depressions(np.nan_to_num(ground, nan=-9999.0), nodata=-9999.0, max_depth=15)
    codes[40, 30] = SINK
    other = peer(codes)
    assert np.array_equal(flow.upstream_cells(codes)[codes != VOID], other.upstream_area("cell")[codes != VOID])
    assert np.array_equal(flow.outlets(codes), np.sort(other.idxs_pit))
    assert np.array_equal(flow.basins(codes), other.basins())


HEIGHTS = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, min_side=3, max_side=12),
    elements=st.one_of(st.integers(-3, 6).map(float), st.just(float("nan"))),
)


@given(HEIGHTS, st.sampled_from(["fill", "breach"]), st.booleans())
@settings(max_examples=120, deadline=None)
def test_laws_of_water(ground, mend, keep):
    """Few heights, so flats and ties abound: nothing is lost, nothing climbs, nothing circles."""
    grid = grid_of(ground.shape)
    codes, surface = flow.directions(ground, grid, mend=mend, find_sinks=keep, sink_depth=3, sink_area=2e4)
    known = ~np.isnan(ground)
    assert np.array_equal(codes == VOID, ~known)
    assert np.array_equal(np.isnan(surface), ~known)
    outlets = flow.outlets(codes)
    area = flow.upstream_area(codes, grid)  # refuses circles
    assert area.ravel()[outlets].sum() == np.where(known, grid.row_areas[:, None], 0).sum()
    basin = flow.basins(codes)
    assert np.array_equal(basin > 0, known)
    cells = np.flatnonzero(known)
    below = flow.flow_kernels.downstream(codes, cells)
    inner = below >= 0
    assert (surface.ravel()[below[inner]] <= surface.ravel()[cells[inner]]).all()
    assert (basin.ravel()[below[inner]] == basin.ravel()[cells[inner]]).all()
    mended = surface - ground
    assert (mended[known] >= 0).all() if mend == "fill" else (mended[known] <= 0).all()
    assert set(np.unique(codes.ravel()[outlets])) <= {MOUTH, SINK}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_order_grows_only_where_equals_meet(seed):
    ground = hills(30, 30, seed=seed)
    codes, _ = flow.directions(ground, grid_of(ground.shape))
    channel = flow.upstream_cells(codes) >= 4
    order = flow.stream_order(codes, channel)
    cells = np.flatnonzero(channel)
    below = flow.flow_kernels.downstream(codes, cells)
    for cell in np.unique(below[below >= 0]):
        inflow = np.sort(order.ravel()[cells[below == cell]])[::-1]
        expected = inflow[0] + (len(inflow) > 1 and inflow[0] == inflow[1])
        assert order.ravel()[cell] == expected


def test_a_plane_falls_down_its_slope():
    ground = np.repeat(np.arange(20, 0, -1, dtype=np.float32)[:, None], 9, axis=1)
    codes, surface = flow.directions(ground, grid_of(ground.shape))
    assert (codes[1:-1, 1:-1] == 4).all()
    assert np.array_equal(surface, ground)
    assert (codes[[0, -1]] == MOUTH).all()
    assert flow.upstream_cells(codes)[-1, 4] == 19  # the edge row above is an outlet of its own


def test_a_lake_drains_the_shortest_way_to_its_outlet():
    ground = np.full((15, 21), 50, dtype=np.float32)
    ground[1:-1, 1:-1] = 10
    ground[7, 20] = 9  # the only gap
    codes, _ = flow.directions(ground, grid_of(ground.shape), find_sinks=False)
    assert (codes[7, 1:20] == 1).all()
    assert flow.upstream_cells(codes)[7, 20] == 13 * 19 + 1
    row, column, steps = 1, 1, 0
    while (row, column) != (7, 20):
        code = int(codes[row, column])
        row, column = row + {1: 0, 2: 1, 4: 1, 128: -1}[code], column + {1: 1, 2: 1, 4: 0, 128: 1}[code]
        steps += 1
    assert steps == 19  # 6 aslant, 13 straight


def test_breach_carves_what_fill_raises():
    ground = np.repeat(np.arange(20, 0, -1, dtype=np.float32)[None, :], 5, axis=0)
    ground[[0, -1]] = 60
    ground[[1, -2]] = 50
    ground[:, 0] = 60
    ground[2, 10] = 30  # a dam across the valley
    _, filled = flow.directions(ground, grid_of(ground.shape), mend="fill", find_sinks=False)
    _, carved = flow.directions(ground, grid_of(ground.shape), mend="breach", find_sinks=False)
    assert (filled[2, 1:11] == 30).all()
    assert carved[2, 10] == ground[2, 9] == 11
    assert np.array_equal(np.delete(carved, 10, axis=1), np.delete(ground, 10, axis=1))
    assert (filled[2, 11:] == ground[2, 11:]).all()


def test_a_deep_wide_basin_stays_closed_and_holds_its_own_small_ones():
    ground = np.full((60, 60), 500, dtype=np.float32)
    row, column = np.mgrid[:60, :60]
    ground -= np.maximum(0, 200 - 8 * np.hypot(row - 30, column - 30)).astype(np.float32)
    ground[30, 30] = 250
    ground[20, 20] -= 40  # a hole, narrow
    grid = grid_of(ground.shape)
    codes, surface = flow.directions(ground, grid, sink_depth=100, sink_area=1e6)
    assert np.flatnonzero(codes == SINK).tolist() == [30 * 60 + 30]
    assert surface[30, 30] == 250
    assert flow.upstream_cells(codes)[30, 30] > 1500
    opened, _ = flow.directions(ground, grid, find_sinks=False)
    assert not (opened == SINK).any()
    given, _ = flow.directions(ground, grid, find_sinks=False, sinks=(row == 20) & (column == 20))
    assert np.flatnonzero(given == SINK).tolist() == [20 * 60 + 20]


def test_a_lake_within_a_lake_is_found_too():
    """Two closed lakes behind one rim: after the lower is kept, the other still lies in a depression of its own."""
    row, column = np.mgrid[:50, :90]
    ground = np.full((50, 90), 400.0, dtype=np.float32)
    for place, depth in ((25, 200), (65, 150)):
        ground -= np.maximum(0, depth - 9 * np.hypot(row - 25, column - place)).astype(np.float32)
    ground[22:28, 20:70] -= 60  # a low saddle between them, below the rim
    codes, _ = flow.directions(ground, grid_of(ground.shape), sink_depth=50, sink_area=1e6)
    assert (codes == SINK).sum() == 2


def test_water_in_a_circle_is_refused():
    codes = np.full((4, 4), MOUTH, dtype=np.uint8)
    codes[1, 1], codes[1, 2], codes[2, 2], codes[2, 1] = 1, 4, 16, 64
    with pytest.raises(Refusal) as refused:
        flow.upstream_cells(codes)
    assert refused.value.code == "directions-cycle"
    assert "4" in refused.value.text("en")


def test_basins_cut_by_the_edge_are_marked():
    ground = np.repeat(np.arange(20, 0, -1, dtype=np.float32)[:, None], 9, axis=1)
    codes, _ = flow.directions(ground, grid_of(ground.shape))
    cut = flow.cut_off(codes, ground)
    assert cut[1:, 1:-1].all()  # water comes in over the northern edge
    island = np.full((11, 11), np.nan, dtype=np.float32)
    island[2:-2, 2:-2] = hills(7, 7)
    codes, _ = flow.directions(island, grid_of(island.shape))
    assert not flow.cut_off(codes, island).any()
    inward = np.full((5, 5), MOUTH, dtype=np.uint8)
    inward[2, :4] = 1
    assert flow.cut_off(inward)[2].tolist() == [True] * 5
    assert flow.cut_off(inward).sum() == 5


def test_label_leaves_what_reaches_no_chosen_outlet():
    codes = np.array([[1, 1, 0], [1, 1, 0], [VOID, 1, 0]], dtype=np.uint8)
    assert flow.basins(codes, np.array([1])).tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("mend", ["fill", "breach"])
def test_overwriting_gives_the_same(mend):
    ground = with_sea(hills(seed=8))
    grid = grid_of(ground.shape)
    before = ground.copy()
    codes, surface = flow.directions(ground, grid, mend=mend)
    assert np.array_equal(ground, before, equal_nan=True)
    again, same = flow.directions(ground, grid, mend=mend, overwrite=True)
    assert same is ground
    assert np.array_equal(again, codes)
    assert np.array_equal(same, surface, equal_nan=True)


def test_kernels_compile_from_end_to_end():
    model.compile_now()
