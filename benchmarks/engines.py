"""Wide questions on hourly readings of a year, 0.1 % of them corrected: appending, chart, city, all meters by day.

``METERS`` in the environment sets the size (1,142 → 10^7 readings, 11,416 → 10^8). Peer in the same run: PostgreSQL's
COPY of the same readings, month by month as they came to us, into a table with a BRIN index and into one with a primary
key; of 1,142 meters at most, since a larger index only slows it further.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from benchmarks import postgresql
from jasyl.monitoring import Batch, DuckDB, SeriesDefinition, Source, append, compact, read_readings
from jasyl.monitoring.asking import ask_of_readings
from jasyl.monitoring.civil_time import calendar
from jasyl.monitoring.compaction import bytes_per_reading, fragmented
from jasyl.monitoring.metered_amounts import _arrow, calendar_table
from jasyl.monitoring.questions import CALENDAR, MEMBERS, by_day, by_group
from jasyl.quantities import UNITS
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.storage.database import revision_table

HOUR = 3_600_000_000
FIRST = 1_704_045_600_000_000  # 2024-01-01 00:00 in Almaty
HOURS = 8760
NOW = FIRST + 2 * HOURS * HOUR
CITY = 57


def timed(action: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """Best wall and processor seconds of several runs."""
    best = (float("inf"), float("inf"))
    for _ in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        action()
        best = min(best, (time.perf_counter() - wall, time.process_time() - processor))
    return best


def month_of(meters: int, month: int) -> Batch:
    """A twelfth of the year: a sun over every meter, another height for each, clouds."""
    hours = np.arange(HOURS * month // 12, HOURS * (month + 1) // 12)
    generator = np.random.default_rng(month)
    sun = np.maximum(0, np.sin((hours % 24 / 24 - 0.25) * 2 * np.pi))
    height = generator.integers(20_000, 90_000, meters)
    value = (np.outer(height, sun) * generator.uniform(0.3, 1, (meters, len(hours)))).astype(np.int64)
    series = np.repeat(np.arange(1, meters + 1), len(hours))
    return Batch(series, np.tile(FIRST + hours * HOUR, meters), value.ravel(), Source("push", "benchmark"))


def run() -> None:
    """Prints figures; judges nothing."""
    meters = int(os.environ.get("METERS", "1142"))
    definitions = {
        number: SeriesDefinition(number, f"S{number}", "F", "electricity_generated", UNITS["W.h"], 0, 3600, "amount")
        for number in range(1, meters + 1)
    }
    with tempfile.TemporaryDirectory() as place:
        folder = create_folder(Path(place) / "data", "real")
        database = database_of(folder)
        METADATA.create_all(database.engine)
        with database.writing(visible=False) as connection:
            connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
        spent = processor = 0.0
        for month in range(12):
            batch = month_of(meters, month)
            wall, used = timed(lambda batch=batch: append(database, folder, definitions, batch, NOW), 1)
            spent, processor = spent + wall, processor + used
        rows = meters * HOURS
        print(f"{rows:,} readings appended: {rows / spent / 1e6:.2f} M/s ({rows / processor / 1e6:.2f} M/s processor)")
        generator = np.random.default_rng(99)
        # Late corrections come for the newest months, as meters are read again.
        count = rows // 1000
        late = generator.choice(meters * 1400, count, replace=False)
        start = FIRST + (HOURS - 1 - late % 1400) * HOUR
        corrected = Batch(late // 1400 + 1, start, generator.integers(0, 90_000, count), Source("file", "late"))
        wall, used = timed(lambda: append(database, folder, definitions, corrected, NOW), 1)
        print(f"{count:,} corrections: {wall:.2f} s ({used:.2f} s processor)")
        _tell_memory("appending")
        with database.reading() as connection:
            months = fragmented(connection, most=1)
        wall, used = timed(lambda: [compact(database, folder, month, NOW) for month in months], 1)
        print(f"compaction of {len(months)} months: {wall:.1f} s ({used:.1f} s processor)")
        _tell_memory("compaction")
        with database.reading() as connection:
            print(f"{bytes_per_reading(connection):.2f} bytes a reading")
            _questions(connection, folder, definitions, meters)
        _tell_memory("all questions")
        database.close()
    _peer(min(meters, 1142))


def _tell_memory(after: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory after {after}: {peak:,.0f} MiB; load {os.getloadavg()[0]:.1f}")


def _questions(connection, folder, definitions, meters) -> None:
    last = FIRST + (HOURS - 24 * 31) * HOUR

    def tell(what: str, action: Callable[[], object]) -> None:
        action()
        wall, used = timed(action)
        print(f"{what}: {wall * 1e3:,.0f} ms ({used * 1e3:,.0f} ms processor)")

    middle = meters // 2
    tell("chart, one meter 30 days, uncorrected month", lambda: read_readings(
        connection, folder, [middle], FIRST, FIRST + 720 * HOUR))  # fmt: skip
    tell("chart, one meter 30 days, corrected month", lambda: read_readings(
        connection, folder, [middle], last, last + 720 * HOUR))  # fmt: skip
    city = [definitions[number] for number in range(1, meters + 1, max(meters // CITY, 1))][:CITY]
    end = FIRST + HOURS * HOUR
    days, _ = calendar_table(FIRST, end, "month", city[0])
    tables = {MEMBERS: _arrow({"series": [each.number for each in city], "group": [1] * len(city)}), CALENDAR: days}
    tell(f"city of {len(city)} meters by month", lambda: ask_of_readings(
        connection, folder, DuckDB(), by_group, city, FIRST, end, tables=tables))  # fmt: skip
    _tell_memory("the questions so far")
    every = list(definitions.values())

    def all_by_day() -> None:
        # In parts, as rollups ask: no answer holds a year of all meters.
        bounds = calendar(FIRST, end - 1, "month", every[0].time_zone).bounds[::3]
        for begin, until in pairwise(bounds.tolist()):
            ask_of_readings(connection, folder, DuckDB(), by_day, every, begin, until)

    tell("all meters by day, a quarter at a time", all_by_day)


def _peer(meters: int) -> None:
    found = postgresql.binaries()
    if found is None:
        print("PostgreSQL is not installed: no comparison")
        return
    with postgresql.server(found) as address:
        engine = sa.create_engine(address)
        for name, key in (("BRIN", ""), ("primary key", ", primary key (s, t, r)")):
            with engine.begin() as connection:
                connection.execute(sa.text("drop table if exists readings"))
                columns = "s int, t bigint, v bigint, r int, o int"
                connection.execute(sa.text(f"create table readings ({columns}{key})"))
                if not key:
                    connection.execute(sa.text("create index on readings using brin (t)"))
            spent = [_copied(engine, month_of(meters, month)) for month in range(12)]
            rows = meters * HOURS
            first, whole = rows / 12 / spent[0] / 1e6, rows / sum(spent) / 1e6
            print(f"PostgreSQL COPY of {rows:,} into {name}: {whole:.2f} M/s (first month {first:.2f} M/s)")
        engine.dispose()


def _copied(engine: sa.Engine, batch: Batch) -> float:
    """Wall seconds in which the readings of a month are there, committed; writing them as lines is not counted."""
    lines = "\n".join(f"{s}\t{t}\t{v}\t1\t1" for s, t, v in zip(batch.series, batch.start, batch.value, strict=True))
    begun = time.perf_counter()
    raw = engine.raw_connection()
    with raw.cursor() as cursor, cursor.copy("copy readings from stdin") as copy:
        copy.write(lines)
    raw.commit()
    spent = time.perf_counter() - begun
    raw.close()
    return spent


if __name__ == "__main__":
    run()
