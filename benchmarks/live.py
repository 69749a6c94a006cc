"""Live: every interval a reading of each of 11,000 series, committed durably while readers ask; no answer may be torn.

``TICKS`` and ``READERS`` in the environment set the size. A reader asks for the last hour of all series, or of some: it
must find each interval whole or not at all. Upkeep (joining small segments) runs beside, as in a server.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import MappingProxyType

import numpy as np
import sqlalchemy as sa

from jasyl.monitoring import Batch, SeriesDefinition, Source, append, read_readings, recent
from jasyl.quantities import UNITS
from jasyl.storage import METADATA, create_folder, database_of, open_folder
from jasyl.storage.database import revision_table

from .limits import fsync_alone

SERIES, QUARTER = 11_000, 900_000_000
FIRST = 1_704_045_600_000_000
NOW = FIRST + 40_000 * QUARTER
EVERY = 0.25


def run() -> None:
    """Prints figures; judges nothing."""
    ticks, readers = int(os.environ.get("TICKS", "400")), int(os.environ.get("READERS", "2"))
    numbers = np.arange(1, SERIES + 1)
    # As a server holds them (`jasyl.monitoring.known_series`).
    definitions = MappingProxyType(
        {
            number: SeriesDefinition(number, f"S{number}", "F", "electricity_generated", UNITS["W.h"], 0, 900, "amount")
            for number in numbers.tolist()
        }
    )
    with tempfile.TemporaryDirectory() as home:
        folder = create_folder(Path(home) / "data", "real")
        database = database_of(folder)
        METADATA.create_all(database.engine)
        with database.writing(visible=False) as connection:
            connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
        source = Source("push", "benchmark")

        def tick(number: int) -> tuple[float, float]:
            batch = Batch(numbers, np.full(SERIES, FIRST + number * QUARTER), numbers * 7 + number, source)
            wall, processor = time.perf_counter(), time.process_time()
            receipt = append(database, folder, definitions, batch, NOW)
            spent = time.perf_counter() - wall, time.process_time() - processor
            assert receipt.accepted == SERIES
            return spent

        for number in range(8):
            tick(number)
        (Path(home) / "tick").write_text("8")
        children = [_reader(home, place) for place in range(readers)]
        time.sleep(2)
        commits, processor, joins = [], [], []
        for number in range(8, 8 + ticks):
            begun = time.monotonic()
            wall, used = tick(number)
            commits.append(wall * 1e3)
            processor.append(used * 1e3)
            if number % 16 == 15:
                joined = time.perf_counter()
                recent.join_small(database, folder, NOW, most=16)
                joins.append((time.perf_counter() - joined) * 1e3)
            time.sleep(max(EVERY - (time.monotonic() - begun), 0))
        (Path(home) / "over").touch()
        answers, torn, asked = (sum(each) for each in zip(*(_said(child) for child in children), strict=True))
        alone = fsync_alone(Path(home), 20_000)
        database.close()
    middle, late = np.percentile(commits, [50, 99])
    print(
        f"{ticks} commits of {SERIES:,} series beside {readers} readers: median {middle:.1f} ms, p99 {late:.1f} ms"
        f" (processor median {np.median(processor):.1f} ms, p99 {np.percentile(processor, 99):.1f} ms)"
        f" (targets 15 and 50 ms)"
    )
    print(f"{answers:,} answers, {torn} torn; {asked / max(answers, 1) * 1e3:.1f} ms each")
    print(f"{alone}, when all was over")
    print(f"small segments joined {len(joins)} times: {np.median(joins):.0f} ms; load {os.getloadavg()[0]:.1f}")


def _reader(home: str, place: int) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "benchmarks.live", "--reader", home, str(place)]
    return subprocess.Popen(words, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True)


def _said(child: "subprocess.Popen[str]") -> list[float]:
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return json.loads(said)


def _read(home: str, place: int) -> None:
    """Ask until it is over: for some of the series over the last hours; now and then for all of them."""
    folder = open_folder(Path(home) / "data")
    database = database_of(folder)
    chance = np.random.default_rng(place)
    answers = torn = 0
    spent = 0.0
    while not (Path(home) / "over").exists():
        many = answers % 50 == 0
        some = None if many else np.sort(chance.choice(SERIES, 20, replace=False) + 1).tolist()
        begun = time.perf_counter()
        with database.reading() as connection:
            last = connection.execute(sa.text("select max(max_start) from segment")).scalar_one()
            found = read_readings(connection, folder, some, last - 4 * QUARTER, last + QUARTER)
        spent += time.perf_counter() - begun
        # Five intervals, each of all the series asked for, with the values of that interval.
        number = (found.start - FIRST) // QUARTER
        whole = len(found) == 5 * (SERIES if some is None else len(some)) and np.all(
            found.value == found.series * 7 + number
        )
        torn += not whole
        answers += 1
    database.close()
    print(json.dumps([answers, torn, spent]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--reader"]:
        _read(sys.argv[2], int(sys.argv[3]))
    else:
        run()
