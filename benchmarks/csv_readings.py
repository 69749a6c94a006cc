"""Readings out of a CSV file with quality control behind them: rows a second, against the reading of cells row by row.

``ROWS`` in the environment sets the size. Processor seconds stand beside wall seconds: the machine may be busy.
"""

import datetime as dt
import os
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import numpy as np
import sqlalchemy as sa

import jasyl.monitoring.reading_file as reading_file
from jasyl.ledger import create_keys
from jasyl.monitoring import take_readings
from jasyl.monitoring.quality import inspect
from jasyl.quantities import UNITS
from jasyl.registry import Provenance, Statement, add_series, every_series, record
from jasyl.registry.tables import facility
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.storage.database import revision_table

NOW = 1_900_000_000_000_000


def content(rows: int) -> bytes:
    """Minutes of a boiler house, a year and more, without a fault."""
    begin, step = dt.datetime(2025, 1, 1), dt.timedelta(minutes=1)  # noqa: DTZ001  (civil time of a sheet)
    generator = np.random.default_rng(1)
    level = 300 + 100 * np.cos(np.arange(rows) * 2 * np.pi / 525_600) + generator.normal(0, 8, rows)
    stamps = ((begin + at * step).strftime("%Y-%m-%d %H:%M") for at in range(rows))
    return ("time;kWh\n" + "".join(f"{at};{value:.3f}\n" for at, value in zip(stamps, level, strict=True))).encode()


def run() -> None:
    """Prints figures; judges nothing."""
    rows = int(os.environ.get("ROWS", "500000"))
    given = content(rows)
    for name, some in (
        ("the first file of a process, libraries loaded with it", given),
        ("columns of bytes", given),
        ("cells row by row", given[: given.index(b"\n", len(given) // 20) + 1]),
    ):
        with tempfile.TemporaryDirectory() as place:
            _measure(Path(place), name, some)


def _measure(place: Path, name: str, given: bytes) -> None:
    folder = create_folder(place / "data", "real")
    create_keys(folder)
    database = database_of(folder)
    METADATA.create_all(database.engine)
    who = Provenance("benchmark", "benchmark")
    with database.writing(visible=False) as connection:
        connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
    with database.writing() as connection:
        plant = {"name_en": "Bench", "technology": "HP.BIO", "status": "operating", "place_precision": "none"}
        record(connection, "facility", [Statement("bench", {**plant, "technology": "RP.PV"}, who)])
        add_series(
            connection, "bench-1", who, facility_id=connection.execute(sa.select(facility.c.id)).scalar_one(),
            quantity="heat_supplied", unit="W.h", scale=0, interval_seconds=60, kind="amount", zone="Asia/Almaty",
            trust="operator-entered",
        )  # fmt: skip
        (series,) = every_series(connection)
    spent: list[tuple[float, float]] = []
    slow = patch.object(reading_file, "plain_rows", lambda *_: None) if "row" in name else patch.dict({}, {})
    begun = time.perf_counter(), time.process_time()
    with slow:
        report = take_readings(database, folder, given, "a.csv", series, unit=UNITS["kW.h"], actor="bench", now=NOW)
    spent.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
    begun = time.perf_counter(), time.process_time()
    done = inspect(database, folder, NOW)
    spent.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
    count = report.rows
    said = [f"{what} {count / wall / 1e3:,.0f} k/s ({count / cpu / 1e3:,.0f} k/s processor)"
            for what, (wall, cpu) in zip(("stored", "judged"), spent, strict=True)]  # fmt: skip
    both = [sum(each) for each in zip(*spent, strict=True)]
    print(
        f"{name}, {count:,} rows: {'; '.join(said)}; together {count / both[0] / 1e3:,.0f} k/s"
        f" ({count / both[1] / 1e3:,.0f} k/s processor); {done.readings:,} judged, {len(report.refusals)} refused"
    )
    database.close()


if __name__ == "__main__":
    run()
