"""JSON push: what is stored, known, corrected, quarantined, refused and why; who may; what bad input meets."""

import json
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from sqlalchemy.exc import OperationalError
from tests.portal.conftest import Browser
from tests.portal.register import WHO, copy_register, make_register

from jasyl.monitoring import gathering, read_readings, roll_up
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.push import MOST_BYTES, push_schema
from jasyl.people.tables import token as token_table
from jasyl.portal.app import create_app
from jasyl.registry import add_series
from jasyl.texts import LANGUAGES, Refusal

START = "2026-01-05T10:00:00+05:00"
AT = 1_767_589_200_000_000
HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    made = make_register(tmp_path_factory.mktemp("template"))
    made.database.close()
    return made


@pytest.fixture
def register(template, tmp_path):
    made = copy_register(template, tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def browser(register):
    return Browser(create_app(register.folder, ["127.0.0.1"]))


def _push(browser, register, document, account="one", **headers):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return browser.post("/api/readings", content=content, headers={**register.bearer(account), **headers})


def _stored(register):
    with register.database.reading() as connection:
        found = read_readings(connection, register.folder, None, -(2**62), 2**62, newest=False)
    return list(
        zip(found.series.tolist(), found.start.tolist(), found.value.tolist(), found.revision.tolist(), strict=True)
    )


def _reading(value=1.5, start=START, series="solar-energy", unit="kW.h", **more):
    return {"series": series, "start": start, "value": value, "unit": unit, **more}


def test_what_the_air_holds_has_a_mean_and_no_amount(browser, register):
    with register.database.writing() as connection:
        station = {"quantity": "pm25", "unit": "ug/m3", "scale": 1, "interval_seconds": 3600, "kind": "mean"}
        add_series(connection, "station", WHO, facility_id=register.ids["solar"], **station)
    rows = [_reading(35.2, series="station", unit="мкг/м³"), _reading(0.03, AT + HOUR, "station", "mg/m3")]
    assert _push(browser, register, {"readings": rows}).json()["outcome"] == ["stored", "stored"]
    with register.database.reading() as connection:
        known = definitions(connection)
    roll_up(register.database, register.folder, known)
    _, day = browser.get("/en/facilities/solar/readings.csv").text.splitlines()
    assert day.startswith("2026-01-05,PM2.5 in the air,,,32.6,30.0,35.2,µg/m³,")


def test_what_is_new_known_corrected_and_outdated(browser, register):
    first = _push(
        browser,
        register,
        {"readings": [_reading(1.5), _reading(2, series=register.ids["solar-power"], unit="kW")], "sequence": 7},
    )
    assert first.status_code == 200
    assert first.json()["outcome"] == ["stored", "stored"]
    assert _stored(register) == [(1, AT, 1500, 1), (2, AT, 2000, 1)]
    again = _push(browser, register, {"readings": [_reading("1.5", AT), _reading(1.75, AT + 900_000_000)]}).json()
    assert (
        again["outcome"] == ["known", "stored"] and again["known"] == 1 and again["delivery"] > first.json()["delivery"]
    )
    assert _push(browser, register, {"readings": [_reading(1.6)]}).json()["outcome"] == ["corrected"]
    late = _push(browser, register, {"readings": [_reading(1.5)]}).json()
    assert late["outcome"] == ["outdated"] and late["delivery"] is None
    with register.database.reading() as connection:
        names = connection.exec_driver_sql("select kind, name, actor from reading_source order by number").all()
    assert names[0] == ("push", "one 7", register.ids["one"])


def test_what_is_common_is_said_once(browser, register):
    starts = [AT + 900_000_000 * place for place in range(4)]
    document = {"series": "solar-energy", "unit": "W.h", "readings": [{"start": at, "value": 5} for at in starts]}
    assert _push(browser, register, document).json()["stored"] == 4


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (_reading(start="2026-01-05T10:07:00+05:00"), "reading-off-grid"),
        (_reading(start="2096-01-05T10:00:00+05:00"), "reading-future"),
        (_reading(start="2026-01-05T10:00:00"), "push-start"),
        (_reading(start="yesterday"), "push-reading-form"),
        (_reading(start=2**70), "push-start"),
        (_reading(start=None), "push-reading-form"),
        (_reading(start=True), "push-reading-form"),
        (_reading(None), "push-value"),
        (_reading("NaN"), "push-value"),
        (_reading("Infinity"), "push-value"),
        (_reading("1,5"), "push-value"),
        (_reading("1e999"), "push-value"),
        (_reading(1e300), "push-value"),
        (_reading(1e18), "reading-too-large"),
        (_reading([1]), "push-reading-form"),
        (_reading(True), "push-reading-form"),
        (_reading(unit="furlong"), "unknown-unit"),
        (_reading(unit="kg"), "unit-dimension"),
        (_reading(unit=None), "push-no-unit"),
        (_reading(series=None), "push-no-series"),
        (_reading(series="x" * 300), "push-no-series"),
        (_reading(series="wind-energy"), "push-not-yours"),
        (_reading(revision=0), "push-revision"),
        (_reading(revision=-3), "push-revision"),
        (_reading(colour="green"), "push-reading-form"),
        ("a reading", "push-reading-form"),
        (None, "push-reading-form"),
    ],
)
def test_a_bad_reading_is_refused_with_its_reason_and_the_others_are_taken(browser, register, reading, code):
    for language in LANGUAGES:
        answered = _push(browser, register, {"readings": [reading, _reading()]}, **{"Accept-Language": language})
        said = answered.json()
        assert answered.status_code == 200
        assert said["outcome"][0] == "refused" and said["outcome"][1] in {"stored", "known"}
        assert [(each["row"], each["code"]) for each in said["reasons"]] == [(0, code)]
        assert said["reasons"][0]["text"] and said["reasons"][0]["mend"]
    assert _stored(register) == [(1, AT, 1500, 1)]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "push-unreadable"),
        (b"{", 400, "push-unreadable"),
        (b"[]", 400, "push-unreadable"),
        (b'{"readings": 5}', 400, "push-unreadable"),
        (b'{"readings": [], "extra": 1}', 400, "push-unreadable"),
        (b'{"readings": [{"start": 0, "value": NaN}]}', 400, "push-unreadable"),
        (b'{"readings": [{"start": 0, "value": 1e400, "unit": "W"}]}', 400, "push-unreadable"),
        (b"\xff\xfe", 400, "push-unreadable"),
        (b'{"readings":' + b"[" * 100_000, 400, "push-unreadable"),
        (b'{"readings": [' + b"null," * 60_000 + b"null]}", 413, "push-too-many"),
        (b" " * (MOST_BYTES + 1), 413, "push-too-large"),
    ],
)
def test_a_document_that_is_none(browser, register, content, status, code):
    answered = _push(browser, register, content)
    assert (answered.status_code, answered.json()["refused"][0]["code"]) == (status, code)
    assert _push(browser, register, {"readings": [_reading()]}).json()["stored"] == 1


def test_the_same_interval_twice_in_one_document(browser, register):
    said = _push(
        browser,
        register,
        {"readings": [_reading(1), _reading(1), _reading(2, AT + 900_000_000), _reading(3, AT + 900_000_000)]},
    ).json()
    assert said["outcome"] == ["stored", "known", "refused", "refused"]
    assert {each["code"] for each in said["reasons"]} == {"reading-contradicts"}


def test_a_document_in_pieces_without_its_length(browser, register):
    content = json.dumps({"readings": [_reading()]}).encode()

    async def pieces():
        yield content[:20]
        yield content[20:]

    answered = browser.post("/api/readings", content=pieces(), headers=register.bearer("one"))
    assert answered.json()["outcome"] == ["stored"]
    assert _push(browser, register, {"readings": [_reading()]}).json()["outcome"] == ["known"]


def test_values_are_exact_and_rounding_is_counted(browser, register):
    rows = ["0.0005", "0.0015", "9007199254740.991", "0.1", "123456.789"]
    document = {"readings": [_reading(value, AT + 900_000_000 * at) for at, value in enumerate(rows)]}
    assert _push(browser, register, document).json()["rounded"] == 2
    assert [row[2] for row in _stored(register)] == [0, 2, 9007199254740991, 100, 123456789]
    # JSON numbers are doubles: fifteen digits are exact, whoever has more sends strings.
    document = {"readings": [_reading(float(v), AT + 900_000_000 * at) for at, v in enumerate(rows) if at != 2]}
    assert set(_push(browser, register, document).json()["outcome"]) == {"known"}


def test_who_may(browser, register):
    assert browser.post("/api/readings", content=b"{}").status_code == 401
    assert _push(browser, register, {"readings": [_reading()]}, "reader").status_code == 403
    document = {"readings": [_reading(), _reading(series="solar-power", unit="kW"), _reading(series="hidden-energy")]}
    assert _push(browser, register, document, "meter").json()["outcome"] == ["stored", "refused", "quarantined"]
    # What is closed to a sender looks like what is not there.
    two = _push(
        browser, register, {"readings": [_reading(series="hidden-energy"), _reading(series="nowhere")]}, "two"
    ).json()
    assert two["outcome"] == ["quarantined", "quarantined"] and two["reasons"] == []
    with register.database.writing(visible=False) as connection:
        connection.execute(token_table.update().values(revoked=True))
    fresh = Browser(create_app(register.folder, ["127.0.0.1"]))
    assert _push(fresh, register, {"readings": [_reading()]}).status_code == 401


def test_a_token_that_comes_too_often(browser, register, monkeypatch):
    monkeypatch.setattr("jasyl.portal.bearers.BURST", 3.0)
    monkeypatch.setattr("jasyl.portal.bearers.RATE", 0.001)
    codes = [_push(browser, register, {"readings": [_reading()]}).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert _push(browser, register, {"readings": [_reading()]}, "agency").status_code == 200


def test_unknown_series_wait_until_they_are_registered(browser, register, jasyl):
    document = {
        "readings": [
            _reading(1, AT, "gas-meter", "m3"),
            _reading(2, AT + 3_600_000_000, "gas-meter", "m3"),
            _reading(2, AT + 5, "gas-meter", "m3"),
        ]
    }
    for _ in range(2):
        assert _push(browser, register, document).json()["quarantined"] == 3
    assert browser.get("/en/quarantine").status_code == 403
    listed = browser.get("/quarantine.json", headers=register.bearer("agency")).json()["quarantined"]
    assert [(one["series"], one["readings"]) for one in listed] == [("gas-meter", 3)]
    assert browser.get("/quarantine.json", headers=register.bearer("two")).json()["quarantined"] == []

    def monitor(*arguments):
        return jasyl.json("monitor", *arguments, "--data", register.folder.path)

    assert monitor("quarantine")[0]["readings"] == 3
    assert jasyl("monitor", "release", "gas-meter", "--data", register.folder.path) == 1
    options = {"--quantity": "gas_used", "--unit": "m3", "--interval": "3600", "--kind": "amount"}
    monitor("add-series", "solar", "gas-meter", *(word for pair in options.items() for word in pair))
    released = monitor("release", "gas-meter")
    assert released["accepted"] == 2 and [one["code"] for one in released["refused"]] == ["reading-off-grid"]
    assert monitor("quarantine")[0]["readings"] == 1
    assert monitor("discard", "gas-meter")["discarded"] == 1
    # The register knows the name now.
    assert _push(browser, register, {"readings": [_reading(7, AT, "gas-meter", "m3")]}).json()["corrected"] == 1


def test_many_senders_at_once_are_gathered_and_none_is_lost(browser, register):
    def push(sender):
        readings = [_reading(sender + place, AT + 900_000_000 * (sender * 10 + place)) for place in range(10)]
        return _push(browser, register, {"readings": readings}).json()["stored"]

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(push, range(24))) == 240
    assert len(_stored(register)) == 240


def test_a_push_that_could_not_be_committed_is_not_acknowledged(browser, register, monkeypatch):
    def fail(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(import_module("jasyl.storage.segment_store"), "sync_directory", fail)
    assert _push(browser, register, {"readings": [_reading()]}).status_code == 500
    monkeypatch.undo()
    assert _stored(register) == []
    assert _push(browser, register, {"readings": [_reading()]}).json()["stored"] == 1


def test_the_schema_describes_what_is_taken():
    schema = push_schema()
    assert set(schema["$defs"]) == {"Push", "PushedReading"}
    assert schema["$defs"]["PushedReading"]["required"] == ["start", "value"]


class Away(Exception):
    """What psycopg says when no connection was made: an error without a code of the server."""

    sqlstate = None


@pytest.mark.parametrize(
    "fault", [OperationalError("select", {}, Away("refused")), Refusal("store-unreachable", received="s3", reason="x")]
)
def test_while_the_storage_is_away_nothing_is_acknowledged_and_it_may_be_sent_again(
    browser, register, monkeypatch, fault
):
    def refuse(*_, **__):
        raise fault

    document = {"readings": [_reading()]}
    with monkeypatch.context() as broken:
        broken.setattr(gathering, "append_all", refuse)
        answer = _push(browser, register, document)
    assert answer.status_code == 503
    assert answer.json()["refused"][0]["code"] in {"database-away", "store-unreachable"}
    assert _stored(register) == []
    assert _push(browser, register, document).json()["outcome"] == ["stored"]
