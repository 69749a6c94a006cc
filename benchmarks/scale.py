"""100,000 facilities: import, map tiles, the list under load, a restart; on loopback, in a folder of its own."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from benchmarks.facilities import as_csv
from benchmarks.load import requests_per_second
from benchmarks.postgresql import binaries, free_port, server
from jasyl.cli.starter import initialise
from jasyl.people import Actor
from jasyl.registry import MapPoints, import_records, likely_duplicates, load_map_points
from jasyl.storage import Database, database_of, open_folder

COUNT = 100_000
AGENCY = Actor("benchmark", "Benchmark", frozenset({"agency"}))
_TILES = 200
_PAGES = 20
_SHARED = "the load generator shares the cores"


def run() -> None:
    """Prints figures beside their targets; judges nothing."""
    content = as_csv(COUNT)
    print(f"scale: {COUNT} facilities, a CSV of {len(content) >> 20} MB, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="jasyl-scale-") as home:
        data = Path(home) / "data"
        initialise(data, "empty", None, "en")
        database = database_of(open_folder(data))
        _imported("SQLite", database, content)
        _map(database)
        database.close()
        _served(data)
    found = binaries()
    if found is None:
        print("  PostgreSQL is not installed: skipped")
        return
    with server(found) as address:
        database = Database(address)
        database.migrate()
        _imported("PostgreSQL", database, content)
        database.close()


def _imported(engine: str, database: Database, content: bytes) -> None:
    began = time.perf_counter()
    with database.writing() as connection:
        report = import_records(connection, "facilities", content, "scale.csv", AGENCY)
    took = time.perf_counter() - began
    if len(report.recorded.new) != COUNT:
        raise AssertionError(report.problems[:3])
    began = time.perf_counter()
    with database.writing() as connection:
        again = import_records(connection, "facilities", content, "scale.csv", AGENCY)
    if len(again.recorded.same) != COUNT:
        raise AssertionError(again.recorded.changed)
    print(
        f"  import, {engine:10} {took:6.1f} s, target ≤ 30 s; the same file again {time.perf_counter() - began:.1f} s"
    )
    with database.reading() as connection:
        began = time.perf_counter()
        pairs = likely_duplicates(connection)
        took = time.perf_counter() - began
        size = _size(connection)
    print(f"  likely duplicates  {took:6.1f} s, {len(pairs)} pairs; database {size >> 20} MB")


def _size(connection: sa.Connection) -> int:
    if connection.dialect.name == "postgresql":
        return connection.execute(sa.text("select pg_database_size(current_database())")).scalar_one()
    pages = connection.execute(sa.text("select page_count * page_size from pragma_page_count, pragma_page_size"))
    return pages.scalar_one()


def _map(database: Database) -> None:
    began = time.perf_counter()
    with database.reading() as connection:
        points = load_map_points(connection)
    print(f"  map: {len(points)} points read and sorted in {time.perf_counter() - began:.2f} s, once per data change")
    worst = 0.0
    for z in range(3, 11):
        spent, largest = _tiles(points, z)
        worst = max(worst, *spent)
        print(
            f"    zoom {z:2}: {len(spent):4} tiles, median {statistics.median(spent):5.1f} ms,"
            f" worst {max(spent):5.1f} ms, largest {largest >> 10} kB"
        )
    print(f"    worst tile {worst:.1f} ms, target ≤ 60 ms")


def _tiles(points: MapPoints, z: int) -> tuple[list[float], int]:
    """Milliseconds of each tile of a zoom that holds points (of many, a sample with the fullest), and bytes of the
    largest."""
    shift = 30 - z
    every = sorted(set(zip((points.x >> shift).tolist(), (points.y >> shift).tolist(), strict=True)))
    fullest = max(every, key=lambda one: points.within(z, *one).stop - points.within(z, *one).start)
    chosen = {fullest, *random.Random(1).sample(every, min(len(every), _TILES))}
    spent: list[float] = []
    largest = 0
    for x, y in chosen:
        began = time.perf_counter()
        tile = points.tile(z, x, y)
        spent.append((time.perf_counter() - began) * 1000)
        largest = max(largest, len(tile))
    return spent, largest


def _served(data: Path) -> None:
    with _serving(data) as (base, took):
        print(f"  server with {COUNT} facilities answers {took:.1f} s after its start, target ≤ 5 s")
        paths = [f"/en/facilities.json?page={page}" for page in range(1, _PAGES + 1)]
        began = time.perf_counter()
        for path in paths:
            _get(base + path)
        first = (time.perf_counter() - began) / _PAGES * 1000
        print(f"  list page as JSON, asked for the first time: {first:.1f} ms")
        rate, asked_by = requests_per_second(base, paths)
        print(f"  list pages as JSON: {rate:,.0f}/s ({asked_by}, {_PAGES} pages; {_SHARED}), target ≥ 4,000/s")
        revision = int(_get(f"{base}/health").split(b'"revision":')[1].rstrip(b"} \n"))
        tiles = [f"/tiles/facilities/{revision}/6/{x}/{y}.mvt" for x in range(41, 47) for y in range(20, 24)]
        rate, asked_by = requests_per_second(base, tiles)
        print(f"  vector tiles: {rate:,.0f}/s ({asked_by}, {len(tiles)} tiles; {_SHARED})")


@contextmanager
def _serving(data: Path) -> Generator[tuple[str, float]]:
    """``jasyl serve`` in a process of its own: its address, and seconds until it answered."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from jasyl.cli import main; main()", "serve", "--data", data, "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                _get(f"{base}/health")
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > 60:
                    raise
                time.sleep(0.02)
        yield base, time.perf_counter() - began
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


if __name__ == "__main__":
    run()
