"""The house's questions on readings as Ibis expressions: one body, compiled for whichever engine answers.

Newest revision → steps of counters → what is not judged wrong → civil days → groups of meters by day, month or year.
Everything is an integer of the stored scale, so that engines agree to the unit, not to a tolerance. Civil time is
arithmetic on the instants at which the clocks of a zone change: no engine's own time zones are asked.
"""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from .civil_time import DAY, offset_changes
from .series import SeriesDefinition

# An Ibis table. Which columns it has, and of what type, is known only at run time.
Table = Any
# A register's last step needs the one behind the end; 3 h more than an interval cover a clock change.
BEYOND = 3 * 3_600_000_000
# The inputs of a question by name: files of readings, and small tables that come with it.
SETTLED, REVISED, WANTED, WRONG, MEMBERS, CALENDAR = "settled", "revised", "wanted", "wrong", "members", "calendar"
# Up to so many series are named in the question itself, more come as a table.
LISTED = 64


@dataclass(frozen=True)
class Grid:
    """What is asked in one go: series of one interval, zone and kind, in [start, end) µs UTC.

    ``series`` (ascending) None means all that the files hold. ``settled`` and ``revised`` say which files there are:
    those of months without a correction skip the newest-revision step. ``wrong``: stretches judged wrong are left out.
    """

    interval: int
    zone: str
    counter: bool
    start: int
    end: int
    series: tuple[int, ...] | None = None
    settled: bool = True
    revised: bool = False
    wrong: bool = False

    @property
    def wants_table(self) -> bool:
        """Whether the series come as the table WANTED."""
        many = self.series is not None and len(self.series) > LISTED
        return many and not self._in_a_row

    @property
    def _in_a_row(self) -> bool:
        return self.series is not None and len(self.series) == self.series[-1] - self.series[0] + 1

    def within(self, readings: Table) -> Table:
        """The readings that the question is about."""
        kept = readings.filter(readings.start >= self.start, readings.start < self.reach)
        if self.series is None:
            return kept
        kept = kept.filter(kept.series >= self.series[0], kept.series <= self.series[-1])
        if self._in_a_row:
            return kept
        if self.wants_table:
            import ibis  # noqa: PLC0415

            return kept.semi_join(ibis.table({"series": "int64"}, name=WANTED), "series")
        return kept.filter(kept.series.isin(self.series))

    @property
    def reach(self) -> int:
        """Up to where readings are needed."""
        return self.end + (self.interval + BEYOND if self.counter else 0)


def grid_of(one: SeriesDefinition, start: int, end: int, series: tuple[int, ...]) -> Grid:
    """The question about ``series`` that are measured as ``one`` of them is."""
    return Grid(one.interval, one.zone, one.kind == "counter", start, end, series)


def newest(grid: Grid) -> Table:
    """The newest revision of each interval: (series, start, value, revision, source).

    Corrections are few: what they replace is taken out of the first revisions by an anti-join with them, which costs
    a look at each reading instead of a group for each.
    """
    parts: list[Table] = []
    if grid.settled:
        parts.append(grid.within(_readings(SETTLED)))
    if grid.revised:
        every = grid.within(_readings(REVISED))
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
    kept = seen.filter(gap == grid.interval, seen.next_value >= seen.value, seen.start < grid.end)
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


def compiled(expression: Table, dialect: str) -> str:
    """The expression as SQL of an engine (``duckdb``, ``pyspark``), columns as 64-bit integers."""
    import ibis  # noqa: PLC0415

    return str(ibis.to_sql(expression.cast(dict.fromkeys(expression.columns, "int64")), dialect=dialect))


def _readings(name: str) -> Table:
    import ibis  # noqa: PLC0415

    columns = {"series": "int32", "start": "int64", "value": "int64", "revision": "int32", "source": "int32"}
    return ibis.table(columns, name=name)


def _local(start: Any, grid: Grid) -> Any:
    """Civil time in µs of instants in µs UTC, by the clock changes that lie in the grid's stretch."""
    import ibis  # noqa: PLC0415

    changes = offset_changes(grid.start, grid.reach, ZoneInfo(grid.zone))
    first = ibis.literal(changes[0][1], "int64")
    if len(changes) == 1:
        return start + first
    later = [(start >= since, ibis.literal(offset, "int64")) for since, offset in reversed(changes[1:])]
    return start + ibis.cases(*later, else_=first)
