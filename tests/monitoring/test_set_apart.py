"""Messages set apart come in once their reason is gone; the page and the commands say what to do."""

import json

import pytest
import sqlalchemy as sa
from tests.portal.conftest import Browser
from tests.portal.register import WHO, copy_register, make_register

from jasyl.monitoring import read_readings
from jasyl.monitoring.delivery_tables import quarantined_message
from jasyl.monitoring.quarantine import Stray, quarantine
from jasyl.monitoring.set_apart import set_apart, try_again, written_reason
from jasyl.portal.app import create_app
from jasyl.quantities import now_us
from jasyl.registry import add_series
from jasyl.texts import LANGUAGES, Refusal

AT = 1_767_589_200_000_000


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


def put(register, topic, payload, reason, size=None):
    row = {
        "topic": topic, "payload": payload, "bytes": size or len(payload), "received_at": now_us(),
        "reason": reason if isinstance(reason, str) else written_reason(reason),
    }  # fmt: skip
    with register.database.writing() as connection:
        return connection.execute(sa.insert(quarantined_message).values(row)).inserted_primary_key[0]


def document(series="solar-energy"):
    return json.dumps({"readings": [{"series": series, "start": AT, "value": 3, "unit": "W.h"}]}).encode()


def apart(register):
    with register.database.reading() as connection:
        return set_apart(connection)


def test_a_message_comes_in_once_its_account_exists(register):
    number = put(register, "jasyl/v1/one/readings", document(), Refusal("mqtt-account", received="one"))
    assert try_again(register.database, register.folder, number, now_us()).accepted == 1
    with register.database.reading() as connection:
        assert read_readings(connection, register.folder, None, 0, 2**62).value.tolist() == [3]
    assert apart(register) == []


@pytest.mark.parametrize(
    ("topic", "payload", "size", "code"),
    [
        ("jasyl/v1/nobody/readings", document(), None, "mqtt-account"),
        ("jasyl/v1/one/readings", document("wind-energy"), None, "push-not-yours"),
        ("jasyl/v1/one/readings", b"no json", None, "push-unreadable"),
        ("jasyl/v1/one/readings", document().replace(b"200000000", b"200000001"), None, "reading-off-grid"),
        (
            "jasyl/v1/one/signed",
            b'{"gateway": "x", "signature": "AAAA", "body": "{\\"readings\\": []}"}',
            None,
            "gateway-unknown",
        ),
        ("jasyl/v1/one/readings", document(), 100_000, "message-cut"),
    ],
)
def test_what_still_says_no_reading_stays(register, topic, payload, size, code):
    number = put(register, topic, payload, Refusal("mqtt-topic", received=topic, expected="…"), size)
    with pytest.raises(Refusal) as caught:
        try_again(register.database, register.folder, number, now_us())
    assert caught.value.code == code
    assert [one.number for one in apart(register)] == [number]


def test_unknown_series_of_a_message_go_to_the_readings_that_wait(register):
    number = put(register, "jasyl/v1/one/readings", document("new-meter"), Refusal("mqtt-account", received="one"))
    assert try_again(register.database, register.folder, number, now_us()).accepted == 0
    listed = Browser(create_app(register.folder, ["127.0.0.1"])).get(
        "/quarantine.json", headers=register.bearer("agency")
    )
    assert [one["series"] for one in listed.json()["quarantined"]] == ["new-meter"]


def test_the_page_says_what_to_do_in_every_language(register):
    put(register, "jasyl/v1/x/readings", b"<b>", Refusal("mqtt-account", received="<b>x</b>"))
    put(register, "old/topic", b"?", json.dumps({"code": "mqtt-topic", "text": "As it was written down."}))
    with register.database.writing() as connection:
        strays = [Stray("new-meter", AT, "1", "m3"), Stray("late-meter", AT, "1", "m3")]
        quarantine(connection, strays, register.ids["one"], now_us())
        add_series(
            connection, "late-meter", WHO, facility_id=register.ids["solar"], quantity="gas_used", unit="m3",
            interval_seconds=3600, kind="amount",
        )  # fmt: skip
    browser = Browser(create_app(register.folder, ["127.0.0.1"]))
    for language in LANGUAGES:
        page = browser.get(f"/{language}/quarantine", headers=register.bearer("agency")).text
        assert "retry-message" in page and "As it was written down." in page and "<b>x</b>" not in page
        assert "monitor add-series" in page
    table = browser.get("/en/quarantine.csv", headers=register.bearer("agency")).text
    assert 'The series is registered now: jasyl monitor release ""late-meter""' in table
    data = browser.get("/en/quarantine.json", headers=register.bearer("agency")).json()
    assert [one["code"] for one in data["messages"]] == ["mqtt-topic", "mqtt-account"]
    # Whoever only sends sees what waits of their own, and no messages of others.
    own = browser.get("/en/quarantine.json", headers=register.bearer("one")).json()
    assert own["messages"] == [] and len(own["quarantined"]) == 2


def test_commands(register, jasyl):
    number = put(register, "jasyl/v1/one/readings", document(), Refusal("mqtt-account", received="one"))
    other = put(register, "x", b"?", Refusal("mqtt-topic", received="x", expected="…"))

    def run(*words, code=0):
        assert jasyl("monitor", *words, "--data", register.folder.path, "--json") == code, jasyl.err
        return json.loads(jasyl.out or jasyl.err)

    assert [one["number"] for one in run("messages")] == [other, number]
    assert run("retry-message", str(number))["accepted"] == 1
    assert run("discard-message", str(other)) == {"number": other, "discarded": True}
    assert run("discard-message", str(other), code=1)["refused"][0]["code"] == "message-unknown"
    assert run("messages") == []
