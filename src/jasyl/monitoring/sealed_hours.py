"""Amounts and means of whole hours and days that are sealed: what comparisons with weather and ratios rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.figures import Reference
from jasyl.quantities import Period, instant, microseconds
from jasyl.storage import DataFolder

from . import rollup_table
from .dropped_spans import require_kept
from .seals import SealedDay, sealed_days
from .series import SeriesDefinition

Floats = NDArray[np.float64]
Int = NDArray[np.int64]
HOUR = 3_600_000_000


@dataclass(frozen=True, eq=False)
class Steps:
    """Values on every step of a regular grid from ``start`` (µs UTC), NaN where a reading is missing or not sealed.

    ``inputs`` are the sealed days the values come from.
    """

    start: Int
    value: Floats
    inputs: tuple[Reference, ...]


def hourly_amounts(
    connection: sa.Connection,
    folder: DataFolder,
    series: Sequence[SeriesDefinition],
    grid: Int,
    step: int,
    *,
    mean: bool = False,
) -> Steps:
    """What all ``series`` counted together in each step of ``grid`` (starts, µs UTC, ``step`` long; whole hours).

    In the unit of their amounts (Wh for W); with ``mean`` the mean in their base unit instead (W/m²). A step counts
    where every hour of it has every reading of every series and lies in a sealed day.
    """
    total = np.zeros(len(grid))
    inputs: list[Reference] = []
    begin, end = int(grid[0]), int(grid[-1]) + step
    for each in series:
        days = _days_in_force(connection, each, begin, end)
        inputs += [Reference("sealed_day", day.record_id, day.record_id) for day in days]
        total += _steps_of(connection, folder, each, days, grid, step, mean=mean)
    return Steps(grid, total, tuple(inputs))


def _steps_of(
    connection: sa.Connection,
    folder: DataFolder,
    series: SeriesDefinition,
    days: Sequence[SealedDay],
    grid: Int,
    step: int,
    *,
    mean: bool,
) -> Floats:
    found = np.full(len(grid), np.nan)
    if series.interval > HOUR or not days:
        return found  # a daily register says nothing of hours
    require_kept(connection, series.number, int(grid[0]), int(grid[-1]) + step)
    rows = rollup_table.hourly(connection, folder, series, int(grid[0]), int(grid[-1]) + step)
    whole = (rows.count == rows.expected) & _within(rows.start, days)
    place = (rows.start[whole] - grid[0]) // step
    hours = np.bincount(place, minlength=len(grid))
    factor = series.interval / HOUR / 10**series.scale if mean else float(series.amount_factor)
    sums = np.bincount(place, weights=rows.sum[whole] * factor, minlength=len(grid))
    full = hours == step // HOUR
    found[full] = sums[full] / (step // HOUR if mean else 1)
    return found


def daily_amounts(
    connection: sa.Connection, series: Sequence[SeriesDefinition], span: Period
) -> tuple[dict[str, float], tuple[Reference, ...]]:
    """What all ``series`` counted on each civil day (``2026-07-03``) on which all of them are whole and sealed."""
    days: dict[str, list[float]] = {}
    inputs: list[Reference] = []
    for each in series:
        start, end = microseconds(span.start), microseconds(span.end)
        sealed = {day.start: day for day in _days_in_force(connection, each, start, end)}
        rows = rollup_table.load(connection, [each.number], "day", start, end)
        for at, amount, count, expected in zip(
            rows.start.tolist(), rows.sum.tolist(), rows.count.tolist(), rows.expected.tolist(), strict=True
        ):
            if count == expected and at in sealed:
                name = instant(at).astimezone(each.time_zone).date().isoformat()
                days.setdefault(name, []).append(float(amount * each.amount_factor))
                inputs.append(Reference("sealed_day", sealed[at].record_id, sealed[at].record_id))
    return {name: sum(parts) for name, parts in days.items() if len(parts) == len(series)}, tuple(inputs)


def _days_in_force(connection: sa.Connection, series: SeriesDefinition, start: int, end: int) -> list[SealedDay]:
    """Sealed days that overlap [start, end) and cover all that arrived of them."""
    arrived = rollup_table.load(connection, [series.number], "day", start - 24 * HOUR, end)
    newest = dict(zip(arrived.start.tolist(), arrived.source.tolist(), strict=True))
    days = sealed_days(connection, [series.number], start - 24 * HOUR, end)
    return [day for day in days if day.end > start and day.source >= newest.get(day.start, 0) and day.count]


def _within(start: Int, days: Sequence[SealedDay]) -> NDArray[np.bool_]:
    begins = np.array([day.start for day in days], np.int64)
    ends = np.array([day.end for day in days], np.int64)
    order = np.argsort(begins)
    place = np.searchsorted(begins[order], start, side="right") - 1
    return (place >= 0) & (start < ends[order][np.maximum(place, 0)])
