"""SensorThings over a year of hourly readings: the first page of a hundred with a time filter, and the thousandth.

``METERS`` in the environment sets the size (1,142 → 10^7 observations, 11,416 → 10^8).
"""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import sqlalchemy as sa

from benchmarks.push import end, prepare, processor_seconds, served, settle
from jasyl.monitoring import segments
from jasyl.monitoring.segments import Readings
from jasyl.monitoring.tables import reading_source
from jasyl.storage import DataFolder

HOURS = 8760


def run() -> None:
    """Prints figures; judges nothing."""
    meters = int(os.environ.get("METERS", "1142"))
    with tempfile.TemporaryDirectory() as home:
        folder = _filled(Path(home), meters)
        print(f"{meters * HOURS:,} readings")
        _pages(folder)


def _filled(home: Path, meters: int) -> DataFolder:
    """A folder with readings of a year, months as a compacted store has them."""
    folder, database, _, _ = prepare(home, meters)
    hours = np.arange(HOURS, dtype=np.int64) * 3_600_000_000 + 1_735_689_600_000_000
    random = np.random.default_rng(1)
    with database.writing() as connection:
        connection.execute(
            sa.insert(reading_source).values(
                number=1, kind="file", name="synthetic", received_at=0, rows=0, corrected=0, rolled_up=True
            )
        )
        for month in np.array_split(hours, 12):
            series = np.repeat(np.arange(1, meters + 1), len(month))
            value = random.integers(0, 100_000, len(series))
            ones = np.ones(len(series), np.int64)
            rows = Readings(series, np.tile(month, meters), value, ones, ones)
            segments.add(connection, folder, rows, 0)
    database.close()
    return folder


def _pages(folder: DataFolder) -> None:
    process, base = served(folder, 1)
    try:
        with httpx.Client(trust_env=False, timeout=60) as client:
            address = f"{base}/sta/v1.1/Observations"
            within = "phenomenonTime ge 2025-06-01T00:00:00Z and phenomenonTime lt 2025-06-08T00:00:00Z"
            cold = _timed(client, address, {"$filter": within})[0]
            settle(process.pid)
            warm = [_timed(client, address, {"$filter": within})[0] for _ in range(10)]
            print(f"  first page in a week: {_said(warm)}; of a server that has just begun {cold * 1e3:.0f} ms")
            for what, query in (
                ("first page without a filter", {}),
                ("first page, result gt 99", {"$filter": f"{within} and result gt 99"}),
                ("latest of one Datastream", {"$filter": "Datastream/properties/number eq 7", "$orderby": "id desc"}),
                ("first page in order of time", {"$filter": within, "$orderby": "phenomenonTime"}),
            ):
                print(f"  {what}: {_said([_timed(client, address, query)[0] for _ in range(5)])}")
            times, link, used = [], f"{address}?$filter={within}", [processor_seconds(process.pid)]
            for _ in range(1000):
                if len(times) in {100, 900}:
                    used.append(processor_seconds(process.pid))
                taken, document = _timed(client, link, None)
                times.append(taken)
                link = document["@iot.nextLink"]
            used.append(processor_seconds(process.pid))
            print(f"  pages 1–100: {_said(times[:100])}, {(used[1] - used[0]) * 10:.0f} ms CPU each")
            print(f"  pages 901–1000: {_said(times[900:])}, {(used[3] - used[2]) * 10:.0f} ms CPU each")
    finally:
        end(process)


def _timed(client: httpx.Client, address: str, query: dict[str, str] | None) -> tuple[float, dict[str, Any]]:
    begin = time.perf_counter()
    answered = client.get(address, params=query)
    taken = time.perf_counter() - begin
    return taken, answered.raise_for_status().json()


def _said(times: list[float]) -> str:
    return f"{sorted(times)[len(times) // 2] * 1e3:.0f} ms median, {max(times) * 1e3:.0f} ms at most"


if __name__ == "__main__":
    run()
