"""Rollups kept in the database: refreshed where readings arrived, rebuilt from the segments at will.

Days, months and years stand in a table; hours are computed when asked for. Measured on 10^6 quarter-hour readings
(benchmarks/monitoring): 10 400 days with their months and years take about a second to compute and write, in the
transaction that marks the delivery as rolled up, and a page of 104 days reads in a millisecond; a Parquet file of
rollups would have to be replaced for every correction, and could not commit together with that mark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.quantities import Granularity
from jasyl.storage import Database, DataFolder, append_rows, segment_store

from . import rollups, segments, tables
from .asking import ask_of_readings
from .civil_time import calendar, offsets
from .dropped_spans import dropped_span, outside_dropped
from .engine import Columns, DuckDB, Engine, ask
from .questions import by_day
from .rollups import COLUMNS, Rollups
from .series import SeriesDefinition

LEVELS: tuple[Granularity, ...] = ("day", "month", "year")
# Series read at once: with quarter hours a month of 512 series is 1.5 million readings, some 60 MB.
CHUNK = 512
# Series asked about at once: an engine hands back days, not readings.
MOST = 20_000


@dataclass(frozen=True, order=True)
class TouchedPeriod:
    """A period of one series whose rollup was computed anew, in µs UTC."""

    series: int
    granularity: Granularity
    start: int
    end: int


def roll_up(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    engine: Engine | None = None,
) -> tuple[TouchedPeriod, ...]:
    """Bring the rollups up to date with every delivery they do not know yet; says which periods were computed anew.

    Only days in which a reading arrived or changed are read again; months come from days, years from months. One
    transaction: a crash leaves the delivery marked as unknown and the next call repeats it. ``engine`` adds up the
    days, DuckDB when None.
    """
    with database.writing() as connection:
        held = tables.reading_source
        pending = connection.execute(sa.select(held.c.number).where(held.c.rolled_up.is_(False))).scalars().all()
        if not pending:
            return ()
        touched = _refresh(connection, folder, definitions, _arrivals(connection, folder, pending), engine or DuckDB())
        connection.execute(sa.update(held).where(held.c.number.in_(pending)).values(rolled_up=True))
    return touched


def refresh(
    connection: sa.Connection,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    number: int,
    start: int,
    end: int,
) -> tuple[TouchedPeriod, ...]:
    """Compute the rollups of one series anew from the readings that begin in [start, end), in the caller's
    transaction: what it counts may change without a delivery (a meter's change was recorded)."""
    found = segments.read(connection, folder, [number], start, end)
    if not len(found):
        return ()
    return _refresh(connection, folder, definitions, {"series": found.series, "start": found.start}, DuckDB())


def rebuild(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    engine: Engine | None = None,
) -> tuple[TouchedPeriod, ...]:
    """Forget all rollups and compute them from the segments; those of spans whose readings were dropped stay."""
    with database.writing() as connection:
        held, span = tables.rollup, dropped_span
        overlaps = sa.and_(span.c.series == held.c.series, span.c.start < held.c.end, span.c.end > held.c.start)
        connection.execute(sa.delete(held).where(~sa.exists().where(overlaps)))
        connection.execute(sa.update(tables.reading_source).values(rolled_up=False))
    return roll_up(database, folder, definitions, engine)


def load(connection: sa.Connection, series: Sequence[int], granularity: Granularity, start: int, end: int) -> Rollups:
    """Kept rollups (day, month, year) of ``series`` that begin in [start, end)."""
    held = tables.rollup
    question = sa.select(*(held.c[name] for name in COLUMNS)).where(
        held.c.granularity == granularity, held.c.start >= start, held.c.start < end
    )
    parts: list[Rollups] = []
    for some in _chunks({int(number) for number in series}):
        rows = connection.execute(question.where(held.c.series.in_(some))).all()
        columns = np.array([tuple(row) for row in rows], np.int64).reshape(-1, len(COLUMNS)).T
        parts.append(Rollups(*(np.ascontiguousarray(column) for column in columns)))
    return rollups.concatenate(parts)


def hourly(connection: sa.Connection, folder: DataFolder, series: SeriesDefinition, start: int, end: int) -> Rollups:
    """Hours of one series that begin in [start, end), computed from its readings (a month in some 10 ms)."""
    rows = steps_between(connection, folder, {series.number: series}, start, end)
    return rollups.roll(rows, "hour", series)


def _arrivals(connection: sa.Connection, folder: DataFolder, pending: Sequence[int]) -> Columns:
    """The first and last start of the pending deliveries for each series and UTC day.

    A UTC day meets two civil days, so the days of its first and last reading are the days in which readings lie.
    """
    held = tables.segment
    question = sa.select(held.c.file, held.c.sha256).where(
        held.c.superseded_at.is_(None), held.c.max_source >= min(pending)
    )
    files = [(row.file, row.sha256) for row in connection.execute(question)]
    names = [str(path) for path in segment_store(folder).paths(files)]
    return ask(
        "select series::bigint as series, unnest([min(start), max(start)]) as start from read_parquet($files)"
        " where source in (select unnest($pending)) group by series, start // 86400000000",
        {"files": names, "pending": list(pending)},
    )


def _refresh(
    connection: sa.Connection,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    arrivals: Columns,
    engine: Engine,
) -> tuple[TouchedPeriod, ...]:
    touched: list[TouchedPeriod] = []
    for grid in _grids(definitions, arrivals["series"]):
        series = next(iter(grid.values()))
        mine = np.isin(arrivals["series"], list(grid))
        number, start = arrivals["series"][mine], arrivals["start"][mine]
        if series.kind == "counter":
            # A register also ends the step before it.
            number, start = np.r_[number, number], np.r_[start, start - 1]
        changed = outside_dropped(connection, _distinct(number, start, "day", series))
        if not changed:
            continue
        for level in LEVELS:
            if level == "day":
                fresh = [_days(connection, folder, engine, grid, some) for some in portions(changed, MOST)]
            else:
                fresh = [_matching(_finer(connection, level, some), level, series, some) for some in portions(changed)]
            _replace(connection, level, changed, rollups.concatenate(fresh))
            touched.extend(TouchedPeriod(each[0], level, each[1], each[2]) for each in changed)
            if level != "year":
                number, start = np.array(changed, np.int64).reshape(-1, 3).T[:2]
                changed = _distinct(number, start, LEVELS[LEVELS.index(level) + 1], series)
    return tuple(sorted(touched))


def _grids(
    definitions: Mapping[int, SeriesDefinition], numbers: NDArray[np.int64]
) -> Iterable[dict[int, SeriesDefinition]]:
    """The series of ``numbers`` by interval, zone and kind: what is computed in one go."""
    groups: dict[tuple[int, str, str], dict[int, SeriesDefinition]] = {}
    for number in np.unique(numbers).tolist():
        series = definitions[number]
        groups.setdefault((series.interval, series.zone, series.kind), {})[number] = series
    return groups.values()


def _distinct(
    number: NDArray[np.int64], start: NDArray[np.int64], level: Granularity, series: SeriesDefinition
) -> list[tuple[int, int, int]]:
    """(series, start, end) of the periods in which the instants lie, each once."""
    periods = calendar(int(start.min()), int(start.max()), level, series.time_zone)
    pairs = np.unique(np.stack([number, periods.which(start)], axis=1), axis=0)
    return [(int(each), int(periods.bounds[at]), int(periods.bounds[at + 1])) for each, at in pairs.tolist()]


def portions(changed: Sequence[tuple[int, int, int]], most: int = CHUNK) -> Iterator[list[tuple[int, int, int]]]:
    """Changed periods by the month in which they begin and some hundred series, so that little is read at once."""
    by_month: dict[int, list[tuple[int, int, int]]] = {}
    for each in changed:
        by_month.setdefault(segments.month_start(each[1]), []).append(each)
    for each in by_month.values():
        for some in _chunks({number for number, _, _ in each}, most):
            yield [period for period in each if some[0] <= period[0] <= some[-1]]


def _chunks(numbers: set[int], most: int = CHUNK) -> list[list[int]]:
    ordered = sorted(numbers)
    return [ordered[place : place + most] for place in range(0, len(ordered), most)]


def _days(
    connection: sa.Connection,
    folder: DataFolder,
    engine: Engine,
    grid: Mapping[int, SeriesDefinition],
    changed: list[tuple[int, int, int]],
) -> Rollups:
    """The changed civil days, added up by the engine; here where the protocols of changed meters bridge registers."""
    alike = [grid[number] for number in sorted({number for number, _, _ in changed})]
    series = alike[0]
    start, end = min(each[1] for each in changed), max(each[2] for each in changed)
    # What was recorded of meters is bridged by `registers`; such series are few and need no engine.
    mounted = {each.number: each for each in alike if each.meters}
    if mounted:
        rows = steps_between(connection, folder, mounted, start, end)
        apart = _matching(rows, "day", series, changed)
        rest = {number: each for number, each in grid.items() if number not in mounted}
        others = [each for each in changed if each[0] not in mounted]
        return rollups.concatenate([apart, _days(connection, folder, engine, rest, others)] if others else [apart])
    answer = ask_of_readings(connection, folder, engine, by_day, alike, start, end)
    if answer is None or not len(answer["day"]):
        return rollups.concatenate([])
    periods = calendar(start, end - 1, "day", series.time_zone)
    begins = periods.bounds[:-1]
    midnights = begins + offsets(begins, series.time_zone)
    # The step of a register behind the end lies in a day that nobody asked for.
    inside = np.isin(answer["day"], midnights)
    answer = {name: column[inside] for name, column in answer.items()}
    at = np.searchsorted(midnights, answer["day"])
    expected = rollups.expected(periods, series.interval, series.time_zone)
    of_period = {"start": begins[at], "end": periods.bounds[at + 1], "expected": expected[at]}
    days = Rollups(*(of_period[name] if name in of_period else answer[name] for name in COLUMNS))
    return _wanted(days, changed)


def _finer(connection: sa.Connection, level: Granularity, changed: list[tuple[int, int, int]]) -> Rollups:
    """What the changed months and years are made of: days and months."""
    numbers = sorted({number for number, _, _ in changed})
    start, end = min(each[1] for each in changed), max(each[2] for each in changed)
    return load(connection, numbers, LEVELS[LEVELS.index(level) - 1], start, end)


def steps_between(
    connection: sa.Connection, folder: DataFolder, grid: Mapping[int, SeriesDefinition], start: int, end: int
) -> Rollups:
    """One row an interval of series of one interval, zone and kind, for those that begin in [start, end)."""
    series = next(iter(grid.values()))
    # A counter's last step needs the register behind the end; 3 h more than an interval cover a clock change.
    beyond = series.interval + 3 * 3_600_000_000 if series.kind == "counter" else 0
    meters = {number: each.meters for number, each in grid.items() if each.meters}
    rows = rollups.steps(segments.read(connection, folder, list(grid), start, end + beyond), series, meters)
    return rows.take(rows.start < end)


def _matching(
    rows: Rollups, level: Granularity, series: SeriesDefinition, changed: list[tuple[int, int, int]]
) -> Rollups:
    return _wanted(rollups.roll(rows, level, series), changed)


def _wanted(rows: Rollups, changed: list[tuple[int, int, int]]) -> Rollups:
    """The rows of changed periods: reading by the month brings others along."""
    pairs = np.array(changed, np.int64).reshape(-1, 3)[:, :2]
    starts = np.unique(pairs[:, 1])
    known = pairs[:, 0] * len(starts) + np.searchsorted(starts, pairs[:, 1])
    place = np.minimum(np.searchsorted(starts, rows.start), len(starts) - 1)
    asked = (starts[place] == rows.start) & np.isin(rows.series * len(starts) + place, known)
    return rows.take(asked)


def _replace(
    connection: sa.Connection, level: Granularity, changed: list[tuple[int, int, int]], fresh: Rollups
) -> None:
    held = tables.rollup
    gone = sa.delete(held).where(
        held.c.series == sa.bindparam("of"), held.c.granularity == level, held.c.start == sa.bindparam("at")
    )
    connection.execute(gone, [{"of": number, "at": start} for number, start, _ in changed])
    columns = (getattr(fresh, name).tolist() for name in COLUMNS)
    rows = ((level, *values) for values in zip(*columns, strict=True))
    append_rows(connection, held, ("granularity", *COLUMNS), rows)
