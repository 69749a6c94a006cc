"""Who takes part in a soak: a server, two writers, an upkeeper, a reader; each a fork that may be killed at any time.

What they are made of is loaded once, by the process that begins them: starting one again costs a fork. Each leads a
process group of its own, which dies with it, and no actor outlives the process that began it.
"""

import ctypes
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import duckdb
import httpx
import numpy as np
import pyarrow.parquet

import jasyl.portal.app
from jasyl.monitoring import SeriesDefinition, compact, read_readings, roll_up, tidy
from jasyl.monitoring.compaction import fragmented
from jasyl.quantities import UNITS
from jasyl.storage import Database, DataFolder, database_of, open_folder

LOADED_ONCE = (duckdb, pyarrow.parquet, jasyl.portal.app)
WRITERS, OWN, SHARED = 2, 8, 4
SERIES = WRITERS * OWN + SHARED
QUARTER = 900_000_000
FIRST = 1_704_045_600_000_000
NOW = FIRST + 4_000_000 * QUARTER
GRACE = 15.0
# Seconds for which a writer waits for a server.
PATIENCE = 90.0
# Deliveries of each writer, and answers that the reader asks for, however slow the machine is.
LEAST = 20
_FORKING = multiprocessing.get_context("fork")
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Stage:
    """What every actor is told: where it plays, by which seed, and how long it rests between two turns on average."""

    home: Path
    port: int
    token: str
    seed: int
    rest: float

    @property
    def over(self) -> bool:
        return self._end.exists()

    def finish(self) -> None:
        self._end.touch()

    def note(self, name: str) -> Path:
        return self.home / name

    def folder(self) -> DataFolder:
        return open_folder(self.home / "data")

    @property
    def _end(self) -> Path:
        return self.home / "over"


def begin(name: str, stage: Stage) -> BaseProcess:
    """Fork the actor of that name."""
    process = _FORKING.Process(target=_play, args=(name, stage), name=name)
    process.start()
    os.setpgid(_number(process), _number(process))
    return process


def kill(process: BaseProcess) -> None:
    """End an actor and all that it started, as a power cut does."""
    os.killpg(_number(process), signal.SIGKILL)
    process.join()


def _number(process: BaseProcess) -> int:
    assert process.pid
    return process.pid


def die_with_parent() -> None:
    """Have the system (Linux) kill this process when the one that began it ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _play(name: str, stage: Stage) -> None:
    os.setpgid(0, 0)
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ACTORS[name](stage)


def serve(stage: Stage) -> None:
    """The web server as the program starts it, with one worker."""
    from granian import Granian
    from granian.constants import Interfaces

    multiprocessing.set_start_method("fork", force=True)
    os.environ["JASYL_DATA"] = str(stage.folder().path)
    factory = f"{__name__}:application"
    Granian(
        factory, factory=True, address="127.0.0.1", port=stage.port, interface=Interfaces.ASGI, log_level="critical"
    ).serve()


def application() -> Any:
    """The whole application, in the worker process that asks for it."""
    die_with_parent()
    return jasyl.portal.app.create_app(open_folder(Path(os.environ["JASYL_DATA"])), ["127.0.0.1"])


def definitions() -> dict[int, SeriesDefinition]:
    return {
        number: SeriesDefinition(number, f"S{number}", "F", "electricity_generated", UNITS["W.h"], 0, 900, "amount")
        for number in range(1, SERIES + 1)
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


def write(stage: Stage, writer: int, least: int = LEAST) -> None:
    """Deliver until it is over, ``least`` deliveries in any case; each is noted durably once acknowledged."""
    chance = random.Random(f"{stage.seed}-{writer}-rest")
    answered = time.monotonic()
    base = f"http://127.0.0.1:{stage.port}"
    with stage.note(f"write-{writer}").open("ab") as out, httpx.Client(base_url=base, trust_env=False) as client:
        client.headers["Authorization"] = f"Bearer {stage.token}"
        step = out.tell()
        while not stage.over or step < least:
            rows = [
                {"series": f"bench-{number}", "start": FIRST + tick * QUARTER, "value": value}
                for number, tick, value in delivery(stage.seed, writer, step)
            ]
            if _acknowledged(client, {"unit": "W.h", "sequence": f"{writer}-{step}", "readings": rows}):
                out.write(b".")
                out.flush()
                os.fsync(out.fileno())
                step += 1
                answered = time.monotonic()
                time.sleep(chance.uniform(0, 2 * stage.rest))
            elif time.monotonic() > answered + PATIENCE:
                raise TimeoutError("no server answered")


def _acknowledged(client: httpx.Client, document: dict[str, Any]) -> bool:
    """Whether the server took a delivery; without an answer nobody knows, and it has to be said again."""
    try:
        answer = client.post("/api/readings", json=document, timeout=30)
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


def keep(stage: Stage) -> None:
    """Roll up, join segments, remove files, over and over."""
    folder, known = stage.folder(), definitions()
    database = database_of(folder)
    while not stage.over:
        roll_up(database, folder, known)
        with database.reading() as connection:
            months = fragmented(connection)
        for month in months:
            compact(database, folder, month, time.time_ns() // 1000)
        tidy(database, folder, time.time_ns() // 1000, grace=GRACE)
        time.sleep(stage.rest)


def look(stage: Stage) -> None:
    """Ask all series of a writer at once: a delivery is there for each of them or for none."""
    folder = stage.folder()
    database = database_of(folder)
    answers = torn = 0
    while not stage.over or answers < LEAST:
        torn += int(_torn(database, folder, own(answers % WRITERS)))
        answers += 1
        stage.note("look").write_text(json.dumps([answers, torn]))
        time.sleep(stage.rest)


def _torn(database: Database, folder: DataFolder, series: range) -> bool:
    with database.reading() as connection:
        found = read_readings(connection, folder, list(series), 0, NOW)
    return len(set(np.bincount(found.series - series[0], minlength=len(series)).tolist())) > 1


ACTORS: dict[str, Callable[[Stage], None]] = {
    "server": serve,
    "write-0": lambda stage: write(stage, 0),
    "write-1": lambda stage: write(stage, 1),
    "keep": keep,
    "look": look,
}
