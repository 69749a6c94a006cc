"""Pages of measures and programmes: what was promised beside dated targets, in three languages and as data."""

import csv
import io
import re
from importlib import import_module

import pytest
from tests.conftest import need
from tests.portal.conftest import Browser

from jasyl.people import Actor
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.registry import import_records, load_programmes
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.storage.schema import ROOMS_WITH_TABLES

FILE = """key,name,programme,strategy,goal,owner,themes,status,start,due,progress,indicator,region
lights,LED street lights,{programme},,power,Akimat of Astana,climate; energy,under_way,2025,2035,40,{indicator},KZ-71
sort,Sorting at source,,Plan of the city,waste,Akimat of Astana,circular,planned,,2020,,,KZ-71
""".format(programme="green-economy-concept-2013", indicator="share of renewables in electricity")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = create_folder(tmp_path_factory.mktemp("measures") / "data", "real", None, None)
    database = database_of(folder)
    database.migrate()
    for module in ROOMS_WITH_TABLES:
        import_module(module)
    METADATA.create_all(database.engine)
    agency = Actor("agency", "agency", frozenset({"agency"}))
    with database.writing() as connection:
        load_programmes(connection)
        assert import_records(connection, "measures", FILE.encode(), "m.csv", agency).applied
    return Browser(create_app(folder, ["127.0.0.1"]))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_measures_tell_owner_money_status_and_how_they_stand(site, language):
    page = site.get(f"/{language}/programmes/measures")
    assert page.status_code == 200
    assert "Akimat of Astana" in page.text
    assert not re.search(r">(measure|field|column)-[a-z-]+<", page.text)
    found = {one["key"]: one for one in site.get("/programmes/measures.json").json()["measures"]}
    assert found["lights"]["state"] in {"on_track", "behind"}
    assert found["sort"]["state"] == "overdue"
    assert found["lights"]["progress"] in {"40", "40.0000"}


def test_measures_are_narrowed_and_wrong_choices_refused(site):
    rows = list(
        csv.DictReader(io.StringIO(site.get("/en/programmes/measures.csv?theme=circular").text.lstrip("\ufeff")))
    )
    assert [row["Measure"] for row in rows] == ["Sorting at source"]
    assert site.get("/en/programmes/measures?status=lost").status_code == 400
    assert site.get("/en/programmes/measures?region=KZ-99").status_code == 400


def test_a_programme_shows_targets_and_the_measures_that_serve_them(site):
    page = site.get("/en/programmes/green-economy-concept-2013")
    assert page.status_code == 200
    target = page.text.index("share of renewables in electricity")
    assert page.text.index("LED street lights") > target
    assert "Sorting at source" not in page.text
    data = site.get("/en/programmes/green-economy-concept-2013.json").json()
    assert data["targets"]
    assert [one["key"] for one in data["measures"]] == ["lights"]
    assert site.get("/programmes/none").status_code == 404
    assert "/programmes/green-economy-concept-2013" in site.get("/en/programmes").text


def test_the_city_shows_its_measures(site):
    assert "Sorting at source" in site.get("/en/cities/KZ-71").text
    assert "Sorting at source" not in site.get("/en/cities/KZ-75").text
