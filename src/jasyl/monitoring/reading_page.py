"""A page of readings in an order, behind a key: the thousandth page asks the segments no more than the first.

Segments are sorted by series and start. A page in that order opens the row groups of a few series, in the order of
time the segments of a few months; an order by value or by arrival looks at everything that the condition leaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa

from jasyl.storage import DataFolder

from . import segments
from .engine import ask
from .segments import COLUMNS, Readings, Segment

Order = Literal["series", "start", "result", "arrival"]
_COLUMNS: dict[Order, tuple[str, ...]] = {
    "series": ("series", "start"),
    "start": ("start", "series"),
    "result": ("result", "series", "start"),
    "arrival": ("source", "series", "start"),
}
# Series asked about at once, growing while they give too little.
_FIRST, _GROWTH = 4, 8


@dataclass(frozen=True)
class Condition:
    """A test in DuckDB's SQL over ``series``, ``start`` and ``end`` (µs UTC) and ``result``, with its parameters."""

    sql: str = "true"
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class PageWanted:
    """``limit`` readings of ``series`` with start in [start, end) behind the key ``after`` in ``order``.

    ``factors`` and ``intervals`` make results and interval ends of stored rows, by series.
    """

    series: Sequence[int]
    start: int
    end: int
    limit: int
    order: Order = "series"
    descending: bool = False
    after: Sequence[float | int] | None = None
    skip: int = 0
    condition: Condition = Condition()
    factors: Mapping[int, float] = field(default_factory=dict[int, float])
    intervals: Mapping[int, int] = field(default_factory=dict[int, int])


def page(connection: sa.Connection, folder: DataFolder, wanted: PageWanted) -> Readings:
    """The newest revisions that make the page, in its order."""
    numbers = sorted(wanted.series)
    parts: list[Readings] = []
    missing, skip = wanted.limit, wanted.skip
    for series, start, end in _portions(connection, wanted, numbers):
        if not missing:
            break
        rows = _ask(connection, folder, wanted, series, start, end, missing + skip)
        if skip:
            dropped = min(skip, len(rows))
            rows, skip = rows.take(np.arange(dropped, len(rows))), skip - dropped
        parts.append(rows)
        missing -= len(rows)
    return Readings(
        *(np.concatenate([getattr(one, name) for one in parts] or [[]]).astype(np.int64) for name in COLUMNS)
    )


def count(connection: sa.Connection, folder: DataFolder, wanted: PageWanted) -> int:
    """How many readings the condition leaves in all; looks at every one of them."""
    numbers = sorted(wanted.series)
    found = segments.manifest(connection, numbers, wanted.start, wanted.end)
    if not found or not numbers:
        return 0
    sql = _select("count(*) as n", _rows(found, wanted), wanted.condition.sql)
    return int(
        ask(sql, _parameters(folder, found, wanted, numbers, wanted.start, wanted.end), **_scaling(wanted))["n"][0]
    )


def _portions(
    connection: sa.Connection, wanted: PageWanted, numbers: list[int]
) -> Iterator[tuple[list[int], int, int]]:
    """Parts of what is asked, one after another in the order of the page."""
    if not numbers:
        return
    if wanted.order == "series":
        if wanted.after is not None:
            first = wanted.after[0]
            numbers = [one for one in numbers if (one <= first if wanted.descending else one >= first)]
        numbers = numbers[::-1] if wanted.descending else numbers
        place, size = 0, _FIRST
        while place < len(numbers):
            yield numbers[place : place + size], wanted.start, wanted.end
            place, size = place + size, size * _GROWTH
    elif wanted.order == "start":
        start, end = wanted.start, wanted.end
        if wanted.after is not None:
            at = int(wanted.after[0])
            start, end = (start, min(end, at + 1)) if wanted.descending else (max(start, at), end)
        months = sorted({each.month for each in segments.manifest(connection, numbers, start, end)})
        for month in reversed(months) if wanted.descending else months:
            low, high = _month(month)
            yield numbers, max(start, low), min(end, high)
    else:
        yield numbers, wanted.start, wanted.end


def _month(month: int) -> tuple[int, int]:
    low = int(np.datetime64(f"{month // 100:04}-{month % 100:02}", "us").astype(np.int64))
    return low, segments.month_start(low + 32 * 86_400_000_000)


def _ask(
    connection: sa.Connection,
    folder: DataFolder,
    wanted: PageWanted,
    numbers: list[int],
    start: int,
    end: int,
    limit: int,
) -> Readings:
    numbers = sorted(numbers)
    found = segments.manifest(connection, numbers, start, end)
    if not found:
        return Readings.of({name: np.empty(0, np.int64) for name in COLUMNS})
    columns = _COLUMNS[wanted.order]
    way = "desc" if wanted.descending else "asc"
    behind, keys = "true", dict[str, Any]()
    if wanted.after is not None:
        sign = "<" if wanted.descending else ">"
        keys = {f"after{place}": one for place, one in enumerate(wanted.after)}
        behind = f"({', '.join(columns)}) {sign} ({', '.join(f'${name}' for name in keys)})"
    order = ", ".join(f"{column} {way}" for column in columns)
    sql = _select(", ".join(COLUMNS), _rows(found, wanted), f"({wanted.condition.sql}) and {behind}")
    sql = f"{sql} order by {order} limit {int(limit)}"
    return Readings.of(ask(sql, _parameters(folder, found, wanted, numbers, start, end) | keys, **_scaling(wanted)))


def _rows(found: Sequence[Segment], wanted: PageWanted) -> str:
    rows = "from read_parquet($files) where start >= $start and start < $end and series between $low and $high"
    if len(wanted.series) > 1:
        rows += " and series in (select unnest($series))"
    newest = f"select series, start, value, revision, source {rows}"
    if any(each.max_revision > 1 for each in found):
        newest = (
            "select series, start, arg_max(value, revision) as value, max(revision) as revision, "
            f"arg_max(source, revision) as source {rows} group by series, start"
        )
    if not _needs_scaling(wanted):
        return newest
    scaled = 'n.*, n.value * s.factor as result, n.start + s.length as "end"'
    return " ".join(("select", scaled, "from (", newest, ") n join scaling s on s.series = n.series"))


def _select(what: str, rows: str, condition: str) -> str:
    """A question to ``rows``. Only our own words are in it: what a reader sent are parameters."""
    return " ".join(("select", what, "from (", rows, ") r where", condition))


def _needs_scaling(wanted: PageWanted) -> bool:
    return wanted.order == "result" or "result" in wanted.condition.sql or '"end"' in wanted.condition.sql


def _scaling(wanted: PageWanted) -> dict[str, Any]:
    if not _needs_scaling(wanted):
        return {}
    import pyarrow as pa  # noqa: PLC0415

    columns = {
        "series": pa.array(list(wanted.factors), pa.int64()),
        "factor": pa.array(list(wanted.factors.values()), pa.float64()),
        "length": pa.array([wanted.intervals[one] for one in wanted.factors], pa.int64()),
    }
    return {"scaling": pa.table(columns)}


def _parameters(
    folder: DataFolder, found: Sequence[Segment], wanted: PageWanted, numbers: list[int], start: int, end: int
) -> dict[str, Any]:
    made = {
        "files": segments.local_names(folder, found),
        "start": start,
        "end": end,
        "low": numbers[0],
        "high": numbers[-1],
        **wanted.condition.parameters,
    }
    return made | ({"series": numbers} if len(wanted.series) > 1 else {})
