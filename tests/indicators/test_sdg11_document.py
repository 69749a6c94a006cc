"""SDG 11 of a city from a document and its files: values, cautions, closed groups, and every fault with its place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import rasterio
import shapely
from shapely.geometry.base import BaseGeometry

from jasyl.indicators.sdg11 import Computed, compute_sdg11, read_sdg11, sdg11_schema
from jasyl.texts import LANGUAGES, Refusal, has

PEOPLE = "lon,lat,persons,sex=female,sex=male\n76.93,43.25,100,60,40\n76.95,43.25,50,49,1\n"
STOPS = "lon,lat,high_capacity\n76.931,43.25,no\n"
CELLS = "concentration,persons,district=A\n20,300,300\n40,100,0\n,600,0\n"


def shapes(*found: BaseGeometry) -> str:
    features = [{"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)} for one in found]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def city(tmp_path: Path) -> Path:
    files = {
        "people.csv": PEOPLE,
        "stops.csv": STOPS,
        "cells.csv": CELLS,
        "built.geojson": shapes(shapely.box(76.92, 43.24, 76.94, 43.26)),
        "parks.geojson": shapes(shapely.box(76.92, 43.24, 76.925, 43.26)),
        "streets.geojson": shapes(shapely.LineString([(76.93, 43.24), (76.93, 43.26)])),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    document = {
        "place": "KZ-75",
        "year": 2024,
        "transit": {"people": "people.csv", "stops": "stops.csv"},
        "land": {"built_then": 3e8, "built_now": 3.3e8, "people_then": 2e6, "people_now": 2.1e6, "years": 5},
        "waste": {"generated": 1000, "facilities": [{"name": "a", "control": "basic", "received": 700}]},
        "air": {"pm25": "cells.csv"},
        "open_space": {
            "built_up": "built.geojson",
            "spaces": "parks.geojson",
            "streets": "streets.geojson",
            "street_width": 20,
            "people": "people.csv",
        },
    }
    (tmp_path / "city.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def computed(folder: Path, change: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Computed]:
    file = folder / "city.json"
    if change is not None:
        document = json.loads(file.read_text(encoding="utf-8"))
        change(document)
        file.write_text(json.dumps(document), encoding="utf-8")
    return {one.point: one for one in compute_sdg11(read_sdg11(file), folder)}


def test_all_five_are_computed(city: Path) -> None:
    found = computed(city)
    assert set(found) == {"11.2.1", "11.3.1", "11.6.1", "11.6.2.pm25", "11.7.1.share", "11.7.1.access"}
    access = found["11.2.1"]
    assert access.value is not None
    assert round(float(access.value), 4) == round(100 * 100 / 150, 4)
    assert access.cautions == ("straight_lines",)
    # One man lives far from any stop; women are closed too, else the total tells of him.
    assert [(part.by, part.primary) for part in access.parts] == [
        ((("sex", "female"),), False),
        ((("sex", "male"),), True),
    ]
    assert all(part.suppressed for part in access.parts)
    assert float(found["11.3.1"].value or 0) == pytest.approx(0.1 / np.log(1.05))
    assert found["11.6.1"].value == 70
    air = found["11.6.2.pm25"]
    assert (air.value, air.cautions, air.answer.status) == (25, ("not_everybody",), "partly")
    assert air.parts[0].value == 20
    space = float(found["11.7.1.share"].value or 0)
    wide = 111_320 * np.cos(np.radians(43.25)) * 0.02
    assert space == pytest.approx(25 + 100 * 20 / wide, rel=2e-3)
    assert found["11.7.1.share"].cautions == ()
    for one in found.values():
        for caution in one.cautions:
            assert all(has(language, f"sdg-caution-{caution.replace('_', '-')}") for language in LANGUAGES)


def test_what_limits_a_value_is_said(city: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["transit"]["detour"] = 1.3
        document["land"]["people_now"] = 2e6
        del document["open_space"]["streets"]

    found = computed(city, change)
    assert found["11.2.1"].cautions == ()
    assert (found["11.3.1"].value, found["11.3.1"].cautions) == (None, ("still",))
    assert found["11.7.1.share"].cautions == ("no_streets",)
    shrunk = computed(city, lambda document: document["land"].update(people_now=1.9e6))
    assert shrunk["11.3.1"].cautions == ("shrinking",)


def test_people_from_a_raster(city: Path) -> None:
    counts = np.full((20, 20), 5.0, dtype="float32")
    counts[0, 0] = -99999
    options: dict[str, Any] = {"driver": "GTiff", "width": 20, "height": 20, "count": 1, "dtype": "float32"}
    options |= {"nodata": -99999, "transform": rasterio.Affine(0.001, 0, 76.92, 0, -0.001, 43.26)}
    for name, crs in (("people.tif", "EPSG:4326"), ("utm.tif", "EPSG:32643")):
        with rasterio.open(city / name, "w", crs=crs, **options) as raster:
            raster.write(counts, 1)
    found = computed(city, lambda document: document["transit"].update(people="people.tif"))
    assert found["11.2.1"].answer.denominator == 5 * 399
    with pytest.raises(Refusal) as refused:
        computed(city, lambda document: document["transit"].update(people="utm.tif"))
    assert refused.value.code == "sdg-raster"


def test_the_schema_holds(city: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(sdg11_schema())
    document = json.loads((city / "city.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, sdg11_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "colour": "red"}, sdg11_schema())


def _put(part: str, **cells: object) -> Callable[[dict[str, Any]], None]:
    return lambda document: document[part].update(cells)


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("people.csv", "lon,lat\n76.9,43.2\n", "sdg-columns"),
        ("people.csv", "lon,lat,persons\n43.2,76.9,5\n", "coordinates-swapped"),
        ("people.csv", "lon,lat,persons\n76.9,43.2,\n", "sdg-empty"),
        ("people.csv", "lon,lat,persons\n76.9,43.2,some\n", "not-number"),
        ("people.csv", "lon,lat,persons\n76.9,43.2,-5\n", "sdg-persons"),
        ("people.csv", "lon,lat,persons\n43.2,176.9,5\n", "not-coordinates"),
        ("cells.csv", "concentration,persons\n-5,100\n", "sdg-concentration"),
        ("parks.geojson", "{}", "sdg-shapes"),
        ("parks.geojson", '{"type": "FeatureCollection", "features": []}', "sdg-shapes"),
        ("city.json", "{", "json-unreadable"),
        ("city.json", '{"place": "KZ-75", "year": "soon"}', "not-number"),
    ],
)
def test_faults_of_files(city: Path, file: str, content: str, code: str) -> None:
    (city / file).write_text(content, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        computed(city)
    assert refused.value.code == code
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_faults_of_the_document(city: Path) -> None:
    for change, code in (
        (_put("transit", people="nobody.csv"), "file-missing"),
        (_put("transit", people="nobody.tif"), "file-missing"),
        (_put("transit", people="people.csv", detour=0.5), "sdg-document"),
        (_put("transit", detour=1), None),
        (_put("open_space", street_width=None), "sdg-street-width"),
    ):
        if code is None:
            computed(city, change)
            continue
        with pytest.raises(Refusal) as refused:
            computed(city, change)
        assert refused.value.code == code
    with pytest.raises(Refusal):
        read_sdg11(city / "none.json")
