"""A page of readings in an order, behind a key: the thousandth page asks the segments no more than the first.

Segments are sorted by series and start. A page in that order opens the row groups of a few series, in the order of
time the segments of a few months; an order by value or by arrival looks at everything that the condition leaves.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
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

    ``scale`` gives the factor and the interval (µs) of a series, which make results and interval ends of stored rows.
    """

    series: Sequence[int]
    start: int
    end: int
    limit: int
    scale: Callable[[int], tuple[float, int]]
    order: Order = "series"
    descending: bool = False
    after: Sequence[float | int] | None = None
    skip: int = 0
    condition: Condition = Condition()


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
    sql = _select("count(*) as n", _rows(found, wanted, numbers), wanted.condition.sql)
    given = _parameters(folder, found, wanted, numbers, wanted.start, wanted.end)
    return int(ask(sql, given, **_scaling(wanted, numbers))["n"][0])


def _portions(
    connection: sa.Connection, wanted: PageWanted, numbers: list[int]
) -> Iterator[tuple[list[int], int, int]]:
    """Parts of what is asked, one after another in the order of the page."""
    if not numbers:
        return
    if wanted.order == "series":
        if wanted.after is not None:
            first = int(wanted.after[0])
            numbers = (
                numbers[: bisect_right(numbers, first)] if wanted.descending else numbers[bisect_left(numbers, first) :]
            )
        numbers = numbers[::-1] if wanted.descending else numbers
        yield from _months_of_first(connection, wanted, numbers[:1])
        place, size = 1, _FIRST
        while place < len(numbers):
            yield numbers[place : place + size], wanted.start, wanted.end
            place, size = place + size, size * _GROWTH
    elif wanted.order == "start":
        start, end = wanted.start, wanted.end
        if wanted.after is not None:
            at = int(wanted.after[0])
            start, end = (start, min(end, at + 1)) if wanted.descending else (max(start, at), end)
        for month in _months(connection, numbers, start, end, descending=wanted.descending):
            low, high = _month(month)
            yield numbers, max(start, low), min(end, high)
    else:
        yield numbers, wanted.start, wanted.end


def _months_of_first(
    connection: sa.Connection, wanted: PageWanted, first: list[int]
) -> Iterator[tuple[list[int], int, int]]:
    """The first series in the order of the page: one month, which mostly fills the page, then its other months."""
    start, end = wanted.start, wanted.end
    if first and wanted.after is not None and first[0] == wanted.after[0]:
        at = int(wanted.after[1])
        start, end = (start, min(end, at)) if wanted.descending else (max(start, at + 1), end)
    months = _months(connection, first, start, end, descending=wanted.descending)
    if not months:
        return
    low, high = _month(months[0])
    yield first, max(start, low), min(end, high)
    if len(months) > 1:
        yield (first, start, low) if wanted.descending else (first, high, end)


def _months(connection: sa.Connection, numbers: list[int], start: int, end: int, *, descending: bool) -> list[int]:
    """UTC months that may hold readings, in the order of the page."""
    return sorted({each.month for each in segments.manifest(connection, numbers, start, end)}, reverse=descending)


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
    sql = _select(", ".join(COLUMNS), _rows(found, wanted, numbers), f"({wanted.condition.sql}) and {behind}")
    sql = f"{sql} order by {order} limit {int(limit)}"
    given = _parameters(folder, found, wanted, numbers, start, end) | keys
    return Readings.of(ask(sql, given, **_scaling(wanted, numbers)))


def _in_a_row(numbers: Sequence[int]) -> bool:
    """Whether ascending numbers of series are all those between the first and the last."""
    return len(numbers) == numbers[-1] - numbers[0] + 1


def _rows(found: Sequence[Segment], wanted: PageWanted, numbers: Sequence[int]) -> str:
    rows = "from read_parquet($files) where start >= $start and start < $end and series between $low and $high"
    if not _in_a_row(numbers):
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


def _scaling(wanted: PageWanted, numbers: Sequence[int]) -> dict[str, Any]:
    if not _needs_scaling(wanted):
        return {}
    import pyarrow as pa  # noqa: PLC0415

    factors, intervals = zip(*map(wanted.scale, numbers), strict=True)
    columns = {
        "series": pa.array(numbers, pa.int64()),
        "factor": pa.array(factors, pa.float64()),
        "length": pa.array(intervals, pa.int64()),
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
    return made if _in_a_row(numbers) else made | {"series": numbers}
