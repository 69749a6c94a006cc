"""Rules at one place against geodesics."""

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import LineString, Point, box

from jasyl.atlas.siting.at_point import distance_to, hits_at
from jasyl.atlas.siting.rules import VectorSource
from jasyl.atlas.siting.sources import features

GEOD = Geod(ellps="WGS84")


def test_the_distance_to_points_is_geodesic(tmp_path, write_features):
    random = np.random.default_rng(4)
    places = np.column_stack([random.uniform(60, 80, 60), random.uniform(41, 55, 60)])
    found = features(VectorSource(file=write_features("points.geojson", *map(Point, places))), tmp_path)
    for longitude, latitude in ((66.0, 48.0), (75.1, 54.9), (60.2, 41.3)):
        here = np.full(60, longitude), np.full(60, latitude)
        true = GEOD.inv(*here, places[:, 0], places[:, 1])[2].min()
        assert distance_to(found, Point(longitude, latitude)) == pytest.approx(true, rel=1e-9)


def test_the_distance_to_a_line_and_into_a_polygon(tmp_path, write_features):
    meridian = LineString([(70, 45), (70, 50)])
    line = features(VectorSource(file=write_features("line.geojson", meridian)), tmp_path)
    # The nearest point of a meridian lies a little poleward of the same latitude.
    true = min(GEOD.inv(71, 48, 70, latitude)[2] for latitude in np.linspace(47.9, 48.1, 4001))
    assert distance_to(line, Point(71, 48)) == pytest.approx(true, rel=1e-5)
    area = features(VectorSource(file=write_features("area.geojson", box(70, 45, 71, 46))), tmp_path)
    assert distance_to(area, Point(70.5, 45.5)) == 0


def test_the_distance_from_the_edge_of_an_area(tmp_path, write_features):
    site = box(70, 50, 71.2, 50.8)  # 85 km wide
    places = [Point(71.5, 50.81), Point(69.2, 50.3), Point(76, 55)]
    for number, place in enumerate(places):
        found = features(VectorSource(file=write_features(f"{number}.geojson", place)), tmp_path)
        edge = np.array(shapely.segmentize(site.exterior, 0.0005).coords)
        there = np.full(len(edge), place.x), np.full(len(edge), place.y)
        true = GEOD.inv(edge[:, 0], edge[:, 1], *there)[2].min()
        assert distance_to(found, site) == pytest.approx(true, rel=1e-3)
    crossing = write_features("crossing.geojson", LineString([(70.5, 49), (70.5, 52)]), Point(73, 50))
    assert distance_to(features(VectorSource(file=crossing), tmp_path), site) == 0


def test_each_rule_says_what_it_looked_at(atlas, tmp_path, write_features, write_raster, rules_of):
    file = write_features("p.geojson", Point(74, 48.5))
    near = {"kind": "distance", "id": "near", "source": {"file": file}, "closer_than": 5000}
    far = {"kind": "distance", "id": "far", "source": {"file": file}, "farther_than": 5000}
    raster = {"file": write_raster("r.tif", np.full((10, 10), 7, dtype=np.int16), 74, 49, 0.1, nodata=-1)}
    rules = rules_of(
        near, far,
        {"kind": "value", "id": "seven", "source": raster, "classes": [7]},
        {"kind": "value", "id": "low", "source": raster, "below": 8},
        {"kind": "value", "id": "high", "source": raster, "above": 8},
        {"kind": "value", "id": "sun", "source": {"layer": "solar.ghi_clear"}, "below": 1},
        {"kind": "value", "id": "strict", "source": raster, "below": 1, "missing": "excluded"},
    ).rules  # fmt: skip
    inside = {hit.id: hit for hit in hits_at(rules, atlas, tmp_path, 74.01, 48.5)}
    assert {key: hit.state for key, hit in inside.items()} == {
        "near": "excluded", "far": "kept", "seven": "excluded", "low": "excluded", "high": "kept", "sun": "kept",
        "strict": "kept",
    }  # fmt: skip
    assert inside["near"].measured == pytest.approx(GEOD.inv(74, 48.5, 74.01, 48.5)[2], abs=0.1)
    assert inside["seven"].measured == 7
    outside = {hit.id: hit for hit in hits_at(rules, atlas, tmp_path, 60.0, 48.5)}
    assert outside["far"].state == "excluded"
    assert (outside["low"].state, outside["low"].measured) == ("unknown", None)
    assert outside["strict"].state == "excluded"


@pytest.mark.parametrize(("away", "state"), [(0, "excluded"), (4.8, "excluded"), (5.4, "kept"), (30, "kept")])
def test_a_buffer_around_cells_reaches_a_point(empty, tmp_path, write_raster, rules_of, away, state):
    values = np.zeros((400, 400), dtype=np.int16)
    values[200:, 200:] = 1  # south and east of 74 E, 48.5 N
    source = {"file": write_raster("wet.tif", values, 73, 49.5, 0.005)}
    (rule,) = rules_of({"kind": "value", "id": "wet", "source": source, "classes": [1], "buffer": 5000}).rules
    longitude, latitude, _ = GEOD.fwd(74, 48, 270, away * 1000)
    (hit,) = hits_at([rule], empty, tmp_path, longitude, latitude)
    assert hit.state == state
