"""Pages of quality: verdicts for everybody who may read the series, alerts for those who look after it."""

import re

import pytest
from tests.conftest import need
from tests.monitoring.quality.plant import NOW, a_facility, a_meter, clear_days, deliver
from tests.monitoring.world import a_database
from tests.portal.conftest import Browser

from jasyl.ledger import create_keys
from jasyl.monitoring import roll_up
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import inspect
from jasyl.people import create_account
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import create_folder
from jasyl.texts import LANGUAGES

WORD = "a long enough word"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = create_folder(tmp_path_factory.mktemp("quality") / "data", "real")
    create_keys(folder)
    database = a_database(folder)
    facility = a_facility(database)
    meter = a_meter(database, facility)
    start, value = clear_days(12)
    value[5 * 24 + 12] = 3_000_000
    value[7 * 24 + 1] = 50_000
    deliver(database, folder, meter, start, value)
    with database.reading() as connection:
        roll_up(database, folder, definitions(connection))
    inspect(database, folder, NOW)
    with database.writing() as connection:
        create_account(connection, "duty", WORD, frozenset({"agency"}))
        create_account(connection, "visitor", WORD, frozenset({"investor"}))
        create_account(connection, "auditor", WORD, frozenset({"auditor"}))
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    browser.database, browser.facility = database, facility
    yield browser
    database.close()


def signed_in(browser, name):
    answer = browser.post("/en/sign-in", data={"name": name, "password": WORD})
    assert answer.status_code == 303, answer.text
    session = re.search(r"jasyl_session=([^;]+)", answer.headers["set-cookie"]).group(1)
    return {"cookie": f"jasyl_session={session}"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdicts_of_a_facility_in_three_languages(house, language):
    text = house.get(f"/{language}/facilities/sunny/quality").text
    assert {"kk": "Номиналды қуат", "ru": "номинальная мощность", "en": "nominal power"}[language] in text
    assert house.get(f"/{language}/facilities/sunny/quality?from=2020-01-01&to=2020-01-02").status_code == 200


def test_the_verdicts_are_also_data(house):
    found = house.get("/facilities/sunny/quality.json").json()
    assert (found["readings"], found["wrong"]) == (288, 2)
    assert {one["check"] for one in found["verdicts"]} == {"capacity@1.0.0", "night-output@1.0.0"}
    lines = house.get("/en/facilities/sunny/quality.csv").text.splitlines()
    assert len(lines) == 3
    assert house.get("/facilities/nothing/quality").status_code == 404


def test_readings_carry_a_mark(house):
    days = house.get("/en/facilities/sunny/readings").text
    assert days.count("Wrong") == 2
    (series,) = house.get("/facilities/sunny/readings.json").json()["series"]
    assert {one["check"] for one in series["verdicts"]} == {"capacity", "night-output"}


def test_alerts_are_for_those_who_look_after_them(house):
    assert house.get("/alerts").status_code == 403
    assert house.get("/alerts/1").status_code == 403
    visitor, duty = signed_in(house, "visitor"), signed_in(house, "duty")
    assert house.get("/alerts.json", headers=visitor).json()["alerts"] == []
    assert house.get("/alerts/1", headers=visitor).status_code == 404
    assert len(house.get("/alerts.json", headers=duty).json()["alerts"]) == 2
    page = house.get("/en/alerts", headers=duty).text
    assert "Electricity generated" in page
    assert not re.search(r">meter<|\(meter\)", page), "the only one that measures it: no key is needed"
    assert "(meter)" in house.get("/en/alerts/1", headers=duty).text
    assert ",meter," in house.get("/en/alerts.csv", headers=duty).text
    assert house.get("/alerts/99", headers=duty).status_code == 404
    assert house.get("/alerts/one", headers=duty).status_code == 404


def test_an_alert_is_acknowledged_and_closed_with_a_form(house):
    duty = signed_in(house, "duty")
    page = house.get("/en/alerts/1", headers=duty).text
    key = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    form = {"csrf_token": key, "note": "on my way"}
    assert house.post("/en/alerts/1", data={"action": "close"}, headers=duty).status_code == 403  # without the key
    assert house.post("/en/alerts/1", data=form | {"action": "dance"}, headers=duty).status_code == 400
    done = house.post("/en/alerts/1", data=form | {"action": "acknowledge"}, headers=duty)
    assert (done.status_code, done.headers["location"]) == (303, "/en/alerts/1")
    assert house.post("/en/alerts/1", data=form | {"action": "close"}, headers=duty).status_code == 303
    history = house.get("/alerts/1.json", headers=duty).json()["history"]
    assert [one["state"] for one in history] == ["open", "acknowledged", "closed"]
    assert history[1]["note"] == "on my way"
    told = house.get("/ru/alerts/1.csv", headers=duty).text.splitlines()
    assert ["контроль качества" in told[1], *(",duty," in line for line in told[2:])] == [True, True, True]
    assert len(house.get("/alerts.json?state=closed", headers=duty).json()["alerts"]) == 1


def test_who_only_reads_changes_nothing(house):
    auditor = signed_in(house, "auditor")
    page = house.get("/en/alerts/2", headers=auditor)
    assert page.status_code == 200
    assert 'value="close"' not in page.text
    key = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
    answer = house.post("/en/alerts/2", data={"csrf_token": key, "action": "close"}, headers=auditor)
    assert answer.status_code == 403
    assert house.post("/alerts/2", data={"action": "close"}).status_code == 403


def test_days_are_civil_days_and_series_that_measure_the_same_are_told_apart(house):
    """The last: the facility gets a second meter here."""
    a_meter(house.database, house.facility, "second-meter")
    asked = "/en/facilities/sunny/readings{}?from=2025-06-03&to=2025-06-03"
    (day,) = house.get(asked.format(".csv")).text.splitlines()[1:]
    assert day.startswith("2025-06-03,Electricity generated (meter),")
    names = {one["name"] for one in house.get(asked.format(".json")).json()["series"]}
    assert names == {"Electricity generated (meter)", "Electricity generated (second-meter)"}
    form = house.get(asked.format("")).text
    assert 'name="from" value="2025-06-03"' in form and 'name="to" value="2025-06-03"' in form
    default = house.get("/en/facilities/sunny/quality?to=2025-06-09").text
    assert 'name="to" value="2025-06-09"' in default
