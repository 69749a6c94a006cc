"""Small, young segments: kept in memory for comparing new readings with them, and joined before they become many.

A push commits a few thousand readings at a time. Asking DuckDB about each of a hundred such files costs more than
storing the push; their rows fit in memory, and a segment never changes, so what was read once stays true.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.storage import Database, DataFolder, segment_store

from . import segments, tables
from .readings_lock import lock_segments
from .segments import COLUMNS, Readings, Segment

# 40 bytes a reading in memory: 40 MB for each process that takes readings in.
SMALL, MOST_KEPT = 65_536, 1_000_000
# Joined at this many small segments of one month.
MANY = 32
# Any odd number spreads series over the 64 bits; equal keys are compared exactly afterwards.
_SPREAD = np.int64(-7046029254386353131)

_lock = threading.Lock()
_kept: "OrderedDict[str, tuple[Readings, NDArray[np.int64]]]" = OrderedDict()


def keys(series: NDArray[np.int64], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each (series, start); different pairs may rarely share one."""
    with np.errstate(over="ignore"):
        return series * _SPREAD + start


def like(folder: DataFolder, found: Sequence[Segment], wanted: NDArray[np.int64]) -> list[Readings]:
    """Of the small segments among ``found`` the rows whose key is among ``wanted``, every revision."""
    parts: list[Readings] = []
    for each in found:
        rows, held = _rows(folder, each.file, each.sha256)
        mine = np.isin(held, wanted)
        if mine.any():
            parts.append(rows.take(mine))
    return parts


def concatenate(parts: Sequence[Readings]) -> Readings:
    """Parts under one another."""
    if not parts:
        return Readings(*(np.empty(0, np.int64) for _ in COLUMNS))
    return Readings(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))


def join_small(database: Database, folder: DataFolder, now: int, most: int = MANY) -> int:
    """Make one segment of the small ones of every month that has ``most`` or more; how many were joined."""
    held = tables.segment
    small = sa.and_(held.c.superseded_at.is_(None), held.c.rows <= SMALL)
    count = sa.func.count()
    many = sa.select(held.c.month).where(small).group_by(held.c.month).having(count >= most)
    with database.reading() as connection:
        months = connection.execute(many).scalars().all()
    joined = 0
    for month in months:
        with database.writing(visible=False) as connection:
            lock_segments(connection)
            question = sa.select(held.c.number, held.c.file, held.c.sha256).where(small, held.c.month == month)
            rows = connection.execute(question.order_by(held.c.number)).all()
            whole = concatenate([_rows(folder, row.file, row.sha256)[0] for row in rows])
            made = segments.add(connection, folder, whole, now)
            gone = sa.update(held).where(held.c.number.in_([row.number for row in rows]))
            connection.execute(gone.values(superseded_at=now, superseded_by=made[0].number))
            joined += len(rows)
    return joined


def _rows(folder: DataFolder, file: str, sha256: str) -> tuple[Readings, NDArray[np.int64]]:
    with _lock:
        known = _kept.get(file)
        if known is not None:
            _kept.move_to_end(file)
            return known
    rows = _read(folder, file, sha256)
    known = rows, keys(rows.series, rows.start)
    with _lock:
        _kept[file] = known
        while sum(len(each[0]) for each in _kept.values()) > MOST_KEPT:
            _kept.popitem(last=False)
    return known


def _read(folder: DataFolder, file: str, sha256: str) -> Readings:
    import pyarrow.parquet as pq  # noqa: PLC0415  (with DuckDB, on first use)

    (path,) = segment_store(folder).paths([(file, sha256)])
    table: Any = pq.read_table(path, use_threads=False, memory_map=True)
    return Readings.of({name: table.column(name).to_numpy().astype(np.int64) for name in COLUMNS})
