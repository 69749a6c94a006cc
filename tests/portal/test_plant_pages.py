"""Pages of plants: what a reader sees in three languages, files, who may hand a report in, what is closed."""

import csv
import io
import json
import re
from importlib import import_module
from xml.etree import ElementTree as ET

import msgspec
import pytest
from tests.conftest import need
from tests.portal.conftest import Browser

from jasyl.emissions.plants import example, keep_plant_report, load_training_plants, read_plant_sheet
from jasyl.ledger import create_keys
from jasyl.papers.bars import Bar, bars
from jasyl.people import create_account, new_token
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.storage.schema import ROOMS_WITH_TABLES

PLANT = "training-chp-east"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = create_folder(tmp_path_factory.mktemp("plants") / "data", "training", None, None)
    database = database_of(folder)
    database.migrate()
    for module in ROOMS_WITH_TABLES:
        import_module(module)
    METADATA.create_all(database.engine)
    create_keys(folder)
    with database.writing() as connection:
        load_training_plants(connection, folder)
        hidden = msgspec.structs.replace(example(), plant="closed-plant", quota=None)
        keep_plant_report(connection, folder, hidden, "x", publication="closed")
        tokens = {}
        for role in ("agency", "investor"):
            account = create_account(connection, role, "a long password for a test", frozenset({role}))
            actions = frozenset({"read", "write_registry", "publish"})
            tokens[role] = new_token(connection, account, "test", actions)
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    browser.tokens = tokens
    return browser


def _rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_plant_in_each_language(town, language):
    page = town.get(f"/{language}/emissions/plants/{PLANT}")
    assert page.status_code == 200
    assert page.text.count("<svg xmlns") >= 3
    assert "quota.svg" in page.text
    assert not re.search(r">(plant|fuel|indicator)-[a-z0-9-]+<", page.text)
    assert "2022" in page.text
    listed = town.get(f"/{language}/emissions/plants")
    assert not re.search(r">(plant|plants)-[a-z0-9-]+<", listed.text)
    assert PLANT in listed.text


def test_the_same_as_data(town):
    data = town.get(f"/emissions/plants/{PLANT}.json").json()
    assert data["quota"]["left"] == pytest.approx(-26_504_710.9, abs=0.1)
    assert data["figures"].keys() == {
        "emissions.plant_scope1", "emissions.plant_scope2", "emissions.plant_scope2_market", "energy.plant_used",
    }  # fmt: skip
    assert town.get(f"/emissions/plants/{PLANT}.json?year=2022").json()["quota"]["left"] > 0
    lines = _rows(town.get(f"/emissions/plants/{PLANT}.csv"))
    assert len(lines) == 4
    plants = town.get("/emissions/plants.json").json()["plants"]
    assert [(one["plant"], one["year"]) for one in plants] == [
        ("training-boiler-house-north", "2024"), (PLANT, "2022"), (PLANT, "2023"), (PLANT, "2024"),
    ]  # fmt: skip
    assert town.get(f"/emissions/plants/{PLANT}?year=1999").status_code == 404
    assert town.get("/emissions/plants/none").status_code == 404


def test_files_come_back_as_they_were(town):
    book = town.get(f"/kk/emissions/plants/{PLANT}/files/report.xlsx?year=2024")
    report, _ = read_plant_sheet(book.content, "report.xlsx")
    assert report == example()
    assert town.get(f"/emissions/plants/{PLANT}/files/report.json").json() == example().as_data()
    picture = ET.fromstring(town.get(f"/ru/emissions/plants/{PLANT}/files/quota.svg").text)
    assert picture.tag.endswith("svg")
    assert town.get("/en/emissions/template.xlsx").content.startswith(b"PK")
    assert read_plant_sheet(town.get("/en/emissions/template.xlsx?example=yes").content, "t.xlsx")[0] == example()
    assert town.get(f"/emissions/plants/{PLANT}/files/secret.txt").status_code == 404


def test_a_closed_report_is_for_those_who_may_read_it(town):
    assert town.get("/emissions/plants/closed-plant").status_code == 404
    assert town.get("/emissions/plants/closed-plant/files/report.json").status_code == 404
    assert "closed-plant" not in town.get("/emissions/plants.csv").text
    known = {"authorization": f"Bearer {town.tokens['agency']}"}
    assert town.get("/emissions/plants/closed-plant.json", headers=known).status_code == 200
    offered = town.get("/en/emissions/plants/closed-plant", headers=known).text
    assert "report.xlsx" in offered and "quota.svg" not in offered, "no picture of a quota that nobody gave"
    stranger = {"authorization": f"Bearer {town.tokens['investor']}"}
    assert town.get("/emissions/plants/closed-plant.json", headers=stranger).status_code == 404


def test_handing_in_and_publishing(town):
    book = town.get("/en/emissions/template.xlsx?example=yes").content
    upload = {"file": ("plant.xlsx", book)}
    assert town.post("/emissions/plants", files=upload).status_code == 403
    stranger = {"authorization": f"Bearer {town.tokens['investor']}"}
    assert town.post("/emissions/plants", files=upload, headers=stranger).status_code == 403
    office = {"authorization": f"Bearer {town.tokens['agency']}"}
    again = town.post("/emissions/plants", files=upload, headers=office)
    assert again.status_code == 303
    assert again.headers["location"].endswith(f"/emissions/plants/{PLANT}?year=2024")
    wrong = town.post("/emissions/plants", files={"file": ("p.json", b'{"plant": 1}')}, headers=office)
    assert wrong.status_code == 400
    assert town.post("/emissions/plants", files=upload, data={"level": "secret"}, headers=office).status_code == 400
    report = town.get(f"/emissions/plants/{PLANT}/files/report.json").json()
    faulty = [{**line, "unit": "KZT"} for line in report["fuels"]]
    sent = {"file": ("p.json", json.dumps({**report, "fuels": faulty}).encode())}
    refused = town.post("/en/emissions/plants", files=sent, headers=office)
    assert refused.status_code == 400
    assert refused.text.count("The unit “KZT” is not known") == len(faulty) > 1
    form = {"subject": PLANT, "indicator": "emissions.plant_scope1", "period": "2024"}
    assert town.post("/publish", data=form, headers=stranger).status_code == 403
    made = town.post("/publish", data=form, headers=office)
    assert made.status_code == 303
    said = town.get(made.headers["location"].replace("/statements", "/en/statements"))
    assert "Emissions of a plant, scope 1" in said.text
    assert "IPCC EFDB record" in said.text
    assert town.post("/publish", data={**form, "subject": "none"}, headers=office).status_code in {400, 404}


def test_bars_stand_on_one_scale():
    rows = [
        Bar("a", 100.0, "100 <t>", mark=50.0, over=True),
        Bar("b", -50.0, "-50 t", strong=False),
        Bar("c", None, "—"),
    ]
    picture = ET.fromstring(bars(rows, alternative="a & b"))
    rects = [each for each in picture.iter() if each.tag.endswith("rect")]
    assert float(rects[0].get("width")) == pytest.approx(2 * float(rects[1].get("width")), rel=1e-3)
    assert len({each.get("fill") for each in rects}) == 2
    assert picture.get("aria-label") == "a & b"
