"""Gathering by area: against exactextract, closed forms, and what must be preserved."""

import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from exactextract import exact_extract
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Polygon, box

from jasyl.atlas import Grid, load, statistics
from jasyl.atlas.layer import NODATA
from jasyl.atlas.loading.gather import gather_density, gather_mean, gather_mode
from jasyl.atlas.loading.slope import SlopeOf, cell_lengths, horn
from jasyl.storage import DataFolder

from .conftest import Write, field

STAR = Polygon([(60, 44), (66.3, 50.2), (73.9, 50), (72, 47.6), (79.1, 45.3), (70.4, 46.9)])


class Cells:
    """Cells in memory; edges in arc-seconds."""

    def __init__(
        self, values: np.ndarray, west: float, north: float, step_x: float, step_y: float | None = None
    ) -> None:
        self.values = values.astype(np.float64)
        self.rows, self.columns = values.shape
        self.west, self.north, self.step_x, self.step_y = west, north, step_x, step_y or step_x

    def read(self, rows: slice, columns: slice) -> np.ndarray:
        return self.values[rows, columns]


def _tick() -> None: ...


def _same(values: np.ndarray) -> np.ndarray:
    return values


def _by_exactextract(values: np.ndarray, bounds: tuple[float, ...], polygon: Polygon, areas: np.ndarray) -> float:
    """Mean over a polygon by exactextract alone, weighted by the areas of cells."""
    west, south, east, north = bounds
    cells = NumPyRasterSource(values, xmin=west, ymin=south, xmax=east, ymax=north)
    weights = NumPyRasterSource(areas, xmin=west, ymin=south, xmax=east, ymax=north)
    features = JSONFeatureSource([{"type": "Feature", "properties": {}, "geometry": polygon.__geo_interface__}])
    found: Any = exact_extract(cells, features, ["weighted_mean"], weights=weights)
    return found[0]["properties"]["weighted_mean"]


def _cell_areas(grid: Grid) -> np.ndarray:
    """Areas of cells by pyproj: geodesic polygons with their parallels cut fine."""
    geod = Geod(ellps="WGS84")
    west, _, _, _ = grid.bounds
    rows = []
    for latitude in grid.latitudes:
        low, high = latitude - grid.degrees / 2, latitude + grid.degrees / 2
        x = np.linspace(west, west + grid.degrees, 40)
        area, _ = geod.polygon_area_perimeter([*x, *x[::-1]], [*np.full(40, low), *np.full(40, high)])
        rows.append(abs(area))
    return np.repeat(np.array(rows)[:, None], grid.columns, axis=1)


def test_regional_means_of_a_loaded_raster_are_those_of_exactextract(
    empty: DataFolder, write: Write, take: Any
) -> None:
    """The whole way, from a file to statistics, within 1e-6 (the stored digit aside, which both have)."""
    take(write(field(96, 252)), unit="kW.h/m2/d")
    raster = load(empty, "solar.ghi")
    (row,) = statistics(empty, "solar.ghi", [STAR])
    values = raster.band(0).astype(np.float64) / 1000
    expected = _by_exactextract(values, raster.grid.bounds, STAR, _cell_areas(raster.grid))
    assert row.mean == pytest.approx(expected, rel=1e-6)


def test_regional_means_of_the_all_sky_raster(empty: DataFolder, shared_data: Path, take: Any) -> None:
    """WorldClim's annual solar radiation: as published cell by cell, and its regional means within 1e-6."""
    file = shared_data / "kz_worldclim20_srad_annual_10min.tif"
    layer = take(file).layer
    assert "unit-assumed=kJ/m2/d" in layer.notes
    raster = load(empty, "solar.ghi")
    with rasterio.open(file) as dataset:
        published = dataset.read(1)
    assert np.abs(raster.band(0) / 1000 - published.astype(np.float64) / 3600).max() <= 0.0005 + 1e-9
    from jasyl.places.boundaries import schematic

    shapes = [unit.shape for unit in schematic().of("region")]
    areas = _cell_areas(raster.grid)
    for shape, row in zip(shapes, statistics(empty, "solar.ghi", shapes), strict=True):
        expected = _by_exactextract(raster.band(0) / 1000.0, raster.grid.bounds, shape, areas)
        assert row.mean == pytest.approx(expected, rel=1e-6)
    (whole,) = statistics(empty, "solar.ghi", [schematic().country.shape])
    assert whole.mean == pytest.approx(3.864, abs=0.002)


@given(
    offset=st.tuples(st.integers(-50, 50), st.integers(-50, 50)),
    own=st.sampled_from([7.0, 10.0, 12.5, 30.0, 45.0, 90.0, 300.0]),
    data=st.data(),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_means_agree_with_exactextract_for_any_two_grids(offset: tuple[int, int], own: float, data: Any) -> None:
    """A cell of the grid is a polygon over the source: what exactextract makes of it."""
    grid = Grid(west=70 * 3600, north=50 * 3600, step=60, rows=4, columns=5)
    rows, columns = int(600 / own) + 3, int(600 / own) + 3
    west, north = 70 * 3600 - 60 + offset[0], 50 * 3600 + 60 + offset[1]
    values = np.random.default_rng(data.draw(st.integers(0, 2**32))).uniform(1, 9, (rows, columns))
    values[data.draw(st.integers(0, rows - 1)), :] = np.nan
    source = Cells(values, west, north, own)
    made = gather_mean([source], grid, _same, _tick)
    # A part of a cell counts in exactextract by degrees, here by its area. In strips of a tenth of a cell the two are
    # apart by half of how much the length of a parallel changes over one strip, at most so much of the values' spread.
    strips = 10
    edges = (north - own / strips * np.arange(rows * strips + 1)) / 3600
    within = np.tan(np.radians(edges[0])) * np.radians(own / strips / 3600) / 2 * (9 - 1)
    geod = Geod(ellps="WGS84")
    x = np.linspace(0, own / 3600, 5)
    areas = np.repeat(
        np.array(
            [abs(geod.polygon_area_perimeter([*x, *x[::-1]], [*[a] * 5, *[b] * 5])[0]) for a, b in pairwise(edges)]
        )[:, None],
        columns,
        axis=1,
    )
    fine = np.repeat(values, strips, axis=0)
    bounds = (west / 3600, (north - own * rows) / 3600, (west + own * columns) / 3600, north / 3600)
    for row in range(grid.rows):
        for column in range(grid.columns):
            left, top = 70 + column / 60, 50 - row / 60
            cell = box(left, top - 1 / 60, left + 1 / 60, top)
            expected = _by_exactextract(fine, bounds, cell, areas)
            if np.isnan(made[row, column]):
                assert expected is None or np.isnan(expected)
            else:
                assert made[row, column] == pytest.approx(expected, rel=0, abs=within)


@given(
    own=st.sampled_from([10.0, 30.0, 37.5, 75.0, 240.0]), step=st.sampled_from([30, 60, 100]), seed=st.integers(0, 99)
)
@settings(max_examples=30, deadline=None)
def test_counts_are_preserved(own: float, step: int, seed: int) -> None:
    """People are neither made nor lost, whatever the two grids; holes count for nothing."""
    grid = Grid(west=70 * 3600, north=50 * 3600, step=step, rows=3600 // step, columns=3600 // step)
    side = int(2000 / own)
    people = np.random.default_rng(seed).exponential(20, (side, side))
    people[0, 0] = np.nan
    source = Cells(people, 70 * 3600 + 500, 50 * 3600 - 300, own)
    density = gather_density([source], grid, _same, _tick)
    total = np.nansum(density * grid.row_areas[:, None] / 1e6)
    assert total == pytest.approx(np.nansum(people), rel=1e-12)


def test_tiles_side_by_side_are_one_raster() -> None:
    """The seam of two tiles runs through cells of the grid: they weigh as if there were none."""
    grid = Grid(west=70 * 3600, north=50 * 3600, step=70, rows=5, columns=5)
    values = np.random.default_rng(1).uniform(1, 9, (60, 60))
    whole = gather_mean([Cells(values, 70 * 3600 - 100, 50 * 3600 + 100, 10)], grid, _same, _tick)
    left = Cells(values[:, :23], 70 * 3600 - 100, 50 * 3600 + 100, 10)
    right = Cells(values[:, 23:], 70 * 3600 - 100 + 230, 50 * 3600 + 100, 10)
    np.testing.assert_allclose(gather_mean([left, right], grid, _same, _tick), whole, rtol=1e-12)


def test_an_equal_grid_gives_the_cells_themselves() -> None:
    grid = Grid(west=70 * 3600, north=50 * 3600, step=600, rows=700, columns=3)
    values = np.random.default_rng(2).uniform(1, 9, grid.shape)
    np.testing.assert_allclose(
        gather_mean([Cells(values, grid.west, grid.north, 600)], grid, _same, _tick), values, rtol=1e-14
    )


def test_longitudes_from_0_to_360() -> None:
    grid = Grid(west=-10 * 3600, north=50 * 3600, step=3600, rows=1, columns=20)
    values = np.arange(360, dtype=np.float64)[None] + 1
    made = gather_mean([Cells(values, 0, 50 * 3600, 3600)], grid, _same, _tick)
    assert made[0] == pytest.approx([*range(351, 361), *range(1, 11)], rel=1e-14)


def test_the_largest_class_wins() -> None:
    grid = Grid(west=0, north=3600, step=30, rows=1, columns=2)
    codes = np.array([[10, 10, 40, 0, 0, 0], [10, 40, 40, 80, 0, 0], [40, 40, 10, 0, 0, 0]], dtype=float)
    codes[codes == 0] = np.nan
    made = gather_mode([Cells(codes, 0, 3600, 10)], grid, _same, _tick)
    assert made.tolist() == [[40, 80]]
    nothing = gather_mode([Cells(np.full((3, 6), np.nan), 0, 3600, 10)], grid, _same, _tick)
    assert np.isnan(nothing).all()


@pytest.mark.parametrize("latitude", [0.5, 45.5, 55.5])
def test_lengths_of_cells_are_geodesic(latitude: float) -> None:
    east, north = cell_lengths(np.array([latitude]), 1 / 1200, 1 / 1200)
    geod = Geod(ellps="WGS84")
    assert east[0] == pytest.approx(geod.inv(70, latitude, 70 + 1 / 1200, latitude)[2], rel=1e-8)
    half = 1 / 2400
    assert north[0] == pytest.approx(geod.inv(70, latitude - half, 70, latitude + half)[2], rel=1e-8)


def test_slope_of_a_plane_is_its_own() -> None:
    """A plane that rises by known angles to the east and to the north, where degrees differ in length."""
    rows, columns = 40, 50
    latitudes = 50 - (np.arange(rows) + 0.5) / 1200
    east, north = cell_lengths(latitudes, 1 / 1200, 1 / 1200)
    for rise_east, rise_north in [(0.1, 0.0), (0.0, 0.2), (0.05, -0.05)]:
        heights = rise_north * (np.cumsum(north[::-1])[::-1])[:, None] + rise_east * np.arange(columns) * east.mean()
        terrain = Cells(heights, 70 * 3600, 50 * 3600, 3)
        slope = SlopeOf(terrain).read(slice(0, rows), slice(0, columns))
        assert np.isnan(slope[0]).all()
        assert np.isnan(slope[:, -1]).all()
        expected = np.degrees(np.arctan(np.hypot(rise_east, rise_north)))
        np.testing.assert_allclose(slope[1:-1, 1:-1], expected, rtol=2e-3)
        part = SlopeOf(terrain).read(slice(5, 9), slice(7, 12))
        np.testing.assert_array_equal(part, slope[5:9, 7:12])
    assert horn(np.zeros((3, 3)), np.ones(1), np.ones(1)).tolist() == [[0.0]]


def test_a_hole_in_the_source_stays_one(empty: DataFolder, write: Write, take: Any) -> None:
    values = field(96, 252)
    values[:, :30] = -9999
    take(write(values, nodata=-9999), unit="kW.h/m2/d")
    stored = load(empty, "solar.ghi").band(0)
    assert (stored[:, :30] == NODATA).all()
    assert (stored[:, 30:] != NODATA).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(empty, "solar.ghi").at(0, 0)
