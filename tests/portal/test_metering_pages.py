"""Metering sheets in the portal: previewed, confirmed once, known the next time; whose they are."""

import re

import pytest
from tests.monitoring import metering_sheets as sheets
from tests.portal.conftest import Browser
from tests.portal.register import PASSWORD, WHO, make_register

from jasyl.ledger import create_keys
from jasyl.monitoring import read_readings
from jasyl.portal.app import create_app
from jasyl.registry import add_series

MARCH, APRIL = (sheets.as_csv(sheets.side_by_side(sheets.days_of(2024, month))) for month in (3, 4))


@pytest.fixture
def register(tmp_path):
    made = make_register(tmp_path)
    create_keys(made.folder)
    with made.database.writing() as connection:
        for key in ("input-1", "input-2"):
            add_series(
                connection, key, WHO, facility_id=made.ids["solar"], quantity="electricity_consumed", unit="W.h",
                interval_seconds=3600, kind="amount",
            )  # fmt: skip
    yield made
    made.database.close()


@pytest.fixture
def portal(register):
    browser = Browser(create_app(register.folder, ["127.0.0.1"]))

    def signed(name):
        answer = browser.post("/en/sign-in", data={"name": name, "password": PASSWORD})
        session = re.search(r"jasyl_session=([^;]+)", answer.headers["set-cookie"])[1]
        headers = {"cookie": f"jasyl_session={session}"}
        key = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/en/import/metering", headers=headers).text)[
            1
        ]

        def send(language="en", file=None, **fields):
            files = {"file": ("march.csv", file)} if file else None
            data = {"csrf_token": key, "facility": "solar", **fields}
            return browser.post(f"/{language}/import/metering", data=data, files=files, headers=headers)

        send.headers = headers
        return send

    browser.signed = signed
    return browser


def count(register):
    with register.database.reading() as connection:
        return len(read_readings(connection, register.folder, None, 0, 2**62))


def confirm(page, **more):
    upload = re.search(r'name="upload" value="([0-9a-f]{64})"', page.text)[1]
    chosen = {"series-0": "input-1", "series-1": "input-2", "unit-0": "kW.h", "unit-1": "kW.h"}
    return {
        "upload": upload,
        "name": "march.csv",
        "meters": "yes",
        "action": "import",
        "decimal": ",",
        **chosen,
        **more,
    }


def test_a_sheet_is_previewed_confirmed_and_known_again(portal, register):
    send = portal.signed("one")
    preview = send(file=MARCH)
    assert preview.status_code == 200
    assert "This shape of sheet is new" in preview.text
    assert sheets.METERS[0] in preview.text
    assert count(register) == 0
    done = send(**confirm(preview))
    assert done.status_code == 200
    assert "The sheet is stored." in done.text
    assert count(register) == 2 * 744
    again = send(file=APRIL, language="ru")
    assert "Листы такого вида подтвердил one " in again.text.translate({0x2068: None, 0x2069: None})
    assert "2024-04-30 23:00" in again.text
    history = portal.get("/import/mappings.json", headers=send.headers).json()["mappings"]
    assert [(one["file"], one["actor"]) for one in history] == [("march.csv", "one")]
    listed = portal.get("/kk/import/mappings", headers=send.headers).text
    assert "input-1" in listed and "Firm 1" in listed
    assert portal.get("/import/mappings.json", headers=portal.signed("two").headers).json()["mappings"] == []


def test_a_bad_sheet_stores_nothing_and_says_where(portal, register):
    send = portal.signed("one")
    rows = sheets.side_by_side(sheets.days_of(2024, 3))
    rows[5][4] = "hundred"
    preview = send(file=sheets.as_csv(rows))
    refused = send(**confirm(preview))
    assert refused.status_code == 422
    assert "row 6, field “E”" in refused.text
    assert count(register) == 0
    assert send(**confirm(preview, partial="yes")).status_code == 200
    assert count(register) == 2 * 744 - 1


def test_whose_sheets_they_are(portal, register):
    assert portal.get("/import/metering").status_code == 403
    assert portal.get("/import/mappings").status_code == 403
    two = portal.signed("two")
    assert two(file=MARCH).status_code == 403  # firm one's plant
    preview = portal.signed("one")(file=APRIL)
    foreign = two(**confirm(preview))
    assert "no longer there" in foreign.text  # another account's upload
    assert two(file=MARCH, facility="nothing").status_code == 400
    one = portal.signed("one")
    assert one(file=b"a;b\n1;2\n").status_code == 400
    assert "The file is empty" in one().text
    assert one(upload="../../etc/passwd", meters="yes").status_code == 400
    assert one(**confirm(preview, **{"factor-0": "-3"})).status_code == 400
    assert one(**confirm(preview, csrf_token="wrong")).status_code == 403
    assert count(register) == 0
