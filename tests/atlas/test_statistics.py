from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Polygon, box, mapping

from jasyl.atlas import KAZAKHSTAN, Coverage, Statistics, coverage, load, statistics, summarise
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

WGS84 = Geod(ellps="WGS84")
STAR = Polygon(
    [(70, 48), (71.3, 50.2), (73.9, 50), (72, 47.6), (73.1, 45.3), (70.4, 46.9)], [[(71, 48), (71.5, 48.9), (72, 48)]]
)


def _by_hand(polygon: Polygon) -> tuple[np.ndarray, np.ndarray]:
    """Cells and areas by shapely intersection of the polygon with each cell, area on the ellipsoid by pyproj."""
    west, south, east, north = polygon.bounds
    cells, areas = [], []
    for row in range(int((56 - north) * 12), int((56 - south) * 12) + 1):
        for column in range(int((west - 46) * 12), int((east - 46) * 12) + 1):
            left, top = 46 + column / 12, 56 - row / 12
            part = polygon.intersection(box(left, top - 1 / 12, left + 1 / 12, top))
            if part.area > 0:
                cells.append(row * 504 + column)
                area, _ = WGS84.geometry_area_perimeter(
                    shapely.segmentize(
                        shapely.geometry.polygon.orient(part, 1) if part.geom_type == "Polygon" else part, 0.01
                    )
                )
                areas.append(abs(area))
    return np.array(cells), np.array(areas)


def test_against_shapely_cell_by_cell(atlas: DataFolder):
    """Same cells, mean to 1e-6; areas to 3e-4 of a cell, which is narrower in the north while its covered part counts
    in degrees."""
    (found,) = coverage(KAZAKHSTAN, [STAR])
    cells, areas = _by_hand(STAR)
    own = dict(zip(found.cells.tolist(), found.areas.tolist(), strict=True))
    expected = np.array([own.get(cell, 0.0) for cell in cells.tolist()])
    assert np.abs(expected - areas).max() < 3e-4 * KAZAKHSTAN.row_areas.max()
    assert found.area == pytest.approx(areas.sum(), rel=1e-5)
    assert found.covered == pytest.approx(1, abs=1e-12)
    values = load(atlas, "solar.ghi_clear").values[0].ravel()[cells] / 1000
    (row,) = statistics(atlas, "solar.ghi_clear", [STAR])
    assert row.mean == pytest.approx(np.average(values, weights=areas), rel=1e-6)
    assert (row.minimum, row.maximum) == (values.min(), values.max())
    assert row.minimum <= row.p10 <= row.p50 <= row.p90 <= row.maximum


@given(st.lists(st.tuples(st.floats(46, 88), st.floats(40, 56)), min_size=0, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_weigh_what_the_whole_weighs(cuts: list[tuple[float, float]]):
    """However the window is cut, the parts' areas add up to the window's, cell by cell."""
    west, south, east, north = KAZAKHSTAN.bounds
    lines = sorted({west, east, *(round(longitude, 6) for longitude, _ in cuts)})
    rows = sorted({south, north, *(round(latitude, 6) for _, latitude in cuts)})
    parts = [box(left, low, right, high) for left, right in pairwise(lines) for low, high in pairwise(rows)]
    total = np.zeros(KAZAKHSTAN.rows * KAZAKHSTAN.columns)
    for part in coverage(KAZAKHSTAN, parts):
        np.add.at(total, part.cells, part.areas)
    whole = np.repeat(KAZAKHSTAN.row_areas, KAZAKHSTAN.columns)
    np.testing.assert_allclose(total, whole, rtol=1e-5)


def test_weighted_percentiles_by_hand():
    values = np.array([[4.0, 1.0, 3.0, np.nan, 2.0]])
    areas = np.array([1.0, 2.0, 5.0, 3.0, 2.0])
    found = summarise(values, Coverage(np.arange(5), areas, 0.5))
    assert (found.minimum, found.p10, found.p50, found.p90, found.maximum) == (1, 1, 3, 3, 4)
    assert found.mean == pytest.approx((4 + 2 + 15 + 4) / 10)
    assert found.area == 10
    assert found.share == pytest.approx(0.5 * 10 / 13)
    nothing = summarise(np.full((1, 5), np.nan), Coverage(np.arange(5), areas, 1.0))
    assert nothing.mean is nothing.p50 is None
    assert (nothing.area, nothing.share) == (0, 0)


def test_a_polygon_inside_one_cell_has_its_value(atlas: DataFolder):
    (found,) = statistics(atlas, "solar.dni_clear", [mapping(box(70.01, 50.01, 70.02, 50.02))], band=7)
    row, column = KAZAKHSTAN.cell(70.015, 50.015)
    value = load(atlas, "solar.dni_clear").values[7, row, column] / 1000
    assert found.mean == found.minimum == found.p50 == found.maximum == pytest.approx(value)


def test_a_polygon_half_outside_says_so():
    (found,) = coverage(KAZAKHSTAN, [box(44, 48, 48, 50)])
    assert found.covered == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (box(0, 0, 1, 1), "shape-outside"),
        (Polygon([(70, 50), (71, 51), (71, 50), (70, 51)]), "shape-invalid"),  # a bow tie
        (Polygon(), "shape-invalid"),
        ({"type": "Point", "coordinates": [70, 50]}, "shape-invalid"),
        ({"type": "Polygon", "coordinates": [[[70, 50], [71, 50]]]}, "shape-invalid"),
        ({"type": "Polygon"}, "shape-invalid"),
        (None, "shape-invalid"),
        ("POLYGON", "shape-invalid"),
        ({"type": "Polygon", "coordinates": [[[70, 50], [71, "x"], [71, 51], [70, 50]]]}, "shape-invalid"),
        ({"type": "Polygon", "coordinates": [[[70, 50], [71, float("nan")], [71, 51], [70, 50]]]}, "shape-invalid"),
    ],
)
def test_shapes_that_are_refused(atlas: DataFolder, shape: object, code: str):
    with pytest.raises(Refusal) as refusal:
        statistics(atlas, "solar.ghi_clear", [STAR, shape])
    assert refusal.value.code == code
    assert refusal.value.arguments["number"] == 2


def test_a_region_that_a_layer_does_not_reach_has_nothing_known(atlas: DataFolder):
    here, there = box(70, 50, 71, 51), box(0, 0, 1, 1)
    known, unknown = statistics(atlas, "solar.ghi_clear", [here, there], beyond=True)
    assert known == statistics(atlas, "solar.ghi_clear", [here])[0]
    assert unknown == Statistics(None, None, None, None, None, None, 0.0, 0.0)
    assert coverage(KAZAKHSTAN, [there], beyond=True)[0].area == 0


def test_no_shapes_no_statistics(atlas: DataFolder):
    assert statistics(atlas, "solar.ghi_clear", []) == []
