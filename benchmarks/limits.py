"""What the machine itself can do in the same moment: a figure is read beside it. No benchmark itself."""

import os
import time
from pathlib import Path

import msgspec
import numpy as np

_TIMES = 200
_TURNS = 40


def json_alone(document: bytes) -> str:
    """The JSON library over one document, nothing made of what it read."""
    spent: list[float] = []
    for _ in range(_TIMES):
        begin = time.process_time_ns()
        for _ in range(10):
            msgspec.json.decode(document)
        spent.append((time.process_time_ns() - begin) / 10)
    middle = float(np.median(spent)) / 1e9
    rate = len(document) / middle / 1e6
    return f"JSON alone: {middle * 1e3:.3f} ms a document of {len(document):,} bytes, {rate:,.0f} MB/s"


def fsync_alone(place: Path, size: int, turns: int = _TURNS) -> str:
    """A file of ``size`` bytes, its name, and a page behind a journal, each made durable one after another."""
    content, page = os.urandom(size), os.urandom(4096)
    spent: list[float] = []
    directory = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    with (place / "journal").open("wb") as journal:
        for turn in range(turns):
            begin = time.perf_counter()
            with (place / f"file-{turn}").open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            os.fsync(directory)
            journal.write(page)
            journal.flush()
            os.fdatasync(journal.fileno())
            spent.append((time.perf_counter() - begin) * 1e3)
    os.close(directory)
    middle, late = np.percentile(spent, [50, 99])
    return f"disk alone: file, name and journal durable in {middle:.1f} ms median, {late:.1f} ms p99 ({size:,} bytes)"
