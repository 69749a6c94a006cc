"""A gateway signs the days it measured: from its notes to a passport that shows gateway-signed, and what it refuses."""

import base64
import datetime as dt
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.portal.conftest import Browser
from tests.portal.register import WHO, copy_register, make_register

from jasyl.figures import passport_file, publish
from jasyl.ledger import Keeper, Log, check_passport, create_keys, log_origin, parse_record
from jasyl.ledger import entry as entry_of
from jasyl.monitoring import bring_up_to_date, definitions, make_figure, sealed_days
from jasyl.monitoring.devices import Signing
from jasyl.monitoring.gateways import register_gateway
from jasyl.people import OPERATOR
from jasyl.portal.app import create_app
from jasyl.quantities import now_us
from jasyl.registry import add_series, facility_by_key, series_by_key
from jasyl_gateway.days import Notes, signed_day
from jasyl_gateway.intervals import Reading
from jasyl_gateway.signing import signed_headers

NAME = "boiler house"
HOUR = 3_600_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    made = make_register(tmp_path_factory.mktemp("template"))
    create_keys(made.folder)
    with made.database.writing() as connection:
        one = add_series(
            connection, "meter", WHO, facility_id=made.ids["wind"], quantity="electricity_generated", unit="W.h",
            interval_seconds=3600, kind="amount", trust="gateway-signed",
        )  # fmt: skip
        signing = Signing(log_origin(made.folder), "test", now_us())
        public = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
        register_gateway(connection, made.folder, NAME, public, [definitions(connection, [one])[one.number]], signing)
    made.database.close()
    return made


class World:
    """A server, and a gateway that has measured the whole of a closed day."""

    def __init__(self, register, home):
        self.register, self.folder, self.database = register, register.folder, register.database
        self.browser = Browser(create_app(register.folder, ["127.0.0.1"]))
        self.notes = Notes(home / "measured")
        today = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(hours=-5)
        self.day = int((today - dt.timedelta(days=3)).timestamp()) * 1_000_000
        self.readings = [Reading("meter", "kW.h", self.day + hour * HOUR, f"{hour}.25") for hour in range(24)]
        self.notes.add(self.readings)

    def post(self, path, body, **headers):
        return self.browser.post(path, content=body, headers={**self.register.bearer("two"), **headers})

    def push(self, readings=None):
        rows = [
            {"series": one.series, "unit": one.unit, "start": one.start, "value": one.value}
            for one in readings or self.readings
        ]
        body = json.dumps({"readings": rows}).encode()
        answer = self.post("/api/readings", body, **signed_headers(KEY, NAME, body))
        assert answer.status_code == 200 and not answer.json()["reasons"], answer.text

    def offered(self, key=KEY, at=None):
        body = json.dumps({"at": now_us() if at is None else at}).encode()
        return self.post("/api/days", body, **signed_headers(key, NAME, body))

    def sign(self):
        (day,) = self.offered().json()["days"]
        measured = day["measured"]
        notes = self.notes.between(day["name"], measured["day_start"], measured["day_end"])
        answer = self.post("/api/days/signed", signed_day(day, notes, KEY))
        assert answer.status_code == 200, answer.text

    def seal(self):
        return bring_up_to_date(self.database, self.folder, now_us(), author="operator")

    def levels(self):
        with self.database.reading() as connection:
            number = series_by_key(connection, "meter").number
            days = sealed_days(connection, [number], self.day, self.day + 1, superseded=True)
            return [parse_record(entry_of(connection, one.record_id)).trust for one in days]


@pytest.fixture
def world(template, tmp_path):
    made = World(copy_register(template, tmp_path), tmp_path)
    yield made
    made.database.close()


def test_a_day_that_the_gateway_signed_is_shown_so_by_the_passport(world):
    world.push()
    world.sign()
    assert world.offered().json()["days"] == []
    world.seal()
    assert world.levels() == ["gateway-signed"]
    day = dt.datetime.fromtimestamp(world.day / 1e6 + 5 * 3600, dt.UTC).date().isoformat()
    with world.database.writing() as connection:
        plant = facility_by_key(connection, "wind", OPERATOR)
        stored = make_figure(connection, plant, "electricity.generated", day, "observed", now_us())
        statement = publish(connection, stored.id, "analyst", now_us(), log_origin=log_origin(world.folder), signers=())
    with Keeper(world.folder, world.database) as keeper:
        keeper.drain()
    with world.database.reading() as connection:
        found = check_passport(passport_file(connection, Log(world.folder), statement.id), Log(world.folder).policy)
    assert found.weakest == "gateway-signed"
    assert stored.figure.value == sum(range(24)) * 1000 + 24 * 250


def test_a_signature_after_the_seal_seals_again(world):
    world.push()
    world.seal()
    assert world.levels() == ["operator-entered"]
    world.sign()
    assert len(world.seal().sealed) == 1
    assert world.levels() == ["operator-entered", "gateway-signed"]
    assert world.seal().sealed == ()
    assert not list(world.folder.signed_days.glob("*.json"))


def test_what_the_gateway_did_not_measure_it_does_not_sign(world):
    world.push()
    (day,) = world.offered().json()["days"]
    measured = day["measured"]
    notes = world.notes.between("meter", measured["day_start"], measured["day_end"])
    assert signed_day(day, notes, KEY)
    first = next(iter(notes))
    for wrong in (
        {**notes, first: ("99", "kW.h")},
        {**notes, first: ("0.25", "kg")},
        {start: said for start, said in notes.items() if start != first},
        {**notes, first + 1: ("1", "W.h")},
    ):
        with pytest.raises(ValueError):
            signed_day(day, wrong, KEY)
    for name, lie in (("sum", "1"), ("root", "0" * 64), ("count", 3), ("max", "9"), ("day_end", measured["day_start"])):
        with pytest.raises(ValueError):
            signed_day({**day, "measured": {**measured, name: lie}}, notes, KEY)


def test_a_correction_after_the_signature_is_no_more_than_entered(world):
    world.push()
    world.sign()
    world.push([Reading("meter", "kW.h", world.day, "7")])
    world.seal()
    assert world.levels() == ["operator-entered"]


def test_salts_go_only_to_the_key_that_is_bound(world):
    world.push()
    assert world.offered(Ed25519PrivateKey.generate()).status_code == 403
    assert world.offered(at=now_us() - 3_600_000_000).status_code == 400
    assert world.post("/api/days", b"{}").status_code == 400
    body = b"[]"
    assert world.post("/api/days", body, **signed_headers(KEY, NAME, body)).status_code == 400
    (day,) = world.offered().json()["days"]
    notes = world.notes.between("meter", day["measured"]["day_start"], day["measured"]["day_end"])
    forged = signed_day(day, notes, Ed25519PrivateKey.generate())
    assert world.post("/api/days/signed", forged).status_code == 400
    assert world.post("/api/days/signed", b"{}").status_code == 400
    signed = signed_day(day, notes, KEY)
    stranger = world.browser.post("/api/days/signed", content=signed, headers=world.register.bearer("one"))
    assert stranger.status_code == 400
    world.seal()
    assert world.levels() == ["operator-entered"]


def test_notes_outlive_a_torn_line_and_are_forgotten(tmp_path):
    notes = Notes(tmp_path)
    day = 86_400_000_000
    notes.add([Reading("a/b", "W", 100 * day, "1"), Reading("a/b", "W", 101 * day, "2")])
    (file, _) = sorted(tmp_path.glob("*/*"))
    with file.open("a") as out:
        out.write("[1, 2")
    assert notes.between("a/b", 100 * day, 102 * day) == {100 * day: ("1", "W"), 101 * day: ("2", "W")}
    notes.forget(141 * day)
    assert list(notes.between("a/b", 100 * day, 102 * day)) == [101 * day]
