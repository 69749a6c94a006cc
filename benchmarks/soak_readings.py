"""Never lost, never double: a server, writers, an upkeeper and a reader, killed and started again by a fixed seed.

Usage: python -m benchmarks.soak_readings [SECONDS [SEED]]. Two writers push JSON over HTTP, with a token, to series of
their own and to series they share; each notes a delivery on disk after it was acknowledged. A writer that was killed,
or whose server was, begins again with the delivery behind its last note, as a gateway resends its spool. At the end
what is stored is held against what was acknowledged: every interval, its newest value, and how many revisions it has.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np

from benchmarks.postgresql import free_port
from benchmarks.push import end, prepare
from jasyl.monitoring import SeriesDefinition, compact, read_readings, roll_up, tidy
from jasyl.monitoring.compaction import damaged, fragmented
from jasyl.quantities import UNITS
from jasyl.storage import Database, DataFolder, database_of, open_folder

WRITERS, OWN, SHARED = 2, 8, 4
QUARTER = 900_000_000
FIRST = 1_704_045_600_000_000
NOW = FIRST + 4_000_000 * QUARTER
GRACE = 5.0
# Seconds for which a writer waits for a server after the time is over.
PATIENCE = 90.0
# Answers that the reader asks for, however slow the machine is.
LEAST = 20
FEWEST = 4


@dataclass(frozen=True)
class Account:
    """What came of a soak. It went well when ``lost``, ``double``, ``torn`` and ``damaged`` are zero."""

    deliveries: int
    readings: int
    kills: int
    answers: int
    lost: int
    double: int
    torn: int
    damaged: int


def definitions() -> dict[int, SeriesDefinition]:
    numbers = range(1, WRITERS * OWN + SHARED + 1)
    return {
        number: SeriesDefinition(number, f"S{number}", "F", "electricity_generated", UNITS["W.h"], 0, 900, "amount")
        for number in numbers
    }


def own(writer: int) -> range:
    return range(1 + writer * OWN, 1 + (writer + 1) * OWN)


def delivery(seed: int, writer: int, step: int) -> list[tuple[int, int, int]]:
    """(series, tick, value) of one delivery: a new tick, now and then a correction and something said before."""
    chance = random.Random(f"{seed}-{writer}-{step}")
    rows = [(number, step, chance.randrange(10**6)) for number in own(writer)]
    rows += [(WRITERS * OWN + 1 + place, step, 1000 * step + place) for place in range(SHARED)]
    if step and chance.random() < 0.4:
        rows.append((own(writer)[0], chance.randrange(step), 10**7 + step))
    return rows


def expected(seed: int, steps: list[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """(series, tick) → newest value and number of revisions after so many steps of each writer."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for writer, count in enumerate(steps):
        for step in range(count):
            for number, tick, value in delivery(seed, writer, step):
                before = found.get((number, tick))
                if before is None or before[0] != value:
                    found[number, tick] = (value, before[1] + 1 if before else 1)
    return found


def write(place: Path, note: Path, seed: int, writer: int, until: float, least: int = 0) -> None:
    """Deliver until the time is over, ``least`` deliveries in any case; each is noted durably once acknowledged."""
    base, token = json.loads((place / "server").read_text())
    with note.open("ab") as out, httpx.Client(base_url=base, trust_env=False, timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        first = step = out.tell()
        while time.time() < until or step < first + least:
            rows = [
                {"series": f"bench-{number}", "start": FIRST + tick * QUARTER, "value": value}
                for number, tick, value in delivery(seed, writer, step)
            ]
            document = {"unit": "W.h", "sequence": f"{writer}-{step}", "readings": rows}
            if _acknowledged(client, document):
                out.write(b".")
                out.flush()
                os.fsync(out.fileno())
                step += 1
            elif time.time() > until + PATIENCE:
                raise TimeoutError("no server answered")


def _acknowledged(client: httpx.Client, document: dict[str, object]) -> bool:
    """Whether the server took a delivery; without an answer nobody knows, and it has to be said again."""
    try:
        answer = client.post("/api/readings", json=document)
    except httpx.TransportError:
        time.sleep(0.1)
        return False
    if answer.status_code >= 500:
        time.sleep(0.1)
        return False
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["outcome"]) == len(document["readings"])
    assert set(answer.json()["outcome"]) <= {"stored", "corrected", "known", "outdated"}, answer.text
    return True


def keep(folder: DataFolder, database: Database, until: float) -> None:
    """Roll up, join segments, remove files, over and over."""
    known = definitions()
    while time.time() < until:
        roll_up(database, folder, known)
        with database.reading() as connection:
            months = fragmented(connection)
        for month in months:
            compact(database, folder, month, time.time_ns() // 1000)
        tidy(database, folder, time.time_ns() // 1000, grace=GRACE)


def look(folder: DataFolder, database: Database, note: Path, until: float) -> None:
    """Ask all series of a writer at once: a delivery is there for each of them or for none."""
    answers = torn = 0
    while time.time() < until or answers < LEAST:
        for writer in range(WRITERS):
            with database.reading() as connection:
                found = read_readings(connection, folder, list(own(writer)), 0, NOW)
            counts = np.bincount(found.series - own(writer)[0], minlength=OWN)
            torn += int(len(set(counts.tolist())) > 1)
            answers += 1
        note.write_text(json.dumps([answers, torn]))


def soak(seconds: float, seed: int, say: Callable[[str], object] = print) -> Account:
    """Run it; kills come every few hundred milliseconds, whom and when by ``seed``."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as home:
        # Readings are numbered from 1 in the order of their registration.
        folder, database, _, tokens = prepare(Path(home), WRITERS * OWN + SHARED)
        port = free_port()
        (Path(home) / "server").write_text(json.dumps([f"http://127.0.0.1:{port}", tokens[0]]))
        names = [*(f"write-{writer}" for writer in range(WRITERS)), "keep", "look"]
        server = _serve(folder, port)
        until = time.time() + seconds
        running = {name: _start(home, name, seed, until) for name in names}
        kills = 0
        while time.time() < until - 1 or kills < FEWEST:
            time.sleep(chance.uniform(0.3, 2.0))
            name = chance.choice([*names[:-1], "server"])
            for each, process in running.items():
                assert process.poll() in (None, 0), f"{each} failed"
            if name == "server":
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
                kills += 1
                server = _serve(folder, port)
            elif running[name].poll() is None:
                running[name].send_signal(signal.SIGKILL)
                running[name].wait()
                kills += 1
                running[name] = _start(home, name, seed, until)
        for name, process in running.items():
            assert process.wait(timeout=120) == 0, f"{name} failed"
        # Whoever died between commit and note says it once more; then nothing is under way.
        steps = []
        for writer in range(WRITERS):
            note = Path(home) / f"write-{writer}"
            write(Path(home), note, seed, writer, until=time.time(), least=1)
            steps.append(note.stat().st_size)
        end(server)
        account = _account(folder, database, seed, steps, kills, json.loads((Path(home) / "look").read_text()))
        database.close()
    say(f"{seconds:.0f} s, seed {seed}: {account}")
    return account


def _account(
    folder: DataFolder, database: Database, seed: int, steps: list[int], kills: int, seen: list[int]
) -> Account:
    with database.reading() as connection:
        stored = read_readings(connection, folder, None, 0, NOW, newest=False)
        newest = read_readings(connection, folder, None, 0, NOW)
        broken = damaged(connection, folder)
    ticks = ((newest.start - FIRST) // QUARTER).tolist()
    found = dict(
        zip(
            zip(newest.series.tolist(), ticks, strict=True),
            zip(newest.value.tolist(), newest.revision.tolist(), strict=True),
            strict=True,
        )
    )
    acknowledged = expected(seed, steps)
    lost = sum(1 for key, known in acknowledged.items() if found.get(key) != known)
    wrong = sum(1 for key, known in found.items() if acknowledged.get(key) != known)
    rows = np.stack([stored.series, stored.start, stored.revision], axis=1)
    twice = len(rows) - len(np.unique(rows, axis=0)) + (len(rows) - sum(count for _, count in found.values()))
    return Account(sum(steps), len(rows), kills, seen[0], lost, wrong + twice, seen[1], len(broken))


def _serve(folder: DataFolder, port: int) -> "subprocess.Popen[bytes]":
    """A server over ``folder`` in a process group of its own; returns when it answers."""
    environment = {**os.environ, "JASYL_LANG": "en", "JASYL_DATA": str(folder.path), "JASYL_HOSTS": "127.0.0.1"}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--no-ws", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--log-level", "critical", "jasyl.portal.asgi:app"], env=environment, start_new_session=True
    )
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False, timeout=5).status_code == 200:
                return process
        except httpx.TransportError:
            time.sleep(0.1)
    end(process)
    raise RuntimeError("the server did not answer")


def _start(home: str, name: str, seed: int, until: float) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.soak_readings", "--child", home, name, str(seed), str(until)]
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent)


def _child(home: str, name: str, seed: int, until: float) -> None:
    folder = open_folder(Path(home) / "data")
    database = database_of(folder)
    note = Path(home) / name
    if name == "keep":
        keep(folder, database, until)
    elif name == "look":
        look(folder, database, note, until)
    else:
        write(Path(home), note, seed, int(name.removeprefix("write-")), until, least=2)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
    else:
        given = [float(each) for each in sys.argv[1:]]
        done = soak(given[0] if given else 1800.0, int(given[1]) if len(given) > 1 else 1)
        sys.exit(bool(done.lost or done.double or done.torn or done.damaged))
