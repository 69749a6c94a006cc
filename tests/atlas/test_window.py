"""What crosses the 180th meridian, or itself, is refused or mended, and the message says which and what to do."""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box, mapping

from jasyl.atlas import KAZAKHSTAN, Source, coverage
from jasyl.atlas.loading import load_features
from jasyl.atlas.loading.target import target_grid
from jasyl.atlas.siting.rules import VectorSource
from jasyl.atlas.siting.sources import features
from jasyl.atlas.window import check_shapes, checked
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

# Both ways in which a square across the 180th meridian is drawn, and the way in which it should be (RFC 7946).
EAST_AND_WEST = Polygon([(179, 50), (-179, 50), (-179, 51), (179, 51)])
BEYOND = box(179, 50, 181, 51)
CUT = MultiPolygon([box(179, 50, 180, 51), box(-180, 50, -179, 51)])
HERE = box(70, 50, 71, 51)
BOW_TIE = Polygon([(70, 50), (71, 51), (71, 50), (70, 51)])
OSM = Source(name="OpenStreetMap", version="1", licence="ODbL 1.0", reference="https://www.openstreetmap.org")


def told(refusal: Refusal, code: str) -> None:
    assert refusal.code == code
    texts = {refusal.text(language) for language in LANGUAGES}
    assert len(texts) == 3
    assert not any("{" in text for text in texts)


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ((170, 40, -170, 50), "window-antimeridian"),
        ((170, 40, 190, 50), "window-antimeridian"),
        ((-190, 40, -170, 50), "window-antimeridian"),
        ((88, 40, 46, 56), "window-antimeridian"),
        ((46, 40, 46, 56), "window-antimeridian"),
        ((40, 46, 56, 91), "window-edges"),
        ((46, 56, 88, 40), "window-edges"),
        ((46, 40, float("nan"), 56), "window-edges"),
    ],
)
def test_windows_that_are_none(window: Any, code: str) -> None:
    for ask in (lambda: checked(window), lambda: target_grid([], window, None)):
        with pytest.raises(Refusal) as caught:
            ask()
        told(caught.value, code)


def test_the_widest_window_is_one() -> None:
    assert checked((-180, -90, 180, 90)) == (-180, -90, 180, 90)


@pytest.mark.parametrize("shape", [EAST_AND_WEST, BEYOND, LineString([(179, 50), (-179, 51)])])
def test_shapes_across_the_meridian(shape: Any) -> None:
    with pytest.raises(Refusal) as caught:
        check_shapes([HERE, shape])
    told(caught.value, "shape-antimeridian")
    assert caught.value.arguments["number"] == 2
    check_shapes([HERE, CUT])
    check_shapes([])


def test_statistics_do_not_take_the_rest_of_the_globe_for_a_shape() -> None:
    """Read as it stands, the square across the meridian holds every cell of Kazakhstan between 50 and 51 degrees."""
    with pytest.raises(Refusal) as caught:
        coverage(KAZAKHSTAN, [mapping(EAST_AND_WEST)])
    told(caught.value, "shape-antimeridian")
    with pytest.raises(Refusal) as caught:
        coverage(KAZAKHSTAN, [CUT])
    assert caught.value.code == "shape-outside"
    (found,) = coverage(KAZAKHSTAN, [MultiPolygon([HERE, *CUT.geoms])])
    assert found.covered == pytest.approx(1 / 3)


def test_rules_do_not_exclude_the_rest_of_the_globe(tmp_path: Path) -> None:
    for name, shape in (("across", EAST_AND_WEST), ("cut", CUT)):
        (tmp_path / f"{name}.geojson").write_text(json.dumps(mapping(shape)), encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        features(VectorSource(file="across.geojson"), tmp_path)
    told(caught.value, "shape-antimeridian")
    assert caught.value.where is not None
    assert caught.value.where.file == "across.geojson"
    assert not features(VectorSource(file="cut.geojson"), tmp_path).inside(KAZAKHSTAN).any()


def test_an_extract_is_mended_or_refused(empty: DataFolder, tmp_path: Path) -> None:
    def written(*shapes: Any) -> Path:
        file = tmp_path / "protected.gpkg"
        file.unlink(missing_ok=True)
        kinds = np.array(["nature_reserve"] * len(shapes), dtype=object)
        pyogrio.raw.write(
            file, shapely.to_wkb(np.array(shapes)), [kinds], ["leisure"], crs="EPSG:4326",
            geometry_type="Unknown", driver="GPKG", layer="protected",
        )  # fmt: skip
        return file

    record = load_features(empty, "protected", written(HERE, BOW_TIE), OSM)
    assert (record.features, record.mended) == (2, 1)
    assert msgspec.json.decode((empty.atlas / "features-protected.json").read_bytes())["mended"] == 1
    # What was mended can be used by rules, and has the area of both wings.
    kept = features(VectorSource(file="features-protected.gpkg"), empty.atlas)
    assert shapely.area(kept.shapes).tolist() == pytest.approx([1, 0.5])
    with pytest.raises(Refusal) as caught:
        load_features(empty, "protected", written(HERE, EAST_AND_WEST), OSM)
    told(caught.value, "shape-antimeridian")
    assert len(features(VectorSource(file="features-protected.gpkg"), empty.atlas).shapes) == 2  # the older ones stay
