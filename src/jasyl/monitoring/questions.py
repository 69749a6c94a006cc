"""The house's questions on readings as Ibis expressions: one body, compiled for whichever engine answers.

Newest revision → steps of counters → what is not judged wrong → civil days → groups of meters by day, month or year.
Everything is an integer of the stored scale, so that engines agree to the unit, not to a tolerance. Civil time is
arithmetic on the instants at which the clocks of a zone change: no engine's own time zones are asked.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jasyl.quantities import UTC, instant, microseconds

from .civil_time import DAY, offset_changes
from .series import SeriesDefinition

# A register's last step needs the one behind the end; 3 h more than an interval cover a clock change.
BEYOND = 3 * 3_600_000_000
# The inputs of a question by name: files of readings, and small tables that come with it.
SETTLED, REVISED, WRONG, MEMBERS, CALENDAR = "settled", "revised", "wrong", "members", "calendar"
# An Ibis table. Which columns it has, and of what type, is known only at run time.
Table = Any


@dataclass(frozen=True)
class Grid:
    """How readings are to be understood: interval, clock changes (since, offset) of the zone, whether registers.

    ``settled`` and ``revised`` say which files there are: those of months without a correction skip the
    newest-revision step. ``wrong``: stretches judged wrong are left out. Which series and which stretch of time are
    meant is said beside it (:class:`jasyl.monitoring.engine.Files`): compiling takes 40 ms, and so a grid's question
    is compiled once.
    """

    interval: int
    changes: tuple[tuple[int, int], ...]
    counter: bool = False
    settled: bool = True
    revised: bool = False
    wrong: bool = False


def grid_of(one: SeriesDefinition, start: int, end: int) -> Grid:
    """The grid of a series in [start, end) µs UTC."""
    # Whole years around, so that questions about neighbouring days are the same question.
    years = instant(start).year - 1, instant(end).year + 1
    first, last = (microseconds(dt.datetime(year, 7, 1, tzinfo=UTC)) for year in years)
    return Grid(one.interval, offset_changes(first, last, one.time_zone), one.kind == "counter")


def reach(one: SeriesDefinition, end: int) -> int:
    """Up to where readings are needed for the steps that begin before ``end``."""
    return end + (one.interval + BEYOND if one.kind == "counter" else 0)


def newest(grid: Grid) -> Table:
    """The newest revision of each interval: (series, start, value, revision, source).

    Corrections are few: what they replace is taken out of the first revisions by an anti-join with them, which costs
    a look at each reading instead of a group for each.
    """
    parts: list[Table] = []
    if grid.settled:
        parts.append(_readings(SETTLED))
    if grid.revised:
        every = _readings(REVISED)
        later = every.filter(every.revision > 1)
        last = later.group_by("series", "start").agg(
            value=later.value.argmax(later.revision),
            source=later.source.argmax(later.revision),
            revision=later.revision.max(),
        )
        first = every.filter(every.revision <= 1)
        parts.append(first.anti_join(last, ["series", "start"]))
        parts.append(last.select("series", "start", "value", "revision", "source"))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.union(part)
    return whole


def sound(each: Table, grid: Grid) -> Table:
    """Steps without those that begin under a verdict *wrong*."""
    if not grid.wrong:
        return each
    import ibis  # noqa: PLC0415

    wrong = ibis.table({"series": "int64", "low": "int64", "high": "int64"}, name=WRONG)
    return each.anti_join(wrong, [each.series == wrong.series, each.start >= wrong.low, each.start < wrong.high])


def steps(readings: Table, grid: Grid) -> Table:
    """What each interval amounts to; a register becomes the step to the one that follows it.

    A step is missing where the following register is missing or lower: a roll-over is not guessed.
    """
    if not grid.counter:
        return readings
    import ibis  # noqa: PLC0415

    following = ibis.window(group_by=readings.series, order_by=readings.start)
    seen = readings.mutate(
        next_start=readings.start.lead().over(following),
        next_value=readings.value.lead().over(following),
        next_revision=readings.revision.lead().over(following),
        next_source=readings.source.lead().over(following),
    )
    gap = _local(seen.next_start, grid) - _local(seen.start, grid) if grid.interval >= DAY else (
        seen.next_start - seen.start
    )  # fmt: skip
    kept = seen.filter(gap == grid.interval, seen.next_value >= seen.value)
    return kept.select(
        kept.series,
        kept.start,
        value=kept.next_value - kept.value,
        revision=ibis.greatest(kept.revision, kept.next_revision),
        source=ibis.greatest(kept.source, kept.next_source),
    )


def by_day(grid: Grid) -> Table:
    """Civil days of each series: (series, day, sum, min, max, count, revision, source); ``day`` is local time in µs."""
    each = sound(steps(newest(grid), grid), grid)
    local = _local(each.start, grid)
    each = each.mutate(day=local - local % DAY)
    return each.group_by("series", "day").agg(
        sum=each.value.sum(),
        min=each.value.min(),
        max=each.value.max(),
        count=each.count(),
        revision=each.revision.max(),
        source=each.source.max(),
    )


def by_group(grid: Grid) -> Table:
    """Groups of series by period: (group, period, sum, count, meters, expected).

    ``members`` says which series belong to which group, ``calendar`` in which period each local day lies and how many
    intervals it has. ``meters`` are those with a reading; ``expected`` counts the intervals of all members, read or
    not, so that ``count / expected`` is the completeness. A group without a reading in a period has no row.
    """
    import ibis  # noqa: PLC0415

    days = by_day(grid)
    members = ibis.table({"series": "int64", "group": "int64"}, name=MEMBERS)
    calendar: Table = ibis.table({"day": "int64", "period": "int64", "intervals": "int64"}, name=CALENDAR)
    placed = days.join(members, days.series == members.series).join(calendar, days.day == calendar.day)
    totals = placed.group_by("group", "period").agg(
        sum=placed["sum"].sum(), count=placed["count"].sum(), meters=placed.series.nunique()
    )
    spans = calendar.group_by("period").agg(intervals=calendar.intervals.sum())
    sizes = members.group_by("group").agg(of=members.count())
    whole = totals.join(spans, "period").join(sizes, "group")
    return whole.select("group", "period", "sum", "count", "meters", expected=whole.intervals * whole.of)


@lru_cache(maxsize=256)
def compiled(question: Callable[[Grid], Table], grid: Grid, dialect: str) -> str:
    """The question as SQL of an engine (``duckdb``, ``pyspark``), columns as 64-bit integers."""
    import ibis  # noqa: PLC0415

    expression = question(grid)
    return str(ibis.to_sql(expression.cast(dict.fromkeys(expression.columns, "int64")), dialect=dialect))


def _readings(name: str) -> Table:
    import ibis  # noqa: PLC0415

    columns = {"series": "int32", "start": "int64", "value": "int64", "revision": "int32", "source": "int32"}
    return ibis.table(columns, name=name)


def _local(start: Any, grid: Grid) -> Any:
    """Civil time in µs of instants in µs UTC, by the clock changes of the grid."""
    import ibis  # noqa: PLC0415

    changes = grid.changes
    first = ibis.literal(changes[0][1], "int64")
    if len(changes) == 1:
        return start + first
    later = [(start >= since, ibis.literal(offset, "int64")) for since, offset in reversed(changes[1:])]
    return start + ibis.cases(*later, else_=first)
