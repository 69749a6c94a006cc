"""What meters counted, by meter, facility or region and by day, month or year: the house's question on many readings.

Newest revisions, without what was judged wrong, with the number of readings, of meters, and how complete it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa

from jasyl.quantities import Granularity, Period, instant, microseconds, period, period_of
from jasyl.registry.tables import facility
from jasyl.registry.tables import series as series_table
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from . import rollup_table, rollups
from .amounts import AMOUNTS, RATIO, RESOLUTION, rounded
from .asking import Stretch, ask_of_readings
from .civil_time import Calendar, calendar, offsets
from .engine import Columns, DuckDB, Engine
from .quality.verdict_table import verdicts
from .questions import CALENDAR, MEMBERS, by_group
from .series import SeriesDefinition

GroupedBy = Literal["series", "facility", "region"]
GROUPED_BY: tuple[GroupedBy, ...] = ("series", "facility", "region")
STEPS: tuple[Granularity, ...] = ("day", "month", "year")


@dataclass(frozen=True)
class AmountRow:
    """``value`` in the base unit of the quantity; ``completeness`` is readings over the intervals that all meters of
    the group have in the period, to 10^-6. A group without a reading in a period has no row.
    """

    group: str
    period: str
    value: Decimal
    unit: str
    count: int
    expected: int
    meters: int

    @property
    def completeness(self) -> Decimal:
        return rounded(Fraction(self.count, self.expected), RATIO)


@dataclass
class _Sum:
    value: Fraction = Fraction(0)
    count: int = 0
    meters: int = 0


def metered_amounts(
    connection: sa.Connection,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    quantity: str,
    span: Period,
    *,
    by: GroupedBy = "facility",
    step: Granularity = "month",
    sound: bool = True,
    engine: Engine | None = None,
) -> list[AmountRow]:
    """Amounts of ``quantity`` in ``span``, in the order of groups and periods.

    ``sound`` leaves out what was judged wrong. Periods are civil, of each series' zone, and no longer than ``span``.
    ``engine`` None is DuckDB. Raises Refusal ``unknown-quantity``.
    """
    if quantity not in AMOUNTS:
        raise Refusal("unknown-quantity", received=quantity[:60], expected=", ".join(AMOUNTS))
    mine = [each for each in definitions.values() if each.quantity == quantity]
    names = _groups(connection, mine, by)
    if STEPS.index(step) > STEPS.index(_longest(span)):
        step = _longest(span)
    sums: dict[tuple[str, str], _Sum] = {}
    due: dict[tuple[str, str], int] = {}
    for alike in _alike(mine):
        _add(connection, folder, engine or DuckDB(), alike, (names, span, step, sound), sums, due)
    return [
        AmountRow(
            group, period, rounded(found.value, RESOLUTION), AMOUNTS[quantity], found.count, due[group, period],
            found.meters,
        )
        for (group, period), found in sorted(sums.items())
    ]  # fmt: skip


def _longest(span: Period) -> Granularity:
    return "day" if span.granularity == "hour" else span.granularity


def _add(
    connection: sa.Connection,
    folder: DataFolder,
    engine: Engine,
    alike: Sequence[SeriesDefinition],
    asked: tuple[Mapping[int, str], Period, Granularity, bool],
    sums: dict[tuple[str, str], _Sum],
    due: dict[tuple[str, str], int],
) -> None:
    names, span, step, sound = asked
    one = alike[0]
    start, end = _bounds(span, one)
    days, which = calendar_table(start, end, step, one)
    numbers = sorted(each.number for each in alike)
    groups = sorted({names[number] for number in numbers})
    places = {name: place for place, name in enumerate(groups)}
    wrong = _wrong(connection, numbers, start, end) if sound else []
    members = {"series": numbers, "group": [places[names[number]] for number in numbers]}
    labels = [period_of(instant(int(each)), step, one.time_zone).name for each in which.bounds[:-1]]
    intervals = np.bincount(days["period"].to_numpy(), days["intervals"].to_numpy(), len(labels)).astype(np.int64)
    for number in numbers:
        for label, count in zip(labels, intervals.tolist(), strict=True):
            due[names[number], label] = due.get((names[number], label), 0) + count
    if one.meters:
        answer = _bridged(connection, folder, alike, (start, end), wrong, (members, which))
    else:
        answer = ask_of_readings(
            connection, folder, engine, by_group, alike, start, end, wrong=wrong,
            tables={MEMBERS: _arrow(members), CALENDAR: days},
        )  # fmt: skip
    if answer is None:
        return
    columns = (answer[name].tolist() for name in ("group", "period", "sum", "count", "meters"))
    for group, place, total, count, meters in zip(*columns, strict=True):
        held = sums.setdefault((groups[group], labels[place]), _Sum())
        held.value += total * one.amount_factor
        held.count += count
        held.meters += meters


def _bridged(
    connection: sa.Connection,
    folder: DataFolder,
    alike: Sequence[SeriesDefinition],
    span: tuple[int, int],
    wrong: Sequence[Stretch],
    grouping: tuple[Mapping[str, Sequence[int]], Calendar],
) -> Columns:
    """The same for series of whose meters something was recorded: roll-overs and changes of meter are bridged."""
    members, periods = grouping
    rows = rollup_table.steps_between(connection, folder, {each.number: each for each in alike}, *span)
    for number, low, high in wrong:
        rows = rows.take(~((rows.series == number) & (rows.start >= low) & (rows.start < high)))
    group = np.array(members["group"], np.int64)[np.searchsorted(members["series"], rows.series)]
    pairs = np.stack([group, periods.which(rows.start)], axis=1)
    found, which = np.unique(pairs, axis=0, return_inverse=True)
    total, meters = np.zeros(len(found), np.int64), np.zeros(len(found), np.int64)
    np.add.at(total, which, rows.sum)
    seen = np.unique(np.stack([which, rows.series], axis=1), axis=0)[:, 0]
    np.add.at(meters, seen, 1)
    count = np.bincount(which, minlength=len(found)).astype(np.int64)
    return {"group": found[:, 0], "period": found[:, 1], "sum": total, "count": count, "meters": meters}


def calendar_table(start: int, end: int, step: Granularity, series: SeriesDefinition) -> tuple[Any, Calendar]:
    """The civil days of [start, end) as a table (local day, number of its period, intervals), and the periods."""
    zone = series.time_zone
    days = calendar(start, end - 1, "day", zone)
    periods = calendar(start, end - 1, step, zone)
    begins = days.bounds[:-1]
    columns = {
        "day": begins + offsets(begins, zone),
        "period": periods.which(begins).astype(np.int64),
        "intervals": rollups.expected(days, series.interval, zone),
    }
    return _arrow(columns), periods


def _arrow(columns: Mapping[str, Any]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.table({name: np.asarray(values, np.int64) for name, values in columns.items()})


def _bounds(span: Period, series: SeriesDefinition) -> tuple[int, int]:
    """The period of the same name in the civil time of the series."""
    own = period(span.name, series.time_zone)
    return microseconds(own.start), microseconds(own.end)


def _alike(series: Sequence[SeriesDefinition]) -> list[list[SeriesDefinition]]:
    """Series of one grid and one factor to the base unit, whose integers may be added; recorded meters apart."""
    groups: dict[tuple[int, str, str, Fraction, bool], list[SeriesDefinition]] = {}
    for each in series:
        key = (each.interval, each.zone, each.kind, each.amount_factor, bool(each.meters))
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _groups(connection: sa.Connection, series: Sequence[SeriesDefinition], by: GroupedBy) -> dict[int, str]:
    """The name of each series' group: its own key, that of its facility, or the code of the region."""
    if by == "series":
        keys = {row[0]: row[1] for row in connection.execute(sa.select(series_table.c.number, series_table.c.key))}
        return {each.number: keys.get(each.number, each.id) for each in series}
    column = facility.c.key if by == "facility" else facility.c.region
    named = {row[0]: row[1] for row in connection.execute(sa.select(facility.c.id, column))}
    return {each.number: named.get(each.facility_id) or "—" for each in series}


def _wrong(connection: sa.Connection, numbers: Sequence[int], start: int, end: int) -> list[Stretch]:
    found = verdicts(connection, numbers, start, end)
    return sorted({(each.series, each.start, each.end) for each in found if each.verdict == "wrong"})
