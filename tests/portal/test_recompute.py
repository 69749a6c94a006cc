"""The planner's pages: a changed tilt or turbine is a changed map, in three forms and languages, at one address."""

import csv
import io
import json
import re
from urllib.parse import urlencode

import pytest
from tests.portal.conftest import Browser

from jasyl.portal.app import create_app
from jasyl.storage import open_folder
from jasyl.texts import LANGUAGES

SOLAR, WIND = "/atlas/solar/recompute", "/atlas/wind/recompute"
CURVE = "3 0\n8 1000\n12 3000\n25 3000\n25 0"


@pytest.fixture(scope="module")
def planning(planning_folder):
    """An installation whose weather is made up."""
    return Browser(create_app(open_folder(planning_folder), ["127.0.0.1"]))


@pytest.mark.parametrize("path", [SOLAR, WIND])
def test_without_weather_the_page_says_what_to_load(browser, path):
    for language in LANGUAGES:
        shown = browser.get(f"/{language}{path}")
        assert shown.status_code == 200
        assert "jasyl atlas convert" in shown.text
        assert '<form class="filters planner-form' not in shown.text
    answer = browser.get(f"/en{path}.json").json()
    assert "jasyl atlas convert" in answer["load"]
    assert "regions" not in answer
    assert browser.get(f"{path}/value/0/5/21/11.png").status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [SOLAR, WIND])
def test_the_map_the_legend_and_the_regions_are_there(planning, path, language):
    shown = planning.get(f"/{language}{path}")
    assert shown.status_code == 200
    assert shown.text.split('<div class="layer-picture"')[1].split("</div>")[0].count(".png?") == 12
    assert 'class="badge badge-modelled"' in shown.text
    assert "<svg" in shown.text.split("layer-legend")[1]
    tile = re.search(rf'"({path}/value/0/5/21/11\.png[^"]*)"', shown.text)[1].replace("&amp;", "&")
    drawn = planning.get(tile)
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.content.startswith(b"\x89PNG")
    rows = list(csv.reader(io.StringIO(planning.get(f"/{language}{path}.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 22  # heading, country, 20 regions
    assert rows[0][:4] != rows[1][:4]


def test_another_tilt_is_another_map_at_an_address_to_pass_on(planning):
    standard = planning.get(f"/en{SOLAR}.json").json()
    steep = planning.get(f"/en{SOLAR}.json?tilt=80&azimuth=90").json()
    assert standard["kind"] == steep["kind"] == "modelled"
    assert (steep["settings"]["slope"], steep["settings"]["azimuth"]) == ("80", "90")
    country, turned = standard["regions"][0], steep["regions"][0]
    assert country["place"] == "KZ"
    assert country["difference"] == 0
    assert turned["standard"] == country["mean"]
    assert turned["mean"] < 0.8 * country["mean"]
    assert turned["difference"] == pytest.approx(turned["mean"] - turned["standard"], abs=1e-6)
    assert steep["inputs"]["weather"]
    assert steep["sources"][0]["licence"]
    tiles = steep["tiles"]
    assert "tilt=80" in tiles
    one, other = (planning.get(where["tiles"].format(z=5, x=21, y=11)).content for where in (standard, steep))
    assert one != other
    difference = planning.get(f"/en{SOLAR}.json?tilt=80&azimuth=90&show=difference").json()
    assert "/difference/0/" in difference["tiles"]
    assert difference["legend"]["classes"][0]["upper"].startswith("-")
    december = planning.get(f"/en{SOLAR}.json?band=12").json()
    assert december["regions"][0]["mean"] < country["mean"]


def test_the_answer_is_the_first_layer_of_the_map_and_every_click_has_its_value(planning):
    shown = planning.get(f"/ru{SOLAR}?tilt=80&azimuth=90&band=12").text
    settings = json.loads(re.search(r'data-island="map">\s*<script type="application/json">(.*?)</script>', shown)[1])
    layer = settings["layers"][0]
    assert settings["shown"] == {"layer": layer["id"], "band": "12"} == {"layer": "solar.recompute", "band": "12"}
    assert f'<form class="filters planner-form" id="{settings["form"]}"' in shown
    assert len(layer["bands"]) == 13
    assert all(band["legend"] for band in layer["bands"])
    # Those of the front page to look at beside it.
    assert {"solar.pvout", "solar.ghi_clear"} <= {one["id"] for one in settings["layers"]}
    assert all(one["id"].startswith("solar.") for one in settings["layers"])
    assert planning.get(layer["tiles"].format(band=12, z=5, x=21, y=11)).content.startswith(b"\x89PNG")
    asked = planning.get(f"/ru{SOLAR}.json?tilt=80&azimuth=90&lon=71.4&lat=51.1").json()["point"]
    clicked = planning.get(f"{layer['point']}&lon=71.4&lat=51.1").json()
    assert [clicked["year"], *clicked["months"]] == [asked["value"], *asked["months"]]
    assert clicked["standard"] == [asked["standard"], *asked["standard_months"]]
    above = planning.get(f"{layer['point'].replace('show=value', 'show=difference')}&lon=71.4&lat=51.1").json()
    assert above["year"] == pytest.approx(asked["value"] - asked["standard"], abs=1e-3)
    assert planning.get(layer["point"]).json()["refused"][0]["code"] == "recompute-place"
    assert planning.get(f"{layer['point']}&lon=10&lat=10").json()["refused"][0]["code"] == "point-outside"


def test_losses_and_inverter_count_in_per_cent(planning):
    plain = planning.get(f"/en{SOLAR}.json").json()["regions"][0]["mean"]
    lossy = planning.get(f"/en{SOLAR}.json?soiling=13,15&inverter=95").json()["regions"][0]["mean"]  # decimal comma
    assert lossy == pytest.approx(plain * 0.9 * 95 / 90, rel=1e-5)


@pytest.mark.parametrize(
    ("language", "soiling", "rated"), [("kk", "3,5", "4,2"), ("ru", "3,5", "4,2"), ("en", "3.5", "4.2")]
)
def test_numbers_of_the_form_are_written_as_the_reader_writes_them(planning, language, soiling, rated):
    standing = planning.get(f"/{language}{SOLAR}").text
    assert f'name="soiling" inputmode="decimal" value="{soiling}"' in standing
    assert re.search(r"<dd[^>]*>" + soiling + "</dd>", standing)
    assert f'value="12{soiling[1]}5"' in planning.get(f"/{language}{SOLAR}?other=12.5").text
    assert f", {rated} " in planning.get(f"/{language}{WIND}").text
    refused = planning.get(f"/{language}{SOLAR}?soiling=much").text
    assert 'name="soiling" inputmode="decimal" value="much"' in refused


def test_a_pasted_curve_is_the_turbine_and_travels_in_the_address(planning):
    query = urlencode({"turbine": "own", "curve": CURVE, "height": "110", "wake": "8"})
    answer = planning.get(f"/en{WIND}.json?{query}").json()
    assert answer["settings"]["curve"] == "3:0,8:1000,12:3000,25:3000,25:0"
    assert (answer["settings"]["hub_height"], answer["settings"]["wake"]) == ("110", "0.08")
    assert 0 < answer["regions"][0]["mean"] < 100
    assert planning.get(answer["tiles"].format(z=5, x=21, y=11)).status_code == 200
    shown = planning.get(f"/en{WIND}?{query}").text
    assert re.search(r'<option value="own" selected>', shown)
    assert "3 0\n8 1000" in shown.replace("\r", "")
    short = urlencode({"curve": "3:0,8:1000,12:3000,25:3000,25:0", "height": "110", "wake": "8"})
    assert planning.get(f"/en{WIND}.json?{short}").json()["regions"] == answer["regions"]


def test_the_built_turbine_differs_in_nothing_from_its_layer(planning):
    answer = planning.get(f"/en{WIND}.json?turbine=V90/2000").json()["regions"]
    assert all(abs(one["difference"]) < 0.005 for one in answer if one["difference"] is not None)


def test_a_place(planning):
    answer = planning.get(f"/en{SOLAR}.json?lon=71.4&lat=51.1").json()["point"]
    assert answer["value"] == answer["standard"]
    assert len(answer["months"]) == 12
    assert "71.40° E, 51.10° N" in planning.get(f"/en{SOLAR}?lon=71.4&lat=51.1").text
    assert planning.get(f"/en{SOLAR}.json?lon=10&lat=10").json()["refused"][0]["code"] == "point-outside"


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (SOLAR, {"tilt": "120"}, "recompute-number"),
        (SOLAR, {"tilt": "steep"}, "recompute-number"),
        (SOLAR, {"tilt": "nan"}, "recompute-number"),
        (SOLAR, {"azimuth": "90"}, "recompute-azimuth"),
        (SOLAR, {"mounting": "flying"}, "recompute-word"),
        (SOLAR, {"panel": "X"}, "recompute-word"),
        (SOLAR, {"inverter": "0"}, "recompute-number"),
        (SOLAR, {"period": "1850"}, "recompute-period"),
        (SOLAR, {"store": "../x"}, "recompute-store"),
        (SOLAR, {"show": "both"}, "recompute-word"),
        (SOLAR, {"band": "13"}, "recompute-number"),
        (WIND, {"turbine": "Windmill"}, "turbine-unknown"),
        (WIND, {"turbine": "own"}, "power-curve-points"),
        (WIND, {"turbine": "own", "curve": "3 26\n2 73"}, "power-curve-order"),
        (WIND, {"height": "3"}, "recompute-number"),
        (WIND, {"wake": "100"}, "recompute-number"),
    ],
)
def test_what_cannot_be_is_refused_and_the_form_keeps_what_was_typed(planning, path, query, code):
    written = urlencode(query)
    answer = planning.get(f"/en{path}.json?{written}")
    assert answer.status_code == 400
    assert answer.json()["refused"][0]["code"] == code
    for language in LANGUAGES:
        shown = planning.get(f"/{language}{path}?{written}")
        assert 'role="alert"' in shown.text
        assert "planner-form" in shown.text
        assert ".png?" not in shown.text
    typed = next(iter(query.values()))
    if path == SOLAR and next(iter(query)) in {"tilt", "azimuth", "inverter"}:
        assert f'value="{typed}"' in shown.text


def test_layers_that_can_be_worked_out_anew_say_so(planning):
    assert f'href="/en{WIND}"' in planning.get("/en/atlas/wind.capacity_factor").text
    assert f'href="/en{SOLAR}"' in planning.get("/en/atlas/solar.pvout").text
    assert f'href="/en{SOLAR}"' not in planning.get("/en/atlas/solar.ghi").text
    assert f'href="/en{SOLAR}"' in planning.get("/en/atlas").text
    assert planning.get("/atlas/borders.svg").text.startswith("<svg")
