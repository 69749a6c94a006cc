"""The page of a site report, its PDF, downloads of layers, the STAC catalogue over HTTP."""

import io
import json
import re
import zipfile
from urllib.parse import urlencode

import pytest

from jasyl.texts import LANGUAGES

SITE = "/atlas/site?lon=71.43&lat=51.13"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_stands_in_every_language(browser, language):
    answer = browser.get(f"/{language}{SITE}")
    assert answer.status_code == 200, answer.text[-2000:]
    assert "<svg" in answer.text
    assert f"/{language}/atlas/site.pdf?lon=71.43" in answer.text
    asked = browser.get(f"/{language}/atlas/site")
    assert asked.status_code == 200
    assert 'name="lon"' in asked.text


def test_the_page_as_data_and_as_table(browser):
    found = browser.get("/en/atlas/site.json?lon=71.43&lat=51.13").json()
    assert found["report"]["layers"][0]["value"] == 4.469
    assert found["report"]["plants"]
    table = browser.get("/en/atlas/site.csv?lon=71.43&lat=51.13")
    assert table.headers["content-type"].startswith("text/csv")
    assert "4.469" in table.text
    assert browser.get("/en/atlas/site.json").json()["report"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_is_pdf(browser, language):
    answer = browser.get(f"/{language}/atlas/site.pdf?lon=71.43&lat=51.13")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    assert f'-{language}.pdf"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("query", ["lon=51.13&lat=71.43", "lon=x&lat=1", "lon=71", "lon=nan&lat=50", "lon=1e999&lat=1"])
@pytest.mark.parametrize("form", ["", ".json", ".pdf"])
def test_a_bad_place_is_told(browser, query, form):
    answer = browser.get(f"/en/atlas/site{form}?{query}")
    assert answer.status_code == 400
    if form == ".json":
        assert answer.json()["refused"][0]["mend"]


SQUARE = "70 50\n70.6 50\n70.6 50.4\n70 50.4"


def test_an_area_is_reported_in_every_form(browser):
    """By its corners, or as GeoJSON: the same area, the same hash."""
    corners = urlencode({"polygon": SQUARE})
    found = browser.get(f"/en/atlas/site.json?{corners}").json()["report"]
    assert float(found["area"]) == pytest.approx(1.91e9, rel=0.01)
    ring = [[70, 50], [70.6, 50], [70.6, 50.4], [70, 50.4], [70, 50]]
    drawn = urlencode({"polygon": json.dumps({"type": "Polygon", "coordinates": [ring]})})
    assert browser.get(f"/en/atlas/site.json?{drawn}").json()["report"]["digest"] == found["digest"]
    for language in LANGUAGES:
        shown = browser.get(f"/{language}/atlas/site?{corners}")
        assert shown.status_code == 200
        assert "70.6 50.4" in shown.text  # stands in the form to be changed
    assert browser.get(f"/ru/atlas/site.csv?{corners}").status_code == 200
    paper = browser.get(f"/kk/atlas/site.pdf?{corners}")
    assert paper.content.startswith(b"%PDF-1.7")
    assert '-area-kk.pdf"' in paper.headers["content-disposition"]


@pytest.mark.parametrize(
    ("polygon", "code"),
    [
        ("70 50", "site-corners"),
        ("70,50,71", "site-corners"),
        ("here", "site-corners"),
        ("70 50\n" * 2000, "site-corners"),
        ("70 50, 71 51, 71 50, 70 51", "site-crosses-itself"),
        ("179 50, -179 50, -179 51", "site-antimeridian"),
        ("50 70, 50.4 70, 50.4 70.6", "site-swapped"),
        ("{", "json-unreadable"),
        ('{"type": "Point", "coordinates": [70, 50]}', "site-shape"),
    ],
)
def test_an_area_that_makes_no_sense_is_told(browser, polygon, code):
    answer = browser.get(f"/en/atlas/site.json?{urlencode({'polygon': polygon})}")
    assert answer.status_code == 400
    assert answer.json()["refused"][0]["code"] == code


def test_a_place_may_be_written_as_people_copy_it(browser):
    assert browser.get("/en/atlas/site?lon=71,43°&lat=51,13°").status_code == 200


def test_a_name_of_a_file_cannot_break_out_of_its_header(browser):
    answer = browser.get('/en/atlas/site.pdf?lon=71.43"%0d%0ax:y&lat=51.13')
    assert answer.status_code == 400


def test_layers_can_be_taken_away(browser):
    packed = browser.get("/atlas/solar.ghi_clear/layer.zarr.zip")
    assert packed.status_code == 200
    assert "zarr.json" in zipfile.ZipFile(io.BytesIO(packed.content)).namelist()
    assert browser.get("/atlas/solar.ghi_clear/layer.tif").content[:2] in (b"II", b"MM")
    assert json.loads(browser.get("/atlas/solar.ghi_clear/layer.json").content)["id"] == "solar.ghi_clear"
    for missing in ("layer.gpkg", "layer.exe", "layer", "solar.ghi/layer.tif", "values.json"):
        assert browser.get(f"/atlas/solar.ghi_clear/{missing}").status_code == 404
    assert browser.get("/atlas/solar.ghi/layer.tif").status_code == 404


def test_the_stac_catalogue_leads_to_the_files(browser):
    from urllib.parse import urljoin

    root = browser.get("/stac/catalog.json").json()
    child = next(urljoin("/stac/catalog.json", link["href"]) for link in root["links"] if link["rel"] == "child")
    collection = browser.get(child).json()
    item_path = next(urljoin(child, link["href"]) for link in collection["links"] if link["rel"] == "item")
    item = browser.get(item_path)
    assert item.headers["content-type"].startswith("application/geo+json")
    file = browser.get(urljoin(item_path, item.json()["assets"]["data"]["href"]))
    assert file.status_code == 200
    assert len(file.content) == item.json()["assets"]["data"]["file:size"]
    for missing in ("none", "land/collection.json", "solar/none.json", "solar/none", "moon/collection.json"):
        assert browser.get(f"/stac/{missing}").status_code == 404


def test_the_map_knows_the_page(browser):
    assert re.search(r'"siteReport":\s*"/ru/atlas/site"', browser.get("/ru/").text)
