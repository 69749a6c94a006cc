"""Pages of material accounts, with the example accounts."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from jasyl.circular.starter import load_example_accounts
from jasyl.ledger import create_keys
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import METADATA, create_folder, database_of, open_folder
from jasyl.storage.database import revision_table

from .conftest import Browser, need


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    place: Path = tmp_path_factory.mktemp("circular") / "data"
    folder = create_folder(place, "real")
    create_keys(folder)
    database = database_of(folder)
    METADATA.create_all(database.engine)
    with database.writing(visible=False) as connection:
        connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
    with database.writing() as connection:
        made = load_example_accounts(connection, folder, 1_700_000_000_000_000)
    browser = Browser(create_app(open_folder(place), ["127.0.0.1"]))
    browser.statements = made
    return browser


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_account_has_pictures_tests_and_values(pages, language):
    listed = pages.get(f"/{language}/circular").text
    assert "almaty-waste" in listed
    page = pages.get(f"/{language}/circular/almaty-waste").text
    assert page.count('viewBox="0 0 960') == 2
    assert 'aria-current="true">2025' in page
    assert "stroke-dasharray" in page  # flows that nothing determines
    assert "260" in page  # kt of food


def test_files_hold_all_periods_and_everything_that_was_given(pages):
    data = json.loads(pages.get("/circular/astana-waste.json").content)
    assert data["account"]["observations"][4]["value"] == "75.2"
    assert data["results"]["test"]["passed"] is None
    csv = pages.get("/en/circular/astana-waste.csv").text
    assert "2018" in csv
    assert "new definition" in csv
    assert pages.get("/circular.json").json()["accounts"][0]["account"] == "astana-waste"


def test_period_and_layer_of_the_address(pages):
    page = pages.get("/en/circular/astana-waste?period=2023&layer=nothing").text
    assert "no error can be tested" in page
    assert pages.get("/en/circular/astana-waste?period=1900").status_code == 200
    slid = pages.get("/ru/circular/astana-waste?step=5").text
    assert 'type="range" name="step" min="0" max="6" value="5"' in slid
    assert 'aria-current="true">2023' in slid
    assert "тыс. т" in slid.partition("<tbody>")[2]
    assert pages.get("/en/circular/astana-waste?step=99").status_code == 200
    assert pages.get("/circular/nothing").status_code == 404


def test_a_published_result_names_its_account_and_its_uncertainty(pages):
    page = pages.get(f"/en/statements/{pages.statements[0].id}").text
    assert 'href="/en/circular/almaty-waste">Almaty, Municipal waste of Almaty: recycled</a>' in page
    assert "± 7,561 t" in page
    assert "material_account" in page
