"""Reading 100,000 facilities of 20 columns by a template, against the floor that Python's own csv module sets.

Seconds are those of the processor: other work on the same machine does not count.
"""

import csv
import io
import random
import resource
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jasyl.intake import Box, Choice, Template, TemplateColumn, read, read_tables
from jasyl.papers import write_csv, write_xlsx

ROWS = 100_000
AIM_SECONDS = 8.0
BOX = Box(46.0, 40.0, 88.0, 56.0)
STATUSES = ("operating", "construction", "planned", "retired")


def _column(key: str, kind: Any = "text", **more: Any) -> TemplateColumn:
    return TemplateColumn(key, {"kk": f"{key} kk", "ru": f"{key} ru", "en": f"{key} en"}, kind, **more)


FACILITY = Template(
    "facility",
    (
        _column("id", required=True, unique=True),
        _column("name", required=True),
        _column("enterprise"),
        _column("bin", "digits", length=12),
        _column("region"),
        _column("district"),
        _column("address"),
        _column(
            "status",
            "choice",
            choices=tuple(Choice(code, {"kk": f"{code} kk", "ru": f"{code} ru", "en": code}) for code in STATUSES),
        ),
        _column("technology"),
        _column("capacity", "decimal", unit="MW", minimum=Decimal(0)),
        _column("output", "decimal", unit="MW.h", minimum=Decimal(0)),
        _column("water", "decimal", unit="m3"),
        _column("longitude", "longitude"),
        _column("latitude", "latitude"),
        _column("commissioned", "date", past=True),
        _column("retired", "date"),
        _column("units", "integer", minimum=Decimal(0)),
        _column("grid", "boolean"),
        _column("checked", "day"),
        _column("note"),
    ),
)


def rows(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Facility-like rows of a fixed seed: values of wide and of narrow variety."""
    chance = random.Random(seed)
    for number in range(count):
        yield {
            "id": f"F-{number:07}",
            "name": f"Жел электр станциясы № {number}",
            "enterprise": f"«Жасыл энергия {number % 9000}» ЖШС",
            "bin": f"{chance.randrange(10**12):012}",
            "region": f"KZ-{chance.randrange(20):02}",
            "district": f"Аудан {chance.randrange(200)}",
            "address": f"Абай даңғылы, {chance.randrange(900)}",
            "status": chance.choice(STATUSES),
            "technology": f"technology {chance.randrange(60)}",
            "capacity": Decimal(chance.randrange(1, 90_000)) * 1000,
            "output": Decimal(chance.randrange(10**9)) * 10,
            "water": Decimal(chance.randrange(10**6)) / 4,
            "longitude": chance.randrange(46_600_000, 87_000_000) / 1e6,
            "latitude": chance.randrange(40_600_000, 55_000_000) / 1e6,
            "commissioned": f"{chance.randrange(1990, 2025)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            "retired": None,
            "units": chance.randrange(1, 200),
            "grid": chance.random() < 0.8,
            "checked": f"2024-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            "note": None if chance.random() < 0.7 else "тексерілді",
        }


def run() -> None:
    """Print rows per second for CSV and XLSX beside the csv module, and the greatest memory in use."""
    plain = b"".join(write_csv(FACILITY.columns, rows(ROWS), "ru"))
    started = time.process_time()
    book = write_xlsx(FACILITY.columns, rows(ROWS), "ru")
    written = time.process_time() - started
    floor = _timed(lambda: sum(1 for _ in csv.reader(io.StringIO(plain.decode(), newline=""))))
    print(f"intake: {ROWS} rows × {len(FACILITY.columns)} columns, typed and validated (processor seconds)")
    print(f"  csv module alone            {floor:6.2f} s  {ROWS / floor:9.0f} rows/s")
    for label, data in (("CSV", plain), ("XLSX", book)):
        spent = _timed(lambda data=data: _read(data))
        aim = f", aim ≤ {AIM_SECONDS:g} s" if label == "CSV" else ""
        print(f"  {label:4} ({len(data) >> 20:3} MB)              {spent:6.2f} s  {ROWS / spent:9.0f} rows/s", end="")
        print(f"  {spent / floor:5.1f} × the csv module{aim}")
    print(f"  writing the XLSX            {written:6.2f} s  {ROWS / written:9.0f} rows/s")
    print(f"  greatest memory             {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:6} MB")


def _read(data: bytes) -> None:
    found = read(read_tables(data, "facilities")[0], FACILITY, box=BOX)
    if len(found.rows) != ROWS:
        raise AssertionError(found.problems[:3])


def _timed(act: Any) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


if __name__ == "__main__":
    run()
