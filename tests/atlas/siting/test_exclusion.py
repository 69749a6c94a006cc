"""Exclusion against closed forms and brute force: circles, rectangles, overlaps, rasters, scores."""

import json
import math

import msgspec
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon, box

from jasyl.atlas.siting import distance, example_rules, rules_schema
from jasyl.atlas.siting.exclusion import SITE_CELLS, analyse, analyse_site, grid_of
from jasyl.atlas.siting.rules import parse_rules, read_rules
from jasyl.places.boundaries import current
from jasyl.texts import Refusal

GEOD = Geod(ellps="WGS84")
# Well inside a wide region.
REGION = "KZ-35"
LON, LAT = 74.0, 48.5


def _area(shape):
    # Edges are straight in degrees, those of Geod are geodesics: between many points they are the same.
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 0.01))[0])


def _rule(source, **more):
    return {"kind": "distance", "id": "near", "source": {"file": source}} | more


def _value(source, **more):
    return {"kind": "value", "id": "value", "source": source} | more


@pytest.mark.parametrize(("metres", "resolution"), [(3000, 10), (20_000, 30), (40_000, 60)])
def test_the_buffer_of_a_point_is_a_circle(empty, tmp_path, write_features, rules_of, metres, resolution):
    file = write_features("point.geojson", Point(LON, LAT))
    rules = rules_of(_rule(file, closer_than=metres), resolution=resolution, regions=(REGION,), density=2)
    found = analyse(rules, empty, tmp_path)
    circle = math.pi * metres**2
    # Half a cell around the circle is the most that cells can miss, and it evens out: a tenth of it is allowed.
    slack = 2 * math.pi * metres * found.precision / 10
    assert found.rules[0].hit == pytest.approx(circle, abs=slack, rel=2e-3)
    total = found.total
    assert total.area == total.excluded + total.remaining
    assert total.capacity == 2 * total.remaining
    assert found.regions[0].code == REGION


def test_only_what_lies_in_an_area_is_counted(empty, tmp_path, write_features, rules_of):
    file = write_features("square.geojson", box(LON - 0.1, LAT - 0.1, LON + 0.1, LAT + 0.1))
    rules = rules_of(_rule(file, closer_than=0), resolution=30, regions=(), density=5)
    area = box(LON - 0.3, LAT - 0.2, LON + 0.3, LAT + 0.2)
    found = analyse(rules, empty, tmp_path, area=area)
    assert [one.code for one in found.regions] == [REGION]
    assert found.total.area == pytest.approx(_area(area), rel=1e-4)
    assert found.total.remaining / found.total.area == pytest.approx(1 - 0.04 / 0.24, rel=5e-3)
    assert found.digest != analyse(rules, empty, tmp_path, area=area.buffer(0.1)).digest
    with pytest.raises(Refusal) as refusal:
        analyse(rules, empty, tmp_path, area=box(0, 50, 1, 51))
    assert refusal.value.code == "siting-area"


def test_what_lies_beyond_an_area_counts_in_it(empty, tmp_path, write_features, write_raster, rules_of):
    """A line and a raster east of the area reach into it by their buffers, as far as flat geometry says."""
    south, north = LAT - 0.2, LAT + 0.2
    area = box(LON - 0.3, south, LON + 0.3, north)
    line = write_features("line.geojson", LineString([(LON + 0.4, LAT - 1), (LON + 0.4, LAT + 1)]))
    east = {"file": write_raster("east.tif", np.full((20, 20), 9, np.int16), LON + 0.4, LAT + 1, 0.1, nodata=-1)}
    degree = GEOD.inv(LON, LAT, LON + 0.1, LAT)[2] * 10
    close = _rule(line, closer_than=0.2 * degree, id="close")
    far = _rule(line, farther_than=0.5 * degree, id="far")
    buffer = _value(east, above=8, buffer=0.2 * degree)
    nearness = {"kind": "distance", "id": "n", "source": {"file": line}, "weight": 1, "worst": 0.7 * degree, "best": 0}
    rules = rules_of(close, far, buffer, criteria=[nearness], resolution=30, regions=("KZ-71",), density=5)
    for found in (
        analyse(msgspec.structs.replace(rules, regions=()), empty, tmp_path, area=area),
        analyse_site(rules, empty, tmp_path, area),
    ):
        hit = {rule.id: rule.hit / found.total.area for rule in found.rules}
        assert hit == pytest.approx({"close": 1 / 6, "far": 1 / 3, "value": 1 / 6}, abs=0.02)
        assert found.total.area == pytest.approx(_area(area), rel=1e-4)
        assert found.total.remaining / found.total.area == pytest.approx(1 / 2, abs=0.02)
        assert found.total.score == pytest.approx(1 - 0.35 / 0.7, abs=0.02)
    assert [one.code for one in found.regions] == ["site"]
    assert found.cells <= SITE_CELLS
    assert found.resolution < 30


def test_the_buffer_of_a_line_is_a_band_with_round_ends(empty, tmp_path, write_features, rules_of):
    line = LineString([(LON, LAT - 0.3), (LON, LAT + 0.3)])
    length = GEOD.geometry_length(line)
    file = write_features("line.geojson", line)
    found = analyse(rules_of(_rule(file, closer_than=5000), resolution=15, regions=(REGION,)), empty, tmp_path)
    assert found.rules[0].hit == pytest.approx(2 * 5000 * length + math.pi * 5000**2, rel=0.01)


def test_a_polygon_without_and_with_buffer(empty, tmp_path, write_features, rules_of):
    square = box(LON, LAT, LON + 0.4, LAT + 0.3)
    file = write_features("square.geojson", square)
    exact = analyse(rules_of(_rule(file, closer_than=0), resolution=15, regions=(REGION,)), empty, tmp_path)
    assert exact.rules[0].hit == pytest.approx(_area(square), rel=2e-3)
    around = analyse(rules_of(_rule(file, closer_than=2000), resolution=15, regions=(REGION,)), empty, tmp_path)
    outline = GEOD.geometry_length(square.exterior)
    grown = _area(square) + 2000 * outline + math.pi * 2000**2
    assert around.rules[0].hit == pytest.approx(grown, rel=0.006)
    beyond = analyse(rules_of(_rule(file, farther_than=2000), resolution=15, regions=(REGION,)), empty, tmp_path)
    assert beyond.total.remaining == pytest.approx(around.rules[0].hit, rel=1e-9)


def test_a_small_polygon_does_not_vanish(empty, tmp_path, write_features, rules_of):
    file = write_features("small.geojson", box(LON + 0.001, LAT + 0.001, LON + 0.002, LAT + 0.002))
    found = analyse(rules_of(_rule(file, closer_than=0), resolution=60, regions=(REGION,)), empty, tmp_path)
    assert found.rules[0].hit > 0


def test_overlaps_and_what_is_hit_alone(empty, tmp_path, write_features, rules_of):
    left, right = box(LON, LAT, LON + 0.4, LAT + 0.4), box(LON + 0.2, LAT, LON + 0.6, LAT + 0.4)
    one = _rule(write_features("left.geojson", left), closer_than=0, id="left")
    other = _rule(write_features("right.geojson", right), closer_than=0, id="right")
    found = analyse(rules_of(one, other, resolution=20, regions=(REGION,)), empty, tmp_path)
    both = _area(box(LON + 0.2, LAT, LON + 0.4, LAT + 0.4))
    assert found.overlaps["left"]["right"] == found.overlaps["right"]["left"] == pytest.approx(both, rel=1e-2)
    left_rule, right_rule = found.rules
    assert left_rule.alone == pytest.approx(left_rule.hit - found.overlaps["left"]["right"], abs=2)
    together = left_rule.alone + right_rule.alone + found.overlaps["left"]["right"]
    assert found.total.excluded == pytest.approx(together, abs=3)


def test_areas_of_regions_are_those_of_the_ellipsoid_at_any_block_size(empty, tmp_path, rules_of, monkeypatch):
    rules = rules_of(resolution=300, regions=("KZ-71", REGION))
    whole = analyse(rules, empty, tmp_path)
    monkeypatch.setattr(distance, "BLOCK_CELLS", 500)
    pieces = analyse(rules, empty, tmp_path)
    borders = current(empty)
    for first, second in zip(whole.regions, pieces.regions, strict=True):
        assert first.area == pytest.approx(_area(borders.unit(first.code).shape), rel=2e-4)
        assert second.area == pytest.approx(first.area, abs=5)
        assert first.remaining == first.area


def test_a_raster_by_limits_and_classes_as_brute_force_counts(empty, tmp_path, write_raster, rules_of):
    random = np.random.default_rng(3)
    values = random.integers(0, 5, (80, 80)).astype(np.int16)
    values[:10] = -1
    file = write_raster("cover.tif", values, LON - 0.2, LAT + 0.2, 1 / 60, nodata=-1)
    cell = {"file": file}
    rules = rules_of(
        _value(cell, id="class", classes=[2, 4]), _value(cell, id="low", below=1), _value(cell, id="high", above=3),
        resolution=60, regions=(REGION,),
    )  # fmt: skip
    found = {rule.id: rule for rule in analyse(rules, empty, tmp_path).rules}
    from jasyl.atlas.grid import Grid

    areas = Grid(round((LON - 0.2) * 3600), round((LAT + 0.2) * 3600), 60, 80, 80).row_areas[:, None]
    expected = {"class": np.isin(values, (2, 4)), "low": values == 0, "high": values == 4}
    for name, hit in expected.items():
        assert found[name].hit == pytest.approx(float((areas * hit).sum()), rel=1e-6)
    region = current(empty).unit(REGION).shape
    unknown = _area(region) - float((areas * (values >= 0)).sum())
    assert found["class"].unknown == pytest.approx(unknown, rel=1e-3)
    strict = rules_of(_value(cell, classes=[2, 4], missing="excluded"), resolution=60, regions=(REGION,))
    assert analyse(strict, empty, tmp_path).total.remaining == pytest.approx(
        float((areas * np.isin(values, (0, 1, 3))).sum()), rel=1e-6
    )


def test_a_buffer_around_cells_of_a_raster(empty, tmp_path, write_raster, rules_of):
    values = np.zeros((200, 200), dtype=np.uint8)
    values[100, 100] = 1
    file = write_raster("wet.tif", values, LON - 0.5, LAT + 0.5, 1 / 120)
    wet = _value({"file": file}, classes=[1], buffer=10_000)
    found = analyse(rules_of(wet, resolution=30, regions=(REGION,)), empty, tmp_path)
    assert found.rules[0].hit == pytest.approx(math.pi * 10_000**2, rel=0.02)


def test_a_raster_in_another_projection_with_scale(empty, tmp_path, rules_of):
    from pyproj import Transformer

    to_metres = Transformer.from_crs("OGC:CRS84", "EPSG:32643", always_xy=True)
    x, y = to_metres.transform(LON, LAT)
    values = np.full((60, 60), 250, dtype=np.int16)
    move = rasterio.Affine(1000, 0, x - 30_000, 0, -1000, y + 30_000)
    shape = {"height": 60, "width": 60, "count": 1, "dtype": "int16"}
    with rasterio.open(tmp_path / "utm.tif", "w", driver="GTiff", crs="EPSG:32643", transform=move, **shape) as out:
        out.write(values, 1)
        out.scales = (0.1,)
    steep = _value({"file": "utm.tif"}, above=24.9)
    found = analyse(rules_of(steep, resolution=30, regions=(REGION,)), empty, tmp_path)
    assert found.rules[0].hit == pytest.approx(60_000**2, rel=0.01)


def test_a_score_is_the_weighted_mean_between_worst_and_best(empty, tmp_path, write_raster, write_features, rules_of):
    values = np.tile(np.arange(100, dtype=np.int16), (100, 1))
    file = write_raster("ramp.tif", values, LON - 0.5, LAT + 0.5, 1 / 100)
    ramp = {"kind": "value", "id": "ramp", "source": {"file": file}, "weight": 3, "worst": 0, "best": 99}
    flat = {"kind": "value", "id": "flat", "source": {"file": file}, "weight": 1, "worst": 1000, "best": 2000}
    rules = rules_of(criteria=(ramp, flat), resolution=36, regions=(REGION,), threshold=0.5)
    picture = tmp_path / "out.tif"
    total = analyse(rules, empty, tmp_path, raster=picture).total
    assert total.score == pytest.approx(0.75 * 0.5, abs=2e-3)
    assert total.suitable == pytest.approx(0.34 * total.scored, rel=2e-3)  # 66 of 99 and more
    assert sum(total.classes) == pytest.approx(total.scored, abs=20)
    assert total.classes[8] == total.classes[9] == 0
    with rasterio.open(picture) as drawn:
        assert drawn.count == 2
        score = drawn.read(2)
        assert set(np.unique(score[score != 255])) <= set(range(76))
    near = {"kind": "distance", "id": "far", "weight": 1, "worst": 50_000, "best": 0}
    near["source"] = {"file": write_features("p.geojson", Point(LON, LAT))}
    cone = analyse(rules_of(criteria=(near,), resolution=60, regions=(REGION,)), empty, tmp_path).total
    # Volume of a cone of height 1 over the circle: a third of its area.
    assert cone.score * cone.scored == pytest.approx(math.pi * 50_000**2 / 3, rel=0.01)


def test_layers_of_the_atlas_and_the_example_run(atlas, tmp_path):
    (tmp_path / "rules.json").write_bytes(example_rules())
    calls = []
    found = analyse(
        read_rules(tmp_path / "rules.json"), atlas, tmp_path, progress=lambda done, total: calls.append((done, total)),
        raster=tmp_path / "x.tif",
    )  # fmt: skip
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert 0 < found.total.remaining < found.total.area
    assert found.licences == dict.fromkeys(("weak-sun", "dark-winter", "direct-sun", "winter-sun"), "BSD-3-Clause")
    assert json.loads(json.dumps(found.as_data()))["total"]["code"] == "KZ"
    again = analyse(read_rules(tmp_path / "rules.json"), atlas, tmp_path)
    assert again == found
    changed = parse_rules(example_rules().replace(b'"below": 5.0', b'"below": 5.1'))
    assert analyse(changed, atlas, tmp_path).digest != found.digest


def test_the_example_fits_the_published_schema():
    import jsonschema

    schema = rules_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(example_rules()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({"title": "x", "rules": [{"kind": "nonsense"}]})


WRONG = [
    b"",
    b"[]",
    b'{"title": "x", "unknown": 1}',
    b'{"title": "x", "resolution": 0}',
    b'{"title": "x", "rules": [{"kind": "distance", "id": "a", "source": {"file": "f"}}]}',
    b'{"title": "x", "rules": [{"kind": "value", "id": "a", "source": {"file": "f"}}]}',
    b'{"title": "x", "rules": [{"kind": "value", "id": "a", "source": {}, "below": 1}]}',
    b'{"title": "x", "rules": [{"kind": "value", "id": "a", "source": {"file": "f", "layer": "l"}, "below": 1}]}',
    b'{"title": "x", "rules": [{"kind": "value", "id": "A!", "source": {"file": "f"}, "below": 1}]}',
    b'{"title": "x", "criteria": [{"kind": "value", "id": "a", "source": {"file": "f"}, "weight": 1,'
    b'"worst": 1, "best": 1}]}',
    b'{"title": "x", "rules": [{"kind": "value", "id": "a", "source": {"file": "f"}, "below": 1},'
    b'{"kind": "value", "id": "a", "source": {"file": "f"}, "below": 1}]}',
]


@pytest.mark.parametrize("content", WRONG)
def test_rules_that_make_no_sense_are_refused(content):
    with pytest.raises(Refusal) as refusal:
        parse_rules(content, "rules.json")
    assert refusal.value.code == "siting-rules"


def test_sources_that_cannot_be_used_are_refused(empty, tmp_path, write_features, write_raster, rules_of):
    bow = Polygon([(70, 50), (71, 51), (71, 50), (70, 51)])
    (tmp_path / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    (tmp_path / "junk.tif").write_bytes(b"junk")
    write_raster("plain.tif", np.zeros((4, 4), dtype=np.uint8), 70, 50, 1, crs=None)
    write_raster("fine.tif", np.zeros((4, 4), dtype=np.uint8), 70, 50, 1)
    metres = write_features("metres.geojson", Point(5_000_000, 5_000_000))
    files = ["none.geojson", "empty.geojson", write_features("bow.geojson", bow), metres]
    wrong = [_rule(file, closer_than=0) for file in files]
    wrong += [_value({"file": file}, below=1) for file in ("none.tif", "junk.tif", "plain.tif")]
    wrong.append(_value({"file": "fine.tif", "band": 3}, below=1))
    wrong.append(_rule(metres, closer_than=0) | {"source": {"file": "bow.geojson", "where": "no such ("}})
    for rule in wrong:
        with pytest.raises(Refusal) as refusal:
            analyse(rules_of(rule), empty, tmp_path)
        assert refusal.value.code == "siting-source", rule


def test_too_fine_a_grid_and_a_place_that_cannot_be_written(empty, tmp_path, rules_of):
    with pytest.raises(Refusal) as refusal:
        grid_of([unit.shape for unit in current(empty).of("region")], 1)
    assert refusal.value.code == "siting-too-fine"
    with pytest.raises(Refusal) as refusal:
        analyse(rules_of(resolution=600), empty, tmp_path, raster=tmp_path / "none" / "x.tif")
    assert refusal.value.code == "siting-raster"
    with pytest.raises(Refusal) as refusal:
        read_rules(tmp_path / "none.json")
    assert refusal.value.code == "siting-unreadable"


def test_a_geopackage_in_metres_is_read_by_layer_and_condition(empty, tmp_path, rules_of):
    import pyogrio.raw
    from pyproj import Transformer

    move = Transformer.from_crs("OGC:CRS84", "EPSG:32643", always_xy=True).transform
    shapes = [shapely.Point(*move(LON, LAT)), shapely.Point(*move(LON + 1, LAT))]
    fields = [np.array(["a", "b"], dtype=object)]
    pyogrio.raw.write(
        tmp_path / "points.gpkg", shapely.to_wkb(shapes), fields, ["name"], crs="EPSG:32643", geometry_type="Point",
        layer="wells", driver="GPKG",
    )  # fmt: skip
    source = {"file": "points.gpkg", "layer": "wells", "where": "name = 'a'"}
    rule = {"kind": "distance", "id": "near", "source": source, "closer_than": 9000}
    found = analyse(rules_of(rule, resolution=30, regions=(REGION,)), empty, tmp_path)
    assert found.rules[0].hit == pytest.approx(math.pi * 9000**2, rel=0.02)
