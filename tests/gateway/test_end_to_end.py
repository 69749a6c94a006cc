"""Meters → gateway → server → segments, over kills of both programs and answers lost on their way.

The devices are of other libraries (pymodbus, c104). Between gateway and server stands a wire that notes every delivery
and now and then swallows the answer after the server has acknowledged: what is sent again must not count twice.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from tests.gateway.conftest import SOURCE
from tests.portal.register import make_register
from tests.serving import JASYL, environment, free_port

from jasyl.ledger import create_keys
from jasyl.monitoring import read_readings, verify_folder
from jasyl.registry import Provenance, add_series, every_series

SAID = Provenance("a test", "tester", "high")
SEED = 20_260_104
# As many of each kind: an interval takes a second, so more meters give the same number of readings sooner.
METERS = 3


class Wire(BaseHTTPRequestHandler):
    """Hands deliveries on; ``server.chance`` decides which answers are lost."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        wire = self.server
        wire.tried += json.loads(body)["readings"]
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        try:
            answer = httpx.post(wire.target + self.path, content=body, headers=headers, trust_env=False, timeout=20)
        except httpx.HTTPError:
            self.close_connection = True
            return
        if answer.status_code == 200:
            wire.acknowledged += json.loads(body)["readings"]
            wire.outcomes += answer.json()["outcome"]
            if wire.chance.random() < 0.3:
                wire.lost += 1
                self.close_connection = True
                return
        self.send_response(answer.status_code)
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_):
        pass


@pytest.fixture
def wire():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
    made.tried, made.acknowledged, made.outcomes, made.lost = [], [], [], 0
    made.chance = random.Random(SEED)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def modbus_port():
    """A Modbus TCP device: a power as float in swapped words, a counter of 32 bits."""
    from pymodbus.server import ModbusTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    port, ready, loop = free_port(), threading.Event(), asyncio.new_event_loop()
    # 1234.5 kW as float32 in the order CDAB, then 123456789 as uint32 in the order ABCD.
    words = [0x5000, 0x449A, 0x075B, 0xCD15] * METERS
    held = {}

    async def serve():
        device = SimDevice(1, simdata=[SimData(0, values=words, datatype=DataType.REGISTERS)])
        held["server"] = ModbusTcpServer(device, address=("127.0.0.1", port))
        await held["server"].listen()
        ready.set()
        await held["server"].serving

    def run():
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield port
    asyncio.run_coroutine_threadsafe(held["server"].shutdown(), loop).result(10)
    thread.join(10)


@pytest.fixture
def iec_port():
    import c104

    port = free_port()
    server = c104.Server(ip="127.0.0.1", port=port)
    station = server.add_station(common_address=47)
    for meter in range(METERS):
        station.add_point(io_address=10 * meter + 12, type=c104.Type.M_IT_NA_1).value = 123456
        station.add_point(io_address=10 * meter + 11, type=c104.Type.M_ME_NC_1).value = 42.5
    server.start()
    yield port
    server.stop()


SETTINGS = """
[gateway]
name = "boiler house"
server = "{server}"
token = "{token}"
push_every = 0.3
key = "key.pem"
[[modbus]]
host = "127.0.0.1"
port = {modbus}
poll = 0.2
points = [{modbus_points}]
[[iec104]]
host = "127.0.0.1"
port = {iec}
common = 47
interrogate = 0.3
counters = 0.3
poll = 0.2
pause = 0.2
points = [{iec_points}]
"""
MODBUS_POINT = '{{address = {}, series = "{}-{}", unit = "{}", interval = 1, type = "{}", {}}},\n'
IEC_POINT = '{{address = {}, series = "{}-{}", unit = "{}", interval = 1, {}}},\n'


def points():
    """What the gateway reads of the meters, in its settings' form."""
    modbus, iec = "", ""
    for meter in range(METERS):
        power, register = 4 * meter, 4 * meter + 2
        modbus += MODBUS_POINT.format(power, "gw-power", meter, "kW", "float32", 'order = "CDAB", coverage = 0.3')
        modbus += MODBUS_POINT.format(register, "gw-register", meter, "W.h", "uint32", 'kind = "counter"')
        power, register = 10 * meter + 11, 10 * meter + 12
        iec += IEC_POINT.format(power, "gw-iec-power", meter, "MW", "coverage = 0.3")
        iec += IEC_POINT.format(register, "gw-iec-energy", meter, "kW.h", 'kind = "counter"')
    return {"modbus_points": modbus, "iec_points": iec}


# Series → (kind, unit of the register, what is stored of the devices' values).
SERIES = {
    f"{key}-{meter}": said
    for meter in range(METERS)
    for key, said in {
        "gw-power": ("mean", "W", 1_234_500),
        "gw-register": ("counter", "W.h", 123_456_789),
        "gw-iec-power": ("mean", "W", 42_500_000),
        "gw-iec-energy": ("counter", "W.h", 123_456_000),
    }.items()
}


def test_acknowledged_is_stored_exactly_over_kills_and_lost_answers(tmp_path, wire, modbus_port, iec_port):
    register = make_register(tmp_path)
    create_keys(register.folder)
    with register.database.writing() as connection:
        for key, (kind, unit, _) in SERIES.items():
            add_series(
                connection, key, SAID, facility_id=register.ids["solar"], quantity="electricity_generated", unit=unit,
                interval_seconds=1, kind=kind, trust="gateway-signed",
            )  # fmt: skip
    port = free_port()
    wire.target = f"http://127.0.0.1:{port}"
    settings = tmp_path / "gateway.toml"
    token = register.tokens["agency"]
    server = f"http://127.0.0.1:{wire.server_address[1]}"
    places = {"server": server, "token": token, "modbus": modbus_port, "iec": iec_port}
    settings.write_text(SETTINGS.format(**places, **points()))
    _introduce(register, settings)
    programs = {}

    def start(name):
        words = {
            "server": [str(JASYL), "serve", "--data", str(register.folder.path), "--port", str(port), "--workers", "1"],
            "gateway": [sys.executable, "-m", "jasyl_gateway.program", "run", "--config", str(settings)],
        }[name]
        surroundings = environment() if name == "server" else {**os.environ, "PYTHONPATH": str(SOURCE)}
        log = (tmp_path / f"{name}.log").open("ab")
        programs[name] = subprocess.Popen(words, env=surroundings, stdout=log, stderr=log, start_new_session=True)
        log.close()
        if name == "server":
            _await(wire.target)

    def kill(name):
        os.killpg(programs[name].pid, signal.SIGKILL)
        programs[name].wait()

    chance = random.Random(SEED)
    try:
        start("server")
        start("gateway")
        for name in ("gateway", "server", "gateway"):
            _more(wire, chance.randrange(8, 16))
            kill(name)
            time.sleep(chance.uniform(0.0, 0.7))
            start(name)
        _more(wire, 16)
        programs["gateway"].send_signal(signal.SIGTERM)
        assert programs["gateway"].wait(20) == 0
        assert _status(settings)["waiting"] >= 0
        assert _drain(settings) == 0
    finally:
        for name, program in programs.items():
            if program.poll() is None:
                kill(name)
    report = verify_folder(register.database, register.folder)
    assert report.ok and report.deliveries > 3  # every delivery stands on disk as the gateway signed it
    _compare(register, wire, (tmp_path / "gateway.log").read_text() + (tmp_path / "server.log").read_text())


def _more(wire, count):
    """Wait until so many more readings came and were acknowledged; three minutes are more than any machine needs.

    An answer to a gateway that was killed may still be under way: what comes is of the one that runs.
    """
    came, wanted, end = len(wire.tried) + count, len(wire.acknowledged) + count, time.monotonic() + 180
    while len(wire.tried) < came or len(wire.acknowledged) < wanted:
        assert time.monotonic() < end, "no more readings are acknowledged"
        time.sleep(0.05)


def _await(address):
    for _ in range(400):
        with suppress(httpx.TransportError):
            if httpx.get(f"{address}/health", trust_env=False, timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def _status(settings):
    words = [sys.executable, "-m", "jasyl_gateway.program", "status", "--config", str(settings)]
    done = subprocess.run(
        words, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _introduce(register, settings):
    """Register the gateway's key for its series, as an operator does."""
    words = [sys.executable, "-m", "jasyl_gateway.program", "key", "--config", str(settings)]
    said = subprocess.run(
        words, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
    )
    series = [word for name in SERIES for word in ("--series", name)]
    add = [str(JASYL), "monitor", "add-gateway", "boiler house", said.stdout.strip(), *series]
    subprocess.run([*add, "--data", str(register.folder.path)], env=environment(), check=True, capture_output=True)


def _drain(settings):
    """Push what the ended gateway left in its spool, until nothing waits."""
    from jasyl_gateway.configuration import load
    from jasyl_gateway.program import Gateway
    from jasyl_gateway.push import TryLaterError

    gateway = Gateway(load(settings, {}))
    for _ in range(60):
        try:
            while gateway.push_some():
                pass
            break
        except TryLaterError:
            time.sleep(0.3)
    return gateway.spool.waiting


def _compare(register, wire, log):
    with register.database.reading() as connection:
        keys = {one.number: one.key for one in every_series(connection) if one.key in SERIES}
        found = read_readings(connection, register.folder, list(keys), 0, 2**62, newest=False)
    stored = [(keys[s], start) for s, start in zip(found.series.tolist(), found.start.tolist(), strict=True)]
    tried = {(one["series"], one["start"]) for one in wire.tried}
    acknowledged = {(one["series"], one["start"]) for one in wire.acknowledged}
    assert set(stored) == tried == acknowledged, log[-3000:]
    assert len(stored) == len(set(stored))  # no revision: nothing came twice with another value
    for (key, _), value in zip(stored, found.value.tolist(), strict=True):
        assert value == SERIES[key][2]
    assert {key for key, _ in stored} == set(SERIES)
    assert len(stored) > 40
    assert wire.lost > 0
    assert "known" in wire.outcomes
    assert set(wire.outcomes) <= {"stored", "known"}
