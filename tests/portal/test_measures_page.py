"""Pages of measures and programmes: what was promised beside dated targets, in three languages and as data; and the
form of a measure, entered and changed by those who may, with all that was said kept."""

import csv
import io
import re

import pytest
from tests.conftest import need
from tests.monitoring.world import a_database
from tests.portal.conftest import Browser

from jasyl.ledger import create_keys
from jasyl.people import Actor, create_account
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.registry import import_records, load_programmes
from jasyl.storage import create_folder, database_of

WORD = "correct horse battery"
NEW = "/en/programmes/measures/new"
PLACES = {"akim": "KZ-71", "neighbour": "KZ-75"}
LAMPS = {
    "name_en": "New lamps", "programme": "green-economy-concept-2013", "goal": "power", "region": "KZ-71",
    "owner": "Akimat of Astana", "themes": ["climate", "u4ssc"], "status": "under_way", "start": "2025", "due": "2035",
    "progress": "40,5", "investment": "450000000", "investment_currency": "KZT", "financing": ["state_budget"],
    "indicator": "share of renewables in electricity", "source": "Order 12",
}  # fmt: skip
FILE = """key,name,programme,strategy,goal,owner,themes,status,start,due,progress,indicator,region,point
lights,LED street lights,{programme},,power,Akimat of Astana,climate; energy,under_way,2025,2035,40,{indicator},KZ-71,
sort,Sorting at source,,Plan of the city,waste,Akimat of Astana,circular,planned,,2020,,,KZ-71,EN.EN.WA.1C.recycled
""".format(programme="green-economy-concept-2013", indicator="share of renewables in electricity")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = create_folder(tmp_path_factory.mktemp("measures") / "data", "real", None, None)
    create_keys(folder)
    a_database(folder)
    agency = Actor("agency", "agency", frozenset({"agency"}))
    with database_of(folder).writing() as connection:
        load_programmes(connection)
        assert import_records(connection, "measures", FILE.encode(), "m.csv", agency).applied
        for name, region in PLACES.items():
            create_account(connection, name, WORD, frozenset({"akimat"}), region=region)
    return Browser(create_app(folder, ["127.0.0.1"]))


@pytest.fixture(scope="module")
def people(site):
    """By name: a way to get a page, and one to send a form with the key of our own pages."""
    return {name: _person(site, name) for name in PLACES} | {"anybody": (site.get, site.post)}


def _person(browser, name):
    given = browser.post("/en/sign-in", data={"name": name, "password": WORD})
    headers = {"cookie": given.headers["set-cookie"].partition(";")[0]}
    key = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/en", headers=headers).text)[1]

    def send(path, **fields):
        return browser.post(path, data={"csrf_token": key, **fields}, headers=headers)

    return lambda path: browser.get(path, headers=headers), send


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
    assert "<dd>Solid Waste Treatment: Recycled</dd>" in site.get("/en/programmes/measures/sort").text
    assert "Sorting at source" not in site.get("/en/cities/KZ-75").text


@pytest.fixture(scope="module")
def lamps(people):
    """The page of a measure that an akimat has entered."""
    sent = people["akim"][1]("/en/programmes/measures", **LAMPS)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def test_a_measure_is_entered_and_stands_below_its_target(people, lamps):
    get = people["anybody"][0]
    found = get(f"{lamps}.json").json()["measure"]
    assert {name: found[name] for name in ("themes", "financing", "programme")} == {
        "themes": "climate u4ssc", "financing": "state_budget", "programme": "green-economy-concept-2013"
    }  # fmt: skip
    assert found["progress"] in {"40.5", "40.5000"}
    assert lamps in get("/en/programmes/green-economy-concept-2013").text
    assert "<form" not in get(lamps).text.partition("<main")[2]


def test_a_change_keeps_what_stood_before_and_an_emptied_field_is_taken_back(people, lamps):
    get, send = people["akim"]
    for entrance in ("/en/programmes/measures", "/en/programmes/green-economy-concept-2013", "/en/cities/KZ-71"):
        assert NEW in get(entrance).text
    form = get(lamps).text
    assert 'value="New lamps"' in form
    assert re.search(r'value="climate" checked', form)
    assert send(lamps, progress="60", goal="", source="Report of 2026").status_code == 303
    told = get(f"{lamps}.json").json()
    assert told["measure"]["progress"] in {"60", "60.0000"}
    assert (told["measure"]["goal"], told["measure"]["owner"]) == (None, "Akimat of Astana")
    said = [(one["value"], one["source"]) for one in told["assertions"] if one["field"] == "progress"]
    assert said == [("40.5", "Order 12"), ("60", "Report of 2026")]
    assert "Order 12" in get(lamps).text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_form_speaks_the_language_of_its_reader(people, language):
    page = people["akim"][0](f"/{language}/programmes/measures/new?indicator=wind")
    assert page.status_code == 200
    assert not re.search(r">(measure|field|column|refusal)-[a-z-]+<", page.text)
    assert 'name="indicator" value="wind"' in page.text
    assert 'value="KZ-71" selected' in page.text
    assert "KZ-75" not in page.text  # an akimat writes of its own region


def test_what_is_wrong_stands_at_its_field_and_nothing_is_recorded(people, lamps):
    get, send = people["akim"]
    sent = send("/en/programmes/measures", **LAMPS | {"name_en": "Wrong", "progress": "much", "due": "2020"})
    assert sent.status_code == 422
    assert 'id="progress-problem"' in sent.text
    assert 'name="progress" value="much"' in sent.text  # what was typed is still there
    nameless = send("/en/programmes/measures", **LAMPS | {"name_en": ""})
    assert 'id="name_ru-problem"' in nameless.text
    alone = send("/en/programmes/measures", **LAMPS | {"name_en": "Alone", "programme": ""})
    assert 'id="programme-problem"' in alone.text
    again = send("/en/programmes/measures", **LAMPS)
    assert (again.status_code, lamps.rpartition("/")[2] in again.text) == (400, True)
    assert len(get("/programmes/measures.json").json()["measures"]) == 3


def test_only_those_whose_region_it_is_may_write(people, lamps):
    get, send = people["neighbour"]
    assert "<form" not in get(lamps).text.partition("<main")[2]
    assert send(lamps, status="cancelled", source="x").status_code == 403
    assert people["neighbour"][1]("/en/programmes/measures", **LAMPS | {"name_en": "Theirs"}).status_code == 422
    assert people["anybody"][0](NEW).status_code == 403
    assert people["anybody"][1]("/en/programmes/measures", data=LAMPS).status_code == 403
    forged = people["akim"][1](lamps, csrf_token="guessed", status="cancelled")
    assert (forged.status_code, "csrf" in forged.text or "form" in forged.text) == (403, True)
    assert people["akim"][0](f"{lamps}.json").json()["measure"]["status"] == "under_way"
    assert people["anybody"][0]("/en/programmes/measures/no-such").status_code == 404
