"""Readings on disk: immutable sorted Parquet segments, and the manifest that says which of them count."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from ulid import ULID

from jasyl.quantities import UTC, instant, microseconds
from jasyl.storage import DataFolder, segment_store

from . import tables
from .engine import Columns, arrow, ask

Int = NDArray[np.int64]
COLUMNS = ("series", "start", "value", "revision", "source")
# A question for one series opens whole row groups: groups of 16–65 k rows answered quickest.
ROW_GROUP = 32_768
_WIDE = frozenset({"start", "value"})
# Sorted integers differ little from row to row: 1.7 bytes a reading this way, 4.3–7.2 with dictionaries (measured).
ENCODING = dict.fromkeys(COLUMNS, "DELTA_BINARY_PACKED")


@dataclass(frozen=True)
class Readings:
    """Columns of readings, all int64 of one length: series number, interval start (µs UTC), value, revision, source."""

    series: Int
    start: Int
    value: Int
    revision: Int
    source: Int

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Readings":
        """The rows picked by a mask or by positions."""
        return Readings(*(getattr(self, name)[rows] for name in COLUMNS))

    def sorted(self) -> "Readings":
        """In the order of a segment: series, start, revision."""
        if strictly_ordered(self.series, self.start):
            return self
        return self.take(np.lexsort((self.revision, self.start, self.series)))

    def arrow(self) -> Any:
        """The same as a pyarrow.Table."""
        return arrow({name: getattr(self, name) for name in COLUMNS})

    @classmethod
    def of(cls, columns: Columns) -> "Readings":
        """From columns of an answer."""
        return cls(*(np.ascontiguousarray(columns[name], dtype=np.int64) for name in COLUMNS))


def strictly_ordered(series: Int, start: Int) -> bool:
    """Whether rows stand by series and start already, no interval twice: files mostly do, and sorting costs most."""
    later = start[1:] > start[:-1]
    later &= series[1:] == series[:-1]
    later |= series[1:] > series[:-1]
    return bool(later.all())


@dataclass(frozen=True)
class Segment:
    """One row of the manifest."""

    number: int
    file: str
    sha256: str
    rows: int
    month: int
    max_revision: int


_held = tables.segment
_EVERY = 2**62
# Asked with every delivery: built once, so that only the values are new.
_ENTER = sa.insert(_held)
_IN_FORCE = (
    sa.select(_held.c.number, _held.c.file, _held.c.sha256, _held.c.rows, _held.c.month, _held.c.max_revision)
    .where(_held.c.superseded_at.is_(None))
    .order_by(_held.c.number)
)
_REACHING = _IN_FORCE.where(
    _held.c.max_start >= sa.bindparam("start"),
    _held.c.min_start < sa.bindparam("end"),
    _held.c.max_series >= sa.bindparam("low"),
    _held.c.min_series <= sa.bindparam("high"),
)


def add(connection: sa.Connection, folder: DataFolder, readings: Readings, now: int) -> list[Segment]:
    """Write ``readings`` as one segment for each UTC month and enter them in the manifest.

    The bytes are durable (file and directory fsynced, or acknowledged by the object storage) before the row is
    inserted; they count only when the caller's transaction commits. A crash before that leaves a file without a row,
    which ``tidy`` removes.
    """
    made = [_made(month, rows, now) for month, rows in _by_month(readings.sorted())]
    segment_store(folder).put({row["file"]: content for row, content in made})
    return [_enter(connection, row) for row, _ in made]


def _made(month: int, rows: Readings, now: int) -> tuple[dict[str, Any], bytes]:
    """The manifest's row for ``rows`` of a month, without a number yet, and the bytes of the segment."""
    content = _parquet(rows)
    row = {
        "file": f"{month}-{ULID()}.parquet",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "rows": len(rows),
        "month": month,
        "min_start": int(rows.start.min()),
        "max_start": int(rows.start.max()),
        "min_series": int(rows.series[0]),
        "max_series": int(rows.series[-1]),
        "max_revision": int(rows.revision.max()),
        "max_source": int(rows.source.max()),
        "created_at": now,
    }
    return row, content


def _enter(connection: sa.Connection, row: dict[str, Any]) -> Segment:
    key = connection.execute(_ENTER, row).inserted_primary_key
    assert key is not None
    return Segment(int(key[0]), row["file"], row["sha256"], row["rows"], row["month"], row["max_revision"])


def read(
    connection: sa.Connection,
    folder: DataFolder,
    series: Sequence[int] | None,
    start: int,
    end: int,
    *,
    newest: bool = True,
    until_source: int | None = None,
) -> Readings:
    """Readings of ``series`` (None: all) whose interval starts in [start, end), µs UTC; sorted by series and start.

    ``newest`` keeps the highest revision of each interval, otherwise every revision is given. ``until_source`` reads
    the state after that delivery, as it stood then. The manifest is read by ONE statement of the caller's
    transaction; a file that a compaction replaces meanwhile stays on disk for a grace, so no answer is torn.
    """
    wanted = None if series is None else sorted({int(number) for number in series})
    found = manifest(connection, wanted, start, end)
    return read_of(folder, found, wanted, start, end, newest=newest, until_source=until_source)


def read_of(
    folder: DataFolder,
    found: Sequence[Segment],
    wanted: Sequence[int] | None,
    start: int,
    end: int,
    *,
    newest: bool = True,
    until_source: int | None = None,
) -> Readings:
    """:func:`read` from segments of the manifest that the caller has; ``wanted`` is ascending."""
    if not found:
        return Readings.of({name: np.empty(0, np.int64) for name in COLUMNS})
    corrected = any(each.max_revision > 1 for each in found)
    answer = ask(
        _question(wanted, newest=newest and corrected, until=until_source),
        {
            "files": local_names(folder, found),
            "start": start,
            "end": end,
            **({"low": wanted[0], "high": wanted[-1]} if wanted else {}),
            **({"series": wanted} if wanted and len(wanted) > 1 else {}),
            **({"until": until_source} if until_source is not None else {}),
        },
    )
    return Readings.of(answer)


def read_intervals(folder: DataFolder, found: Sequence[Segment], series: Int, start: Int) -> Readings:
    """Every revision that segments hold of single intervals (``series[n]``, ``start[n]``), in no particular order.

    Few intervals of many series lie far apart: what stands between them is passed by, not loaded.
    """
    answer = ask(
        "select held.series, held.start, held.value, held.revision, held.source from read_parquet($files) as held"
        " semi join wanted on held.series = wanted.series and held.start = wanted.start",
        {"files": local_names(folder, found)},
        wanted=arrow({"series": series, "start": start}),
    )
    return Readings.of(answer)


def manifest(connection: sa.Connection, series: Sequence[int] | None, start: int, end: int) -> list[Segment]:
    """The segments in force that may hold readings of ``series`` in [start, end)."""
    if series is not None and not series:
        return []
    low, high = (0, _EVERY) if series is None else (min(series), max(series))
    asked = connection.execute(_REACHING, {"start": start, "end": end, "low": low, "high": high})
    return [Segment(*row) for row in asked]


def in_force(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Segment]:
    """The segments that count and meet the conditions, by number."""
    return [Segment(*row) for row in connection.execute(_IN_FORCE.where(*conditions))]


def local_names(folder: DataFolder, found: Sequence[Segment]) -> list[str]:
    """Where the segments can be read on this machine."""
    return [str(path) for path in segment_store(folder).paths((each.file, each.sha256) for each in found)]


def by_correction(found: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Segments of months in which nothing was corrected, and those of the other months."""
    corrected = {each.month for each in found if each.max_revision > 1}
    return [each for each in found if each.month not in corrected], [each for each in found if each.month in corrected]


def _question(series: Sequence[int] | None, *, newest: bool, until: int | None) -> str:
    # Months without corrections skip the newest-revision step: (series, start) is unique in them by construction.
    rows = "from read_parquet($files) where start >= $start and start < $end"
    if series is not None:
        rows += " and series between $low and $high"
        if len(series) > 1:
            rows += " and series in (select unnest($series))"
    if until is not None:
        rows += " and source <= $until"
    if not newest:
        return f"select series, start, value, revision, source {rows} order by series, start, revision"
    return (
        "select series, start, arg_max(value, revision) as value, max(revision) as revision,"
        f" arg_max(source, revision) as source {rows} group by series, start order by series, start"
    )


def _parquet(readings: Readings) -> bytes:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    pq.write_table(
        arrow({name: column if name in _WIDE else _narrow(column) for name, column in vars(readings).items()}),
        sink,
        compression="zstd",
        row_group_size=ROW_GROUP,
        use_dictionary=False,
        column_encoding=ENCODING,
    )
    return sink.getvalue().to_pybytes()


def _narrow(column: Int) -> NDArray[np.int32]:
    """Numbers of series, revisions and deliveries take four bytes."""
    narrow = column.astype(np.int32)
    if not np.array_equal(narrow, column):
        raise OverflowError(f"{int(column.max())} does not fit into a segment")
    return narrow


def _by_month(readings: Readings) -> Iterator[tuple[int, Readings]]:
    if not len(readings):
        return
    bounds = [month_start(int(readings.start.min()))]
    while bounds[-1] <= int(readings.start.max()):
        bounds.append(month_start(bounds[-1] + 32 * 86_400_000_000))
    if len(bounds) == 2:
        first = instant(bounds[0])
        yield first.year * 100 + first.month, readings
        return
    # Small integers are sorted by counting: one pass for all months, not one for each.
    which = (np.searchsorted(np.array(bounds), readings.start, side="right") - 1).astype(np.int16)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which, minlength=len(bounds)))
    for begin, low, high in zip(bounds, [0, *ends.tolist()], ends.tolist(), strict=False):
        if low < high:
            first = instant(begin)
            yield first.year * 100 + first.month, readings.take(order[low:high])


def month_start(moment: int) -> int:
    """µs UTC at which the UTC month of ``moment`` begins."""
    day = instant(moment)
    return microseconds(dt.datetime(day.year, day.month, 1, tzinfo=UTC))
