"""Layers of areas and sites on pages and map: coloured by the legend, what is unknown left out, values at a click."""

import re
import shutil
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace
from shapely import LineString
from tests.portal.conftest import Browser

from jasyl.atlas import AreaValue, SiteValue, choropleth, definition, legend, write_areas, write_sites
from jasyl.atlas.grid import Grid
from jasyl.atlas.raster import store_raster
from jasyl.atlas.water.lines import write_lines
from jasyl.portal.app import create_app
from jasyl.storage import open_folder
from jasyl.texts import LANGUAGES

AREAS, SITES, LINES, RASTER = "biomass.energy", "geothermal.heat", "water.rivers", "land.slope"
KNOWN = {"KZ-11": "120", "KZ-71": "30", "KZ-75": "9000"}


@pytest.fixture(scope="module")
def layered(starter_folder, tmp_path_factory):
    """An installation of its own: its layers hold made-up values."""
    folder = open_folder(shutil.copytree(starter_folder, tmp_path_factory.mktemp("layers") / "data"))
    said = {"kind": "modelled", "source": "a test", "confidence": "medium"}
    areas = [
        AreaValue(place=code, level="region", value=Decimal(text), parts={"straw": Decimal(7)}, **said)
        for code, text in KNOWN.items()
    ]
    areas.append(AreaValue(place="KZ-19", level="region", value=Decimal(77), **{**said, "confirmed": False}))
    areas.append(AreaValue(place="KZ-23", level="region", **said))
    areas.append(AreaValue(place="KZ", level="country", value=Decimal(10_000), **said))
    write_areas(folder, definition(AREAS), areas)
    wells = [("a", "80.1", "44.2", "30"), ("b", "80.9", "44.2", "3"), ("c", None, None, "1"), ("d", "70", "43", None)]
    sites = [
        SiteValue(
            id=key,
            name=f"Well {key}",
            longitude=None if x is None else Decimal(x),
            latitude=None if y is None else Decimal(y),
            value=None if value is None else Decimal(value),
            place="KZ-33",
            **said,
        )
        for key, x, y, value in wells
    ]
    write_sites(folder, definition(SITES), sites)
    rivers = [LineString([(70, 50), (71, 50.5)]), LineString([(71, 50.5), (72, 51)]), LineString([(60, 45), (61, 45)])]
    table = {"geometry": [line.wkb for line in rivers], "order": [4, 3, 1], "discharge": [2.5, 40.0, None]}
    write_lines(folder, definition(LINES), pa.table(table))
    slope = replace(definition(RASTER), grid=Grid(76 * 3600, 44 * 3600, 3600, 2, 2), resolution=3600, bands=("mean",))
    store_raster(folder, slope, np.full((1, 2, 2), 50, np.int16))
    return Browser(create_app(folder, ["127.0.0.1"]))


def test_a_layer_of_a_part_of_the_country_leaves_the_other_regions_empty(layered):
    rows = {row["place"]: row for row in layered.get(f"/en/atlas/{RASTER}.json").json()["values"]}
    assert rows["Almaty Region"]["mean"] is not None
    assert (rows["Akmola"]["mean"], rows["Akmola"]["share"]) == (None, 0)
    titles = [definition(RASTER).title("en") in layered.get(f"/en/regions/{iso}").text for iso in ("KZ-19", "KZ-11")]
    assert titles == [True, False]


def test_areas_without_a_value_and_the_country_are_not_drawn(layered):
    drawn = layered.get(f"/en/atlas/{AREAS}/places.geojson").json()["features"]
    colours = {one["properties"]["name"]: one["properties"]["colour"] for one in drawn}
    assert colours == {
        "Akmola": choropleth(AREAS, Decimal(120))["colour"],
        "Astana": choropleth(AREAS, Decimal(30))["colour"],
        "Almaty": choropleth(AREAS, Decimal(9000))["colour"],
        "Almaty Region": choropleth(AREAS, Decimal(77))["colour"],
    }
    assert [one["properties"]["confirmed"] for one in drawn if one["properties"]["name"] == "Almaty Region"] == [False]
    assert {entry.hex for entry in legend(AREAS).classes} >= set(colours.values())


def test_sites_without_place_or_value_are_in_the_table_but_not_on_the_map(layered):
    drawn = layered.get(f"/ru/atlas/{SITES}/places.geojson").json()["features"]
    assert [one["geometry"]["coordinates"] for one in drawn] == [[80.1, 44.2], [80.9, 44.2]]
    assert drawn[0]["properties"]["text"] == "30 МВт"
    assert len(layered.get(f"/atlas/{SITES}.json").json()["values"]) == 4
    assert layered.get(f"/atlas/{SITES}/picture.svg").text.count("<circle") == 2


def test_lines_are_drawn_the_largest_first(layered):
    drawn = layered.get(f"/kk/atlas/{LINES}/places.geojson").json()["features"]
    assert [one["properties"]["text"] for one in drawn] == ["40 м³/с", "2,50 м³/с"]
    assert {one["geometry"]["type"] for one in drawn} == {"LineString"}
    first = layered.get(f"/atlas/{LINES}.json").json()["values"][0]
    assert (first["name"], first["name_link"]) == ("50,50° N, 71,00° E", "/atlas/site?lon=71.0000&lat=50.5000")
    assert layered.get(f"/atlas/{LINES}/picture.svg").text.count('stroke-width="1.5"') == 2
    assert layered.get(f"/en/atlas/{LINES}/point.json?lon=70&lat=50").json()["year"] is None


@pytest.mark.parametrize(
    ("layer", "lon", "lat", "value", "name"),
    [
        (AREAS, 71.43, 51.13, 30.0, None),
        (AREAS, 51.9, 47.1, None, None),
        (AREAS, 20.0, 47.1, None, None),
        (SITES, 80.12, 44.21, 30.0, "Well a"),
        (SITES, 80.5, 44.2, None, None),
    ],
)
def test_a_click_asks_the_area_or_the_nearest_site(layered, layer, lon, lat, value, name):
    answer = layered.get(f"/en/atlas/{layer}/point.json?lon={lon}&lat={lat}").json()
    assert (answer["year"], answer["name"], answer["months"]) == (value, name, [])
    assert answer["kind_text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", [AREAS, SITES, LINES, "solar.ghi_clear", "wind.speed_100m"])
def test_every_layer_has_a_page(layered, layer, language):
    answer = layered.get(f"/{language}/atlas/{layer}")
    assert answer.status_code == 200
    assert re.search(r"<h1>[^<]+</h1>", answer.text)
    assert layered.get(f"/{language}/atlas/{layer}.csv").status_code == 200
    assert layered.get(f"/{language}/atlas/{layer}.json").json()["layer"]["id"] == layer


def test_the_sum_says_what_is_not_in_it(layered):
    data = layered.get(f"/atlas/{AREAS}.json").json()
    assert data["total"]["value"] == "9150"
    assert data["total"]["unconfirmed"] == ["KZ-19"]
    assert len(data["total"]["missing"]) == 16
    page = layered.get(f"/en/atlas/{AREAS}").text
    assert "Not confirmed: Almaty Region." in page
    assert "No value: Abai, Aktobe, Atyrau" in page


def test_regional_means_of_a_raster_stand_in_its_page(layered):
    rows = {row["place"]: row for row in layered.get("/en/atlas/solar.ghi_clear.json").json()["values"]}
    assert len(rows) == 20
    assert rows["Turkistan"]["mean"] > rows["North Kazakhstan"]["mean"]
    assert all(row["minimum"] <= row["p10"] <= row["p50"] <= row["p90"] <= row["maximum"] for row in rows.values())


@pytest.mark.parametrize(
    "address", ["/atlas/nothing.here", f"/atlas/{AREAS}/layer.tif", "/atlas/solar.ghi/picture.svg"]
)
def test_what_is_not_there_is_not_found(layered, address):
    assert layered.get(address).status_code == 404
