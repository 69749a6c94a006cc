"""A late correction names the published statement it changed: to the command, in the list, and on the page."""

import json

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.quality.plant import BEGIN, HOUR, NOW, a_facility, a_meter, clear_days, deliver
from tests.monitoring.world import a_database
from tests.portal.conftest import Browser

from jasyl.cli.daily import turn
from jasyl.figures import publish
from jasyl.ledger import create_keys, log_origin
from jasyl.monitoring import bring_up_to_date, make_figure
from jasyl.monitoring.quality import send_notices
from jasyl.monitoring.quality.statement_message import statement_messages
from jasyl.monitoring.tables import notice
from jasyl.people import ANYBODY
from jasyl.portal.app import create_app
from jasyl.portal.live_changes import changes_between, current_mark
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


def test_what_the_server_finds_by_itself_is_told_by_letter_and_live_once(world):
    folder, database, meter, statement = world
    hook = {"url": "http://127.0.0.1:1/in", "private": True}
    mail = {"host": "127.0.0.1", "port": 1, "security": "none", "from": "a@example.kz", "to": ["b@example.kz"]}
    said = json.loads(folder.settings_file.read_text())
    folder.settings_file.write_text(json.dumps(said | {"alerts": {"mail": mail, "webhook": hook, "language": "en"}}))
    with database.reading() as connection:
        before = current_mark(connection)
        sunny = facility_by_key(connection, "sunny")
    for value in (1_234, 2_345):  # outdated once, though the number changes again
        deliver(database, folder, meter, np.array([BEGIN + 12 * HOUR]), np.array([value]))
        turn(folder, database, NOW)
    with database.reading() as connection:
        change = changes_between(connection, folder, before, current_mark(connection), 7)
        about = sa.select(notice.c.number).where(notice.c.outdated.is_not(None))
        messages = statement_messages(connection, list(connection.scalars(about)))
    assert change.told_to(ANYBODY)["statements"] == [statement.id]
    assert change.told_to(ANYBODY, sunny["id"])["statements"] == [statement.id]
    assert change.told_to(ANYBODY, "another") is None
    assert [one.event for one in messages] == ["statement-1"] * 2  # a letter and a request
    text = messages[0].text("en", "https://jasyl.example.kz/")
    assert text.startswith("Statement outdated: Electricity generated, 2025-06\nSun\n")
    assert f"https://jasyl.example.kz/en/statements/{statement.id}" in text
    told = messages[0].data()
    assert (told["state"], told["unit"], told["statement"]) == ("outdated", "W.h", statement.id)
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    page = browser.get(f"/statements/{statement.id}.json").json()
    assert (told["published"], told["current"]) == (page["record"]["value"], page["current"]["value"])
    assert told["published"] != told["current"]
    for language in ("kk", "ru"):
        assert "Electricity" not in messages[0].text(language, "")
    assert send_notices(database, folder, NOW + 600_000_000).failed >= 2  # nobody listens there: they go on waiting
