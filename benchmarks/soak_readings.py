"""Never lost, never double: writers, an upkeeper and a reader as processes, killed and started again by a fixed seed.

Usage: python -m benchmarks.soak_readings [SECONDS [SEED]]. Two writers deliver to series of their own and to series
they share; each notes a delivery on disk after it was acknowledged. A killed writer begins again with the delivery
behind its last note, as a gateway resends its spool. At the end what is stored is held against what was acknowledged:
every interval, its newest value, and how many revisions it has.
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

import numpy as np
import sqlalchemy as sa

from jasyl.monitoring import Batch, SeriesDefinition, Source, append, compact, read_readings, roll_up, tidy
from jasyl.monitoring.compaction import damaged, fragmented
from jasyl.quantities import UNITS
from jasyl.storage import METADATA, Database, DataFolder, create_folder, database_of, open_folder
from jasyl.storage.database import revision_table

WRITERS, OWN, SHARED = 2, 8, 4
QUARTER = 900_000_000
FIRST = 1_704_045_600_000_000
NOW = FIRST + 4_000_000 * QUARTER
GRACE = 5.0


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


def write(
    folder: DataFolder, database: Database, note: Path, seed: int, writer: int, until: float, least: int = 0
) -> None:
    """Deliver until the time is over, ``least`` deliveries in any case; each is noted durably once acknowledged."""
    known = definitions()
    with note.open("ab") as out:
        first = step = out.tell()
        while time.time() < until or step < first + least:
            series, tick, value = np.array(delivery(seed, writer, step), np.int64).T
            batch = Batch(series, FIRST + tick * QUARTER, value, Source("push", f"writer {writer}"))
            receipt = append(database, folder, known, batch, NOW)
            assert not receipt.refused, receipt.refused
            out.write(b".")
            out.flush()
            os.fsync(out.fileno())
            step += 1


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
    while time.time() < until:
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
        folder = create_folder(Path(home) / "data", "real")
        database = database_of(folder)
        METADATA.create_all(database.engine)
        with database.writing(visible=False) as connection:
            connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
        names = [*(f"write-{writer}" for writer in range(WRITERS)), "keep", "look"]
        until = time.time() + seconds
        running = {name: _start(home, name, seed, until) for name in names}
        kills = 0
        while time.time() < until - 1:
            time.sleep(chance.uniform(0.3, 2.0))
            name = chance.choice(names[:-1])
            for each, process in running.items():
                assert process.poll() in (None, 0), f"{each} failed"
            if running[name].poll() is None:
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
            write(folder, database, note, seed, writer, until=0, least=1)
            steps.append(note.stat().st_size)
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
        write(folder, database, note, seed, int(name.removeprefix("write-")), until)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
    else:
        given = [float(each) for each in sys.argv[1:]]
        done = soak(given[0] if given else 1800.0, int(given[1]) if len(given) > 1 else 1)
        sys.exit(bool(done.lost or done.double or done.torn or done.damaged))
