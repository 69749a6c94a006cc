"""Never lost, never double: a server, writers, an upkeeper and a reader, killed and started again by a fixed seed.

Usage: python -m benchmarks.soak_readings [--calm] [--account FILE] [SECONDS [SEED]]. Two writers push JSON over HTTP,
with a token, to series of their own and to series they share; each notes a delivery on disk after it was acknowledged.
A writer that was killed, or whose server was, begins again with the delivery behind its last note, as a gateway resends
its spool. At the end what is stored is held against what was acknowledged: every interval, its newest value, and how
many revisions it has.
"""

import argparse
import json
import random
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import numpy as np

from benchmarks.push import prepare
from benchmarks.soak_actors import (
    FIRST,
    NOW,
    QUARTER,
    SERIES,
    WRITERS,
    Stage,
    begin,
    delivery,
    die_with_parent,
    kill,
    write,
)
from jasyl.monitoring import read_readings
from jasyl.monitoring.compaction import damaged
from jasyl.storage import Database, DataFolder

MORTAL = ("server", "write-0", "write-1", "keep")
ACTORS = (*MORTAL, "look")


@dataclass(frozen=True)
class Pace:
    """Seconds on average: an actor's ``rest`` between two turns, and the pause before each ``kill``."""

    rest: float
    kill: float


BRISK = Pace(0.02, 2.0)
# A sixth of one core.
CALM = Pace(0.6, 4.0)


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

    @property
    def faults(self) -> int:
        return self.lost + self.double + self.torn + self.damaged


def kills(seconds: float, seed: int, pace: Pace) -> list[tuple[float, str]]:
    """(pause, actor) of every kill of a soak. Pauses begin when all are up again, or a slow machine would see no work
    between the kills."""
    chance = random.Random(seed)
    planned: list[tuple[float, str]] = []
    spent = 0.0
    while (spent := spent + (pause := pace.kill * chance.uniform(0.25, 1.75))) < seconds:
        planned.append((pause, chance.choice(MORTAL)))
    return planned


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


def soak(seconds: float, seed: int, pace: Pace = BRISK, say: Callable[[str], object] = print) -> Account:
    """Run it. When it kills whom is settled by ``seed``; on a busy machine it takes longer and kills no fewer."""
    planned = kills(seconds, seed, pace)
    with tempfile.TemporaryDirectory() as home, _kept_port() as port:
        # Readings are numbered from 1 in the order of their registration.
        folder, database, _, tokens = prepare(Path(home), SERIES)
        database.close()
        stage = Stage(Path(home), port, tokens[0], seed, pace.rest)
        _run(stage, planned, seconds)
        steps = [stage.note(f"write-{writer}").stat().st_size for writer in range(WRITERS)]
        account = _account(folder, database, seed, steps, len(planned), json.loads(stage.note("look").read_text()))
        database.close()
    say(f"{seconds:.0f} s, seed {seed}: {account}")
    return account


def _run(stage: Stage, planned: list[tuple[float, str]], seconds: float) -> None:
    """Everybody plays until the time is over; then the writers make sure that nothing is under way."""
    running: dict[str, BaseProcess] = {}
    try:
        for name in ACTORS:
            _begin(name, stage, running)
        for pause, name in planned:
            time.sleep(pause)
            for each, process in running.items():
                assert process.is_alive(), f"{each} failed"
            kill(running[name])
            _begin(name, stage, running)
        time.sleep(seconds - sum(pause for pause, _ in planned))
        stage.finish()
        for name in ACTORS[1:]:
            running[name].join(120)
            assert running[name].exitcode == 0, f"{name} failed"
        for writer in range(WRITERS):
            # Who died between commit and note says it once more.
            write(stage, writer, least=stage.note(f"write-{writer}").stat().st_size + 1)
    finally:
        for process in running.values():
            if process.is_alive():
                kill(process)


def _begin(name: str, stage: Stage, running: dict[str, BaseProcess]) -> None:
    """Add an actor to those that are running; a server answers."""
    running[name] = begin(name, stage)
    if name == "server":
        _await_answer(running[name], f"http://127.0.0.1:{stage.port}/health")


def _await_answer(server: BaseProcess, address: str) -> None:
    with httpx.Client(trust_env=False, timeout=5) as client:
        for _ in range(600):
            assert server.is_alive(), "the server failed"
            try:
                if client.get(address).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
    raise TimeoutError("the server did not answer")


@contextmanager
def _kept_port() -> Generator[int]:
    """A port of loopback for one server after the other: nobody else gets it while none is running."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def _account(
    folder: DataFolder, database: Database, seed: int, steps: list[int], killed: int, seen: list[int]
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
    return Account(sum(steps), len(rows), killed, seen[0], lost, wrong + twice, seen[1], len(broken))


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.soak_readings")
    asked.add_argument("seconds", nargs="?", type=float, default=1800.0)
    asked.add_argument("seed", nargs="?", type=int, default=1)
    asked.add_argument("--calm", action="store_true", help="a sixth of one core, beside other work")
    asked.add_argument("--account", type=Path, help="where to write what came of it, as JSON; empty when it failed")
    given = asked.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if given.account:
        die_with_parent()  # nobody else would read it
    came = ""
    try:
        account = soak(given.seconds, given.seed, CALM if given.calm else BRISK)
        came = json.dumps(asdict(account))
    finally:
        if given.account:
            written = given.account.with_suffix(".part")
            written.write_text(came)
            written.replace(given.account)
    sys.exit(bool(account.faults))


if __name__ == "__main__":
    main()
