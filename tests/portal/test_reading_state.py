"""What pages say of the readings behind them: completeness and doubt, on the facility and on its statements."""

import re

import pytest
from tests.monitoring.quality.plant import BEGIN, DAY, HOUR, NOW, a_facility, a_meter, clear_days, deliver
from tests.monitoring.world import a_database
from tests.portal.conftest import Browser

from jasyl.figures import publish
from jasyl.ledger import create_keys, log_origin
from jasyl.monitoring import bring_up_to_date, make_figure, roll_up
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import inspect
from jasyl.people import create_account
from jasyl.portal.app import create_app
from jasyl.registry import facility_by_key
from jasyl.storage import create_folder

WORD = "a long enough word"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = create_folder(tmp_path_factory.mktemp("state") / "data", "real")
    create_keys(folder)
    database = a_database(folder)
    meter = a_meter(database, a_facility(database))
    start, value = clear_days(12)
    value[5 * 24 + 12] = 3_000_000
    kept = (start < BEGIN + 8 * DAY) | (start >= BEGIN + 9 * DAY + HOUR)
    deliver(database, folder, meter, start[kept], value[kept])
    with database.reading() as connection:
        roll_up(database, folder, definitions(connection))
    inspect(database, folder, NOW)
    bring_up_to_date(database, folder, NOW, author="test")
    with database.writing() as connection:
        create_account(connection, "duty", WORD, frozenset({"agency"}))
        sunny = facility_by_key(connection, "sunny")
        kept_figure = make_figure(connection, sunny, "capacity_factor", "2025-06", "observed", NOW)
        made = publish(connection, kept_figure.id, "duty", NOW, log_origin=log_origin(folder), signers=())
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    browser.statement = made.id
    yield browser
    database.close()


def test_the_page_of_a_facility_says_how_complete_and_how_doubtful_its_readings_are(house):
    text = house.get("/en/facilities/sunny").text
    said = house.get("/facilities/sunny.json").json()["readings"]
    assert (said["readings"], said["wrong"]) == (12 * 24 - 25, 1)
    assert said["completeness"] == pytest.approx((12 * 24 - 25) / (31 * 24))
    assert "readings are 35.3\u202f% complete" in text or "readings are 35.3 % complete" in text
    assert "wrong: 1" in text


def test_a_statement_says_how_many_readings_behind_it_are_in_doubt(house):
    found = house.get(f"/statements/{house.statement}.json").json()
    # A capacity factor rests on the figure of energy, that on the sealed days.
    assert (found["readings"]["readings"], found["readings"]["wrong"]) == (12 * 24 - 25, 1)
    assert "wrong: 1" in house.get(f"/en/statements/{house.statement}").text


def test_alerts_are_in_the_menu_of_those_who_are_signed_in(house):
    assert 'href="/en/alerts"' not in house.get("/en/facilities").text
    answer = house.post("/en/sign-in", data={"name": "duty", "password": WORD})
    session = re.search(r"jasyl_session=([^;]+)", answer.headers["set-cookie"]).group(1)
    page = house.get("/en/alerts", headers={"cookie": f"jasyl_session={session}"}).text
    assert re.search(r'href="/en/alerts"[^>]* aria-current="page"', page)
