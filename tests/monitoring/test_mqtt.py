"""MQTT with a real mosquitto: acknowledged means stored, over restarts of the broker, duplicates and poison."""

import datetime as dt
import getpass
import ipaddress
import json
import shutil
import subprocess
import threading
import time

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.conftest import need
from tests.portal.register import make_register
from tests.serving import free_port

from jasyl.monitoring import read_readings
from jasyl.monitoring.delivery_tables import quarantined_message
from jasyl.monitoring.mqtt import MqttSettings, Subscriber
from jasyl.monitoring.mqtt_message import read_message
from jasyl.monitoring.quarantine import quarantined
from jasyl.registry import every_series
from jasyl.texts import LANGUAGES, Refusal

OFF_GRID = b'{"result": 1, "phenomenonTime": "2026-01-05T11:16:00Z"}'
AT = 1_767_589_200_000_000
QUARTER = 900_000_000


class Broker:
    """A mosquitto of our own: passwords for each gateway, an access list, sessions kept over restarts."""

    def __init__(self, program, home, tls=""):
        self.program, self.home, self.port = program, home, free_port()
        home.mkdir()
        passwords = home / "passwords"
        for name in ("jasyl", "one", "two"):
            words = [
                "mosquitto_passwd",
                "-b",
                *(["-c"] if name == "jasyl" else []),
                str(passwords),
                name,
                f"{name}-word",
            ]
            subprocess.run(words, check=True, capture_output=True)
        (home / "access").write_text(
            "user jasyl\ntopic read #\npattern write jasyl/v1/%u/readings\nuser one\ntopic write v1.1/#\n"
            "topic write jasyl/v1/one/#\n"
        )
        for file in (passwords, home / "access"):
            file.chmod(0o644)
        home.chmod(0o777)
        (home / "conf").write_text(
            f"listener {self.port} 127.0.0.1\n{tls}allow_anonymous false\npassword_file {passwords}\n"
            f"acl_file {home}/access\nuser {getpass.getuser()}\n"
            f"persistence true\npersistence_location {home}/\nmax_queued_messages 100000\nmax_inflight_messages 2000\n"
        )
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "-c", str(self.home / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    def sender(self, name="one", tls=None):
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        client = Client(CallbackAPIVersion.VERSION2, f"sender-{name}")
        client.username_pw_set(name, f"{name}-word")
        if tls is not None:
            client.tls_set(str(tls))
        client.reconnect_delay_set(1, 1)
        client.connect_async("127.0.0.1", self.port)
        client.loop_start()
        return client


def mosquitto():
    return need(shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin"), "apt install mosquitto")


@pytest.fixture
def broker(tmp_path):
    made = Broker(mosquitto(), tmp_path / "broker")
    yield made
    made.stop()


@pytest.fixture
def register(tmp_path):
    made = make_register(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def listening(broker, register):
    """A subscriber that can be ended and begun again."""

    class Listening:
        def begin(self):
            settings = MqttSettings("127.0.0.1", broker.port, "jasyl", "jasyl-word")
            self.subscriber = Subscriber(register.database, register.folder, settings)
            self.stop = threading.Event()
            self.thread = threading.Thread(target=self.subscriber.run, args=(self.stop,))
            self.thread.start()
            assert self.subscriber.subscribed.wait(60)
            return self.subscriber

        def end(self):
            self.stop.set()
            self.thread.join()

    made = Listening()
    made.begin()
    yield made
    if made.thread.is_alive():
        made.end()


def number_of(register, key):
    with register.database.reading() as connection:
        return next(one.number for one in every_series(connection) if one.key == key)


def stored(register, key):
    with register.database.reading() as connection:
        found = read_readings(connection, register.folder, [number_of(register, key)], 0, 2**62, newest=False)
    return dict(zip(((found.start - AT) // QUARTER).tolist(), found.value.tolist(), strict=True))


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.05)
    assert condition()


def document(first, count, series="solar-energy"):
    rows = [{"start": AT + n * QUARTER, "value": n} for n in range(first, first + count)]
    return json.dumps({"series": series, "unit": "W.h", "readings": rows})


def set_apart(register):
    with register.database.reading() as connection:
        rows = connection.execute(sa.select(quarantined_message).order_by(quarantined_message.c.number)).all()
    return [(row.topic, json.loads(row.reason)["code"]) for row in rows]


def test_both_topics_poison_and_unknown_series(broker, register, listening):
    client = broker.sender()
    number = number_of(register, "solar-energy")
    client.publish("jasyl/v1/one/readings", document(0, 5), qos=1)
    observed = {"result": 7, "phenomenonTime": "2026-01-05T11:15:00+05:00/2026-01-05T11:30:00+05:00"}
    for _ in range(2):
        client.publish(f"v1.1/Datastreams({number})/Observations", json.dumps(observed), qos=1)
    poison = [
        ("jasyl/v1/one/readings", b"\xff\x00not json", "push-unreadable"),
        ("jasyl/v1/one/readings", document(90, 1, "hidden-energy").replace("W.h", "m3"), "unit-dimension"),
        (f"v1.1/Datastreams({number})/Observations", b'{"result": 1}', "mqtt-observation"),
        ("v1.1/Things(1)/Observations", b"{}", "mqtt-topic"),
        (f"v1.1/Datastreams({number})/Observations", OFF_GRID, "reading-off-grid"),
    ]  # fmt: skip
    for topic, payload, _ in poison:
        client.publish(topic, payload, qos=1)
    client.publish("jasyl/v1/one/readings", document(0, 2, "nobody-knows-it"), qos=1)
    client.publish("v1.1/Datastreams(999)/Observations", json.dumps(observed), qos=1)
    until(lambda: listening.subscriber.counts["messages"] == 10)
    client.loop_stop()
    assert stored(register, "solar-energy") == {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 7}
    assert set_apart(register) == [(topic, code) for topic, _, code in poison]
    with register.database.reading() as connection:
        assert {each.series for each in quarantined(connection)} == {"nobody-knows-it", "Datastreams(999)"}


def test_an_account_writes_its_own_series_only(broker, register, listening):
    client = broker.sender()
    client.publish("jasyl/v1/one/readings", document(0, 1, "wind-energy"), qos=1)
    client.publish("jasyl/v1/two/readings", document(0, 1, "wind-energy"), qos=1)  # the broker drops it: not its topic
    client.publish("jasyl/v1/one/readings", document(0, 1), qos=1)
    until(lambda: listening.subscriber.counts["messages"] >= 2)
    client.loop_stop()
    assert stored(register, "wind-energy") == {}
    assert stored(register, "solar-energy") == {0: 0}
    assert set_apart(register) == [("jasyl/v1/one/readings", "push-not-yours")]


def test_nothing_is_lost_or_doubled_over_restarts_of_broker_and_service(broker, register, listening):
    client = broker.sender()
    sent = 0

    def send(count):
        nonlocal sent
        for _ in range(count):
            client.publish("jasyl/v1/one/readings", document(sent, 3), qos=1)
            sent += 2  # the third is said again by the next message

    send(40)
    until(lambda: listening.subscriber.counts["messages"] > 5)
    listening.end()
    send(40)  # the broker keeps them: the session is persistent
    time.sleep(0.5)
    broker.stop()
    send(20)  # the sender keeps these
    broker.start()
    listening.begin()
    until(lambda: len(stored(register, "solar-energy")) == 2 * 100 + 1)
    client.loop_stop()
    assert stored(register, "solar-energy") == {n: n for n in range(201)}


def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again(broker, register, listening, monkeypatch):
    client = broker.sender()
    faults = iter([True, True])

    def broken(batch):
        if next(faults, False):
            raise sa.exc.OperationalError("disk", {}, OSError("full"))
        return original(batch)

    original = listening.subscriber.gatherer.submit
    monkeypatch.setattr(listening.subscriber.gatherer, "submit", broken)
    client.publish("jasyl/v1/one/readings", document(0, 3), qos=1)
    until(lambda: listening.subscriber.counts["messages"] == 1)
    client.loop_stop()
    assert len(stored(register, "solar-energy")) == 3


def test_a_broker_that_refuses_us_is_told(broker, register):
    subscriber = Subscriber(
        register.database, register.folder, MqttSettings("127.0.0.1", broker.port, "jasyl", "wrong")
    )
    with pytest.raises(Refusal) as raised:
        subscriber.run(threading.Event())
    assert raised.value.code == "mqtt-refused"
    assert all(raised.value.text(language) for language in LANGUAGES)


def test_topics_that_are_none(register):
    with pytest.raises(Refusal) as raised:
        read_message("jasyl/v1/a/b/readings", b"{}", None)
    assert raised.value.code == "mqtt-topic"


def certified(home, name, issuer=None):
    """A certificate for loopback under ``home``, signed by ``issuer`` (key, certificate) or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(issuer[0] if issuer else key, hashes.SHA256())
    )
    (home / f"{name}.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (home / f"{name}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    for file in (home / f"{name}.pem", home / f"{name}.key"):
        file.chmod(0o644)
    return key, built


# paho leaves the socket of a handshake that failed to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_over_tls_readings_come_from_the_broker_whose_certificate_is_vouched_for(register, tmp_path):
    authority = certified(tmp_path, "authority")
    certified(tmp_path, "broker", authority)
    certified(tmp_path, "stranger")
    broker = Broker(mosquitto(), tmp_path / "home", f"certfile {tmp_path}/broker.pem\nkeyfile {tmp_path}/broker.key\n")
    try:
        for trusted, expected in (("stranger", 0), ("authority", 1)):
            settings = MqttSettings(
                "127.0.0.1", broker.port, "jasyl", "jasyl-word", certificates=str(tmp_path / f"{trusted}.pem")
            )
            assert taken_over(settings, register, broker, tmp_path / "authority.pem") == expected
        assert stored(register, "solar-energy") == {0: 5}
    finally:
        broker.stop()


def taken_over(settings, register, broker, authority):
    """How many readings a subscriber takes of one that is sent; 0 when it does not connect within a second."""
    subscriber, stop = Subscriber(register.database, register.folder, settings), threading.Event()
    thread = threading.Thread(target=subscriber.run, args=(stop,), daemon=True)
    thread.start()
    sender = broker.sender(tls=authority)
    try:
        if not subscriber.subscribed.wait(1 if "stranger" in settings.certificates else 60):
            return 0
        document = {"readings": [{"series": "solar-energy", "start": AT, "value": 5, "unit": "W.h"}]}
        sender.publish("jasyl/v1/one/readings", json.dumps(document), qos=1)
        until(lambda: subscriber.counts["accepted"])
        return subscriber.counts["accepted"]
    finally:
        sender.disconnect()
        sender.loop_stop()
        stop.set()
        thread.join(20)
