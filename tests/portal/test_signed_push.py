"""Deliveries that a gateway signs: who is believed, what is kept of them, and what a walk over them finds."""

import base64
import json
import os
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.portal.conftest import Browser
from tests.portal.register import WHO, copy_register, make_register

from jasyl.ledger import create_keys, log_origin
from jasyl.monitoring import definitions, read_readings, verify_folder
from jasyl.monitoring.devices import Signing
from jasyl.monitoring.gateways import GatewayBook, gateways, register_gateway, revoke_gateway
from jasyl.monitoring.known_series import series_index
from jasyl.monitoring.mqtt_message import read_message
from jasyl.monitoring.signed_deliveries import delivery_file, forget_unused
from jasyl.portal.app import create_app
from jasyl.quantities import now_us
from jasyl.registry import add_series, series_by_key
from jasyl.texts import LANGUAGES, Refusal

AT = 1_767_589_200_000_000
NAME = "қазандық 3"


def public(key):
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    made = make_register(tmp_path_factory.mktemp("template"))
    create_keys(made.folder)
    with made.database.writing() as connection:
        for key in ("signed-energy", "other-energy"):
            add_series(
                connection, key, WHO, facility_id=made.ids["solar"], quantity="electricity_generated", unit="W.h",
                interval_seconds=900, kind="amount", trust="gateway-signed",
            )  # fmt: skip
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


@pytest.fixture
def key():
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@contextmanager
def refusal(code):
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code


def add(register, key, *series, name=NAME):
    with register.database.writing() as connection:
        found = [series_by_key(connection, one) for one in series]
        defined = definitions(connection, found)
        signing = Signing(log_origin(register.folder), "test", now_us())
        return register_gateway(
            connection, register.folder, name, public(key), [defined[one.number] for one in found], signing
        )


def document(value=12.5, *, start=AT, series="signed-energy"):
    return json.dumps({"readings": [{"series": series, "start": start, "value": value, "unit": "W.h"}]}).encode()


def send(browser, register, body, key=None, name=NAME, signed=None):
    """``signed`` are the bytes that were signed, where they are not those that are sent."""
    headers = {**register.bearer("one"), "content-type": "application/json"}
    if key is not None:
        signature = base64.b64encode(key.sign(body if signed is None else signed)).decode()
        headers |= {"jasyl-gateway": quote(name, safe=" "), "jasyl-signature": signature}
    return browser.post("/api/readings", content=body, headers=headers)


def stored(register):
    with register.database.reading() as connection:
        return read_readings(connection, register.folder, None, -(2**62), 2**62, newest=False).value.tolist()


def test_bytes_that_brought_nothing_are_removed_after_an_hour(browser, register, key):
    add(register, key, "signed-energy")
    first, again = document(), document() + b" "
    assert send(browser, register, first, key).json()["outcome"] == ["stored"]
    assert send(browser, register, again, key).json()["outcome"] == ["known"]
    files = [delivery_file(register.folder, sha256(body).hexdigest()) for body in (first, again)]
    assert all(file.exists() for file in files)

    def forgotten():
        with register.database.reading() as connection:
            return forget_unused(connection, register.folder, 3600)

    assert forgotten() == 0
    for file in files:
        os.utime(file, (0, 0))
    assert send(browser, register, again, key).json()["outcome"] == ["known"]  # young again
    assert forgotten() == 0
    os.utime(files[1], (0, 0))
    assert forgotten() == 1
    assert [file.exists() for file in files] == [True, False]
    assert send(browser, register, again, key).json()["outcome"] == ["known"] and files[1].exists()


def test_a_signed_delivery_is_stored_and_its_bytes_are_kept(browser, register, key):
    record = add(register, key, "signed-energy")
    body = document()
    assert send(browser, register, body, key).json()["outcome"] == ["stored"]
    with register.database.reading() as connection:
        kind, name, digest = connection.exec_driver_sql("select kind, name, sha256 from reading_source").one()
        report = verify_folder(register.database, register.folder)
    assert (kind, name) == ("gateway", NAME)
    head, _, kept = delivery_file(register.folder, digest).read_bytes().partition(b"\n")
    assert kept == body and json.loads(head)["key"] == record
    assert report.ok and report.deliveries == 1
    # The same delivery again: nothing new, nothing lost.
    assert send(browser, register, body, key).json()["outcome"] == ["known"]
    assert verify_folder(register.database, register.folder).deliveries == 1


def test_unsigned_readings_of_a_signed_series_are_refused_and_others_taken(browser, register, key):
    add(register, key, "signed-energy")
    mixed = json.loads(document())
    mixed["readings"].append({"series": "solar-energy", "start": AT, "value": 1, "unit": "W.h"})
    found = send(browser, register, json.dumps(mixed).encode()).json()
    assert found["outcome"] == ["refused", "stored"] and found["reasons"][0]["code"] == "push-unsigned"
    # Signed by a gateway that does not speak for the series: just as little.
    found = send(browser, register, document(series="other-energy"), key).json()
    assert found["reasons"][0]["code"] == "push-unsigned"
    assert stored(register) == [1]


@pytest.mark.parametrize("attack", ["changed body", "other key", "empty", "not base64"])
def test_a_signature_that_does_not_hold_takes_nothing(browser, register, key, attack):
    add(register, key, "signed-energy")
    body = document(series="solar-energy")
    if attack == "changed body":
        answer = send(browser, register, document(99), key, signed=document())
    elif attack == "other key":
        answer = send(browser, register, body, Ed25519PrivateKey.generate())
    else:
        book = GatewayBook(register.database)
        with refusal("delivery-signature"):
            book.check(NAME, "" if attack == "empty" else "****", body)
        return
    assert answer.status_code == 403 and "delivery-signature" in answer.text
    assert stored(register) == []


def test_a_gateway_nobody_registered_keeps_what_it_has(browser, register, key):
    answer = send(browser, register, document(), key)
    assert answer.status_code == 403 and "delivery-gateway" in answer.text
    assert send(browser, register, document(series="solar-energy"), key).json()["outcome"] == ["stored"]
    add(register, key, "signed-energy")
    assert send(browser, register, document(), key).json()["outcome"] == ["stored"]


def test_keys_change_and_are_revoked(browser, register, key):
    add(register, key, "signed-energy")
    assert send(browser, register, document(1), key).json()["outcome"] == ["stored"]
    second = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    record = add(register, second, "signed-energy")
    with register.database.reading() as connection:
        assert [(one.name, one.record) for one in gateways(connection)] == [(NAME, record)]
    fresh = GatewayBook(register.database)
    with refusal("delivery-signature"):
        fresh.check(NAME, base64.b64encode(key.sign(b"x")).decode(), b"x")
    assert fresh.check(NAME, base64.b64encode(second.sign(b"x")).decode(), b"x").series
    with register.database.writing() as connection:
        revoke_gateway(connection, NAME, Signing(log_origin(register.folder), "test", now_us()))
    assert GatewayBook(register.database).check(NAME, base64.b64encode(second.sign(b"x")).decode(), b"x") is None
    # What the first key signed while it was in force stays proven.
    assert verify_folder(register.database, register.folder).ok


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda file: file.unlink(), "missing"),
        (lambda file: file.write_bytes(file.read_bytes().replace(b"12.5", b"92.5")), "changed"),
        (lambda file: file.write_bytes(b"nothing"), "changed"),
        (lambda file: file.write_bytes(file.read_bytes().replace(b'"sig":"', b'"sig":"A')), "signature"),
        (lambda file: file.write_bytes(file.read_bytes().replace(b'"key":"', b'"key":"0')), "key"),
    ],
)
def test_a_walk_finds_what_is_proven_no_more(browser, register, key, damage, reason):
    add(register, key, "signed-energy")
    send(browser, register, document(), key)
    (file,) = register.folder.deliveries.glob("*/*")
    damage(file)
    report = verify_folder(register.database, register.folder)
    assert not report.ok and [each.reason for each in report.unproven] == [reason]
    assert report.as_data()["unproven_deliveries"][0]["reason"] == reason
    for language in LANGUAGES:
        assert NAME in "\n".join(report.lines(language))


def test_mqtt_carries_the_signature_in_an_envelope(register, key):
    with register.database.reading() as connection:
        index = series_index(connection)
    body = document()
    envelope = {"gateway": NAME, "signature": base64.b64encode(key.sign(body)).decode(), "body": body.decode()}
    found = read_message("jasyl/v1/one/signed", json.dumps(envelope).encode(), index)
    assert found.account == "one" and found.envelope.body.encode() == body and len(found.push.readings) == 1
    with refusal("mqtt-envelope"):
        read_message("jasyl/v1/one/signed", body, index)


def test_what_no_gateway_can_be_is_refused(register, key):
    for name in ("", " x", "x" * 81, "a\nb"):
        with refusal("gateway-name"):
            add(register, key, name=name)
    with register.database.writing() as connection:
        signing = Signing(log_origin(register.folder), "test", now_us())
        for text in ("", "AAAA", "not base64 at all"):
            with refusal("gateway-key"):
                register_gateway(connection, register.folder, "x", text, [], signing)
        with refusal("gateway-unknown"):
            revoke_gateway(connection, "x", signing)
    with refusal("device-trust"):
        add(register, key, "solar-energy")


def test_commands(register, key, jasyl):
    def run(*words):
        return jasyl.json("monitor", *words, "--data", register.folder.path)

    made = run("add-gateway", NAME, public(key), "--series", "signed-energy")
    assert run("gateways") == [{"name": NAME, "record": made["record"], "series": ["signed-energy"]}]
    assert run("revoke-gateway", NAME) == {"name": NAME, "revoked": 1}
    assert run("gateways") == []


def test_sensorthings_cannot_go_round_the_signature(browser, register, key):
    add(register, key, "signed-energy")
    found = browser.get("/sta/v1.1/Datastreams", headers=register.bearer("one")).json()["value"]
    (identity,) = (one["@iot.id"] for one in found if one["properties"]["key"] == "signed-energy")
    body = {"result": 5, "phenomenonTime": "2026-01-05T05:00:00Z", "Datastream": {"@iot.id": identity}}
    answer = browser.post("/sta/v1.1/Observations", json=body, headers=register.bearer("one"))
    assert answer.status_code == 400 and "push-unsigned" in answer.text
    assert stored(register) == []
