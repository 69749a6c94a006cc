"""A late correction names the published statement it changed: to the command, in the list, and on the page."""

import numpy as np
import pytest
from tests.monitoring.quality.plant import BEGIN, HOUR, NOW, a_facility, a_meter, clear_days, deliver
from tests.monitoring.world import a_database
from tests.portal.conftest import Browser

from jasyl.figures import publish
from jasyl.ledger import create_keys, log_origin
from jasyl.monitoring import bring_up_to_date, make_figure
from jasyl.portal.app import create_app
from jasyl.registry import facility_by_key
from jasyl.storage import create_folder


@pytest.fixture
def world(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    create_keys(folder)
    database = a_database(folder)
    meter = a_meter(database, a_facility(database))
    deliver(database, folder, meter, *clear_days(3))
    bring_up_to_date(database, folder, NOW, author="test")
    with database.writing() as connection:
        sunny = facility_by_key(connection, "sunny")
        made = make_figure(connection, sunny, "electricity.generated", "2025-06", "observed", NOW)
        statement = publish(connection, made.id, "operator", NOW, log_origin=log_origin(folder), signers=())
    yield folder, database, meter, statement
    database.close()


def test_a_correction_names_what_it_changed_everywhere(world):
    folder, database, meter, statement = world
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    page = f"/statements/{statement.id}"
    assert browser.get(f"{page}.json").json()["state"] == "in-force"
    before = float(browser.get(f"{page}.json").json()["record"]["value"])
    deliver(database, folder, meter, np.array([BEGIN + 12 * HOUR]), np.array([1_234]))
    done = bring_up_to_date(database, folder, NOW, author="test")
    assert [each.id for each in done.statements] == [statement.id]
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    said = browser.get(f"{page}.json").json()
    assert said["state"] == "outdated"
    assert float(said["record"]["value"]) == before, "a statement is never edited"
    assert float(said["current"]["value"]) != before
    (row,) = browser.get("/statements.json").json()["statements"]
    assert row["state"] == "outdated"
    for language in ("kk", "ru", "en"):
        text = browser.get(f"/{language}{page}").text
        assert {"kk": "түзетілді", "ru": "исправлены", "en": "were corrected"}[language] in text
    with database.writing() as connection:
        again = publish(
            connection, done.changed[0].after.id, "operator", NOW, log_origin=log_origin(folder), signers=()
        )
    assert again.supersedes == statement.id
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    assert browser.get(f"{page}.json").json()["state"] == "superseded"
    assert browser.get(f"/statements/{again.id}.json").json()["state"] == "in-force"
