"""JSON push: acknowledged requests a second of a hundred readings each, and every acknowledged reading counted after.

wrk plays gateways on loopback; the server is the real one, in a process of its own. Both share the machine's cores.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import sqlalchemy as sa

import jasyl.portal.sensorthings.tables
from jasyl.monitoring import read_readings
from jasyl.people import create_account, new_token
from jasyl.registry import Provenance, Statement, add_series, record
from jasyl.registry.tables import facility
from jasyl.storage import METADATA, Database, DataFolder, create_folder, database_of

from .limits import fsync_alone, json_alone

assert jasyl.portal.sensorthings.tables  # hangs its table on METADATA
GATEWAYS, TOKENS, SECONDS = 64, 16, 15
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_DONE = re.compile(r"(\d+) requests in ([\d.]+)s")


def run() -> None:
    """Print requests a second for some workers and connections, and that what was acknowledged is what is stored."""
    if not shutil.which("wrk"):
        print("wrk is not installed: apt install wrk")
        return
    with tempfile.TemporaryDirectory() as place:
        print(json_alone(_document()), fsync_alone(Path(place), 40_000), sep="\n")
    for workers, connections in ((1, 64), (1, 256), (2, 256)):
        with tempfile.TemporaryDirectory() as home:
            _measure(Path(home), workers, connections)


def _document() -> bytes:
    """What one of the gateways of ``push.lua`` sends."""
    readings = [
        {"series": f"bench-{place}", "start": 1_704_067_200_000_000, "value": place + 0.25} for place in range(100)
    ]
    return json.dumps({"unit": "kW.h", "readings": readings}, separators=(",", ":")).encode()


def prepare(home: Path, series: int) -> tuple[DataFolder, Database, str, list[str]]:
    """A folder with ``series`` hourly-quarter series of one facility, an account, and tokens that may write."""
    folder = create_folder(home / "data", "real")
    database = database_of(folder)
    database.migrate()
    METADATA.create_all(database.engine)
    who = Provenance("benchmark", "benchmark")
    with database.writing() as connection:
        plant = {"name_en": "Bench", "technology": "RP.PV", "status": "operating", "place_precision": "none"}
        record(connection, "facility", [Statement("bench", plant, who)])
        identity = connection.execute(sa.select(facility.c.id)).scalar_one()
        fields = {
            "facility_id": identity, "quantity": "electricity_generated", "unit": "W.h", "scale": 0,
            "interval_seconds": 900, "kind": "amount", "zone": "Asia/Almaty", "trust": "operator-entered",
        }  # fmt: skip
        add_series(connection, "bench-1", who, **fields)
        more = [Statement(f"bench-{number}", {**fields, "number": number}, who) for number in range(2, series + 1)]
        record(connection, "series", more)
        account = create_account(connection, "bench", "a long enough password", frozenset({"agency"}))
        write = frozenset({"write_readings", "write_registry", "read"})
        tokens = [new_token(connection, account, f"gateway {number}", write) for number in range(TOKENS)]
    return folder, database, identity, tokens


def _measure(home: Path, workers: int, connections: int) -> None:
    folder, database, _, tokens = prepare(home, GATEWAYS * 100)
    process, base = served(folder, workers)
    try:
        for _ in range(6 * workers):  # the store's libraries load with the first push of each worker
            reading = {"series": "bench-1", "unit": "W.h", "start": 1_704_067_200_000_000 - 900_000_000, "value": 1}
            sender = {"Authorization": f"Bearer {tokens[0]}"}
            httpx.post(f"{base}/api/readings", json={"readings": [reading]}, headers=sender, timeout=60)
        settle(process.pid)
        before = processor_seconds(process.pid)
        script = Path(__file__).with_suffix(".lua")
        command = ["wrk", "-t2", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-s", str(script), base, "--"]
        said = subprocess.run(
            [*command, str(GATEWAYS), *tokens], check=True, capture_output=True, text=True, timeout=SECONDS + 60
        ).stdout
        used = processor_seconds(process.pid) - before
    finally:
        end(process)
    done = int(_DONE.search(said)[1])
    with database.reading() as connection:
        stored = len(read_readings(connection, folder, None, 0, 2**62))
        commits = connection.execute(sa.text("select count(*) from segment")).scalar_one()
    latency = re.findall(r"(50|99)%\s+([\d.]+\w+)", said)
    print(
        f"{workers} worker(s), {connections} connections: {float(_RATE.search(said)[1]):,.0f} requests/s, "
        f"latency {', '.join(f'p{p} {v}' for p, v in latency)}, server {used / done * 1e3:.2f} ms CPU a request; "
        f"{done * 100:,} acknowledged, {stored:,} stored, {done / max(commits, 1):.0f} requests a segment; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    if stored < done * 100 or "Non-2xx" in said:
        print(said)
    database.close()


def served(folder: DataFolder, workers: int) -> tuple["subprocess.Popen[bytes]", str]:
    """``jasyl serve`` over ``folder`` in a process group of its own, and its address."""
    port = 18_500 + os.getpid() % 1000 + workers
    environment = {**os.environ, "JASYL_LANG": "en", "JASYL_DATA": str(folder.path), "JASYL_HOSTS": "127.0.0.1"}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", str(workers), "--no-ws"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "warning", "jasyl.portal.asgi:app"],
        env=environment,
        start_new_session=True,
    )
    base = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            if httpx.get(f"{base}/health", trust_env=False).status_code == 200:
                return process, base
        except httpx.TransportError:
            time.sleep(0.1)
    end(process)
    raise RuntimeError("the server did not answer")


def end(process: "subprocess.Popen[bytes]") -> None:
    """End the server that ``served`` started, with its workers."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def settle(leader: int) -> None:
    """Wait until a server has made itself ready behind its first answers (`jasyl.portal.warm`)."""
    before = -1.0
    while (used := processor_seconds(leader)) - before > 0.05:
        before = used
        time.sleep(1.5)


def processor_seconds(leader: int) -> float:
    """CPU seconds of all processes of a group."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total
