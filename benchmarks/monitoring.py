"""Readings: appending, a 30-day chart, rollups and corrections, beside plain pyarrow and DuckDB in the same run."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from jasyl.monitoring import Batch, SeriesDefinition, Source, append, load_rollups, read_readings, roll_up
from jasyl.monitoring.compaction import bytes_per_reading, compact, fragmented
from jasyl.quantities import UNITS
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.storage.database import revision_table

METERS, DAYS = 100, 104
QUARTER = 900_000_000
FIRST = 1_704_045_600_000_000  # 2024-01-01 00:00 in Almaty
NOW = FIRST + 400 * 96 * QUARTER
MONTH = 30 * 96 * QUARTER


def timed(action: Callable[[], object], times: int = 5) -> float:
    """Best of several runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - begun)
    return best


def readings() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A sun that rises every day over a hundred roofs, with clouds; about a million quarter hours."""
    generator = np.random.default_rng(2)
    slots = np.arange(DAYS * 96)
    sun = np.maximum(0, np.sin((slots % 96 / 96 - 0.25) * 2 * np.pi))
    value = np.concatenate(
        [
            (sun * generator.uniform(0.3, 1, len(slots)) * generator.integers(20_000, 90_000)).astype(np.int64)
            for _ in range(METERS)
        ]
    )
    return np.repeat(np.arange(1, METERS + 1), len(slots)), np.tile(FIRST + slots * QUARTER, METERS), value


def run() -> None:
    """Prints figures; judges nothing."""
    series, start, value = readings()
    definitions = {
        number: SeriesDefinition(number, f"S{number}", "F", "electricity_generated", UNITS["W.h"], 0, 900, "amount")
        for number in range(1, METERS + 1)
    }
    with tempfile.TemporaryDirectory() as place:
        folder = create_folder(Path(place) / "data", "real")
        database = database_of(folder)
        METADATA.create_all(database.engine)
        with database.writing(visible=False) as connection:
            connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
        plain = Path(place) / "plain.parquet"
        floor = timed(
            lambda: pq.write_table(pa.table({"s": series, "t": start, "v": value}), plain, compression="zstd"), 3
        )
        source = Source("file", "benchmark")
        taken = timed(lambda: append(database, folder, definitions, Batch(series, start, value, source), NOW), 1)
        again = timed(lambda: append(database, folder, definitions, Batch(series, start, value, source), NOW), 1)
        rows = len(value)
        print(
            f"append {rows:,} readings: {rows / taken / 1e6:.2f} M/s; "
            f"plain pyarrow write {rows / floor / 1e6:.2f} M/s; ratio {taken / floor:.1f}"
        )
        print(f"the same again, recognised as known: {rows / again / 1e6:.2f} M/s")

        def chart() -> None:
            with database.reading() as connection:
                assert len(read_readings(connection, folder, [50], FIRST + MONTH, FIRST + 2 * MONTH)) == 2880

        engine = duckdb.connect()

        def bare_chart() -> None:
            found = engine.cursor().execute(
                "select t, v from read_parquet(?) where s = 50 and t >= ? and t < ? order by t",
                [str(plain), FIRST + MONTH, FIRST + 2 * MONTH],
            )
            assert len(found.fetchnumpy()["t"]) == 2880

        ours, bare = timed(chart), timed(bare_chart)
        print(
            f"chart, one meter 30 days: {ours * 1e3:.1f} ms; bare DuckDB {bare * 1e3:.1f} ms; ratio {ours / bare:.1f}"
        )

        rolled = timed(lambda: roll_up(database, folder, definitions), 1)
        scan = timed(
            lambda: (
                engine.cursor()
                .execute(
                    "select s, (t + 21600000000) // 86400000000, sum(v)::bigint, min(v), max(v), count(*)"
                    " from read_parquet(?) group by 1, 2",
                    [str(plain)],
                )
                .fetchnumpy()
            ),
            3,
        )
        print(
            f"rollup to days, months, years in the table: {rolled:.2f} s; "
            f"bare DuckDB scan by day {scan:.2f} s; ratio {rolled / scan:.1f}"
        )

        def page() -> None:
            with database.reading() as connection:
                assert len(load_rollups(connection, [50], "day", FIRST, NOW)) == DAYS

        print(f"{DAYS} days of one meter from the table: {timed(page) * 1e3:.1f} ms")
        generator = np.random.default_rng(3)
        changed = generator.choice(rows, 1000, replace=False)
        begun = time.perf_counter()
        append(database, folder, definitions, Batch(series[changed], start[changed], value[changed] + 1, source), NOW)
        stored = time.perf_counter() - begun
        touched = roll_up(database, folder, definitions)
        print(
            f"1,000 corrections stored in {stored:.2f} s, "
            f"{len(touched)} rollups visible after {time.perf_counter() - begun:.2f} s"
        )
        ticks = []
        for tick in range(50):
            at = np.full(METERS, FIRST + (DAYS * 96 + tick) * QUARTER)
            batch = Batch(np.arange(1, METERS + 1), at, np.arange(METERS), source)
            ticks.append(timed(lambda batch=batch: append(database, folder, definitions, batch, NOW), 1))
        print(
            f"live tick of {METERS} meters, durable: "
            f"median {np.median(ticks) * 1e3:.1f} ms, worst {max(ticks) * 1e3:.1f} ms"
        )
        with database.reading() as connection:
            months = fragmented(connection, most=1)
        joined = timed(lambda: [compact(database, folder, month, NOW) for month in months], 1)
        with database.reading() as connection:
            size = bytes_per_reading(connection)
        print(
            f"compaction of {len(months)} months: {joined:.2f} s; "
            f"{size:.2f} bytes a reading; chart after it {timed(chart) * 1e3:.1f} ms"
        )
        database.close()


if __name__ == "__main__":
    run()
