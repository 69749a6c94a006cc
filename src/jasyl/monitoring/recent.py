"""Young segments: kept in memory for comparing new readings with them, and joined before they become many.

A push commits a few thousand readings at a time. Asking DuckDB about each of a hundred such files costs more than
storing the push; which intervals they hold fits in memory, and a segment never changes: what was read once stays true.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.quantities import UTC, microseconds
from jasyl.storage import Database, DataFolder, segment_store

from . import segments, tables
from .engine import ask, integers
from .newest_known import newest_known
from .readings_lock import lock_segments
from .segments import COLUMNS, Readings, Segment

# Joined at this many small segments of one month.
SMALL, MANY = 65_536, 32
# Compared by keys kept in memory up to this many readings; a larger segment is asked about by DuckDB.
COMPARED = 1_000_000
# For each process that takes readings in: keys (8 bytes each) and rows of small segments (40 bytes each).
MOST_KEYS, MOST_ROWS = 5_000_000, 500_000
_SECOND = 1_000_000
# Seconds of a month fit.
_BITS = 22


_T = TypeVar("_T", Readings, NDArray[np.int64])


class _Kept(Generic[_T]):
    """What was read of files, the least used dropped first; safe among threads."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._lock = threading.Lock()
        self._held: OrderedDict[str, _T] = OrderedDict()

    def get(self, file: str) -> _T | None:
        with self._lock:
            found = self._held.get(file)
            if found is not None:
                self._held.move_to_end(file)
            return found

    def put(self, file: str, content: _T) -> None:
        with self._lock:
            before = self._held.pop(file, None)
            self._weight += len(content) - (0 if before is None else len(before))
            self._held[file] = content
            while self._weight > self._most and len(self._held) > 1:
                self._weight -= len(self._held.popitem(last=False)[1])


_keys = _Kept[NDArray[np.int64]](MOST_KEYS)
_rows = _Kept[Readings](MOST_ROWS)


def keys(series: NDArray[np.int64], start: NDArray[np.int64], month: int) -> NDArray[np.int64]:
    """One number for each (series, start) of a UTC month (yyyymm), in the order of a segment."""
    begin = microseconds(dt.datetime(month // 100, month % 100, 1, tzinfo=UTC))
    return (series << _BITS) + (start - begin) // _SECOND


def remember(folder: DataFolder, segment: Segment, rows: Readings) -> None:
    """The rows of a segment that this process just wrote or read: they need not be read again."""
    newest_known(folder.path).see(segment.file, rows.series, rows.start)
    if len(rows) <= SMALL:
        _rows.put(segment.file, rows)


def stored_of(
    folder: DataFolder, found: Sequence[Segment], series: NDArray[np.int64], start: NDArray[np.int64]
) -> Readings:
    """What the segments ``found`` hold of these intervals, every revision, and perhaps of others."""
    marks = newest_known(folder.path)
    for each in found:
        if not marks.has_seen(each.file):
            _see(folder, each)
    known = ~marks.newer(series, start)
    if not known.any():
        return concatenate([])
    series, start = series[known], start[known]
    parts = _like(folder, [each for each in found if each.rows <= COMPARED], series, start)
    large = [each for each in found if each.rows > COMPARED]
    if large:
        parts.append(segments.read_intervals(folder, large, series, start))
    return concatenate(parts)


def _see(folder: DataFolder, segment: Segment) -> None:
    if segment.rows <= COMPARED:
        remember(folder, segment, _read(folder, segment))
        return
    question = "select series::bigint as series, max(start) as start from read_parquet($files) group by 1 order by 1"
    found = ask(question, {"files": segments.local_names(folder, [segment])})
    newest_known(folder.path).see(segment.file, found["series"], found["start"])


def _like(
    folder: DataFolder, found: Sequence[Segment], series: NDArray[np.int64], start: NDArray[np.int64]
) -> list[Readings]:
    """Of the segments ``found`` (none beyond ``COMPARED``) the rows of these intervals, every revision."""
    parts: list[Readings] = []
    for month in sorted({each.month for each in found}):
        wanted = np.sort(keys(series, start, month))
        for each in found:
            if each.month != month:
                continue
            held = _keys_of(folder, each)
            near = held[np.minimum(np.searchsorted(held, wanted), len(held) - 1)]
            hits = wanted[near == wanted]
            if len(hits):
                parts.append(_rows_of(folder, each).take(np.isin(held, hits)))
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
            rows = segments.in_force(connection, small, held.c.month == month)
            whole = concatenate([_rows_of(folder, row) for row in rows])
            whole = whole.sorted()
            made = segments.add(connection, folder, whole, now)
            remember(folder, made[0], whole)
            gone = sa.update(held).where(held.c.number.in_([row.number for row in rows]))
            connection.execute(gone.values(superseded_at=now, superseded_by=made[0].number))
            joined += len(rows)
    return joined


def _keys_of(folder: DataFolder, segment: Segment) -> NDArray[np.int64]:
    known = _keys.get(segment.file)
    if known is None:
        rows = _rows_of(folder, segment)
        known = keys(rows.series, rows.start, segment.month)
        _keys.put(segment.file, known)
    return known


def _rows_of(folder: DataFolder, segment: Segment) -> Readings:
    known = _rows.get(segment.file)
    if known is None:
        known = _read(folder, segment)
        remember(folder, segment, known)
    return known


def _read(folder: DataFolder, segment: Segment) -> Readings:
    import pyarrow.parquet as pq  # noqa: PLC0415  (with DuckDB, on first use)

    (path,) = segment_store(folder).paths([(segment.file, segment.sha256)])
    # Not read_table, whose data sets load pandas: a second of every worker that meets another's segment.
    with pq.ParquetFile(path, memory_map=True) as file:
        table: Any = file.read(columns=list(COLUMNS), use_threads=False)
    return Readings.of(integers(table))
