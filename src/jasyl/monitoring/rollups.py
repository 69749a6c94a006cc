"""Rollups as arithmetic: readings → hours → civil days → months → years, exact and independent of the path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from jasyl.quantities import Granularity
from jasyl.texts import Refusal

from . import registers
from .civil_time import DAY, Calendar, calendar, offsets
from .registers import Mounting
from .segments import Readings
from .series import SeriesDefinition

Int = NDArray[np.int64]


@dataclass(frozen=True)
class Rollups:
    """Columns of one granularity, one row for each series and period that has a reading, sorted by both.

    ``sum``, ``min`` and ``max`` are over the stored integers (10^-scale of the series' unit; for a counter over its
    steps), ``count`` how many, ``expected`` how many the period has, ``revision`` and ``source`` the highest seen.
    A period without a reading has no row: missing is null, never zero.
    """

    series: Int
    start: Int
    end: Int
    sum: Int
    min: Int
    max: Int
    count: Int
    expected: Int
    revision: Int
    source: Int

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Rollups":
        """The rows picked by a mask or by positions."""
        return Rollups(*(getattr(self, name)[rows] for name in COLUMNS))

    @property
    def completeness(self) -> NDArray[np.float64]:
        """Share of the expected intervals that have a reading."""
        return self.count / self.expected


COLUMNS = tuple(field.name for field in fields(Rollups))


def steps(
    readings: Readings, series: SeriesDefinition, meters: Mapping[int, Sequence[Mounting]] | None = None
) -> Rollups:
    """One row an interval, from the newest revisions sorted by series and start; all of the same grid and kind.

    A counter becomes the step to the register one interval later. A step is missing where the following register is
    missing, and where the register fell, unless ``meters`` (by number of the series; None: those of ``series``) tell of
    a roll-over or a change of meter: these are never guessed.
    """
    start, value, revision, source = readings.start, readings.value, readings.revision, readings.source
    number = readings.series
    if series.kind == "counter":
        local = start + offsets(start, series.time_zone) if series.interval >= DAY else start
        follows = (number[1:] == number[:-1]) & (local[1:] - local[:-1] == series.interval)
        rows, value = _counted(readings, follows, {series.number: series.meters} if meters is None else meters)
        revision = np.maximum(revision[rows], revision[rows + 1])
        source = np.maximum(source[rows], source[rows + 1])
        number, start = number[rows], start[rows]
    ones = np.ones(len(start), np.int64)
    return Rollups(number, start, start + series.interval, value, value, value, ones, ones, revision, source)


def _counted(
    readings: Readings, follows: NDArray[np.bool_], meters: Mapping[int, Sequence[Mounting]]
) -> tuple[Int, Int]:
    """Positions of the registers whose next one is known, and the amounts between; series with known meters apart."""
    rows, amounts = registers.steps(readings.start, readings.value, follows)
    known = [number for number, mounted in meters.items() if mounted]
    if not known:
        return rows, amounts
    kept = ~np.isin(readings.series[rows], known)
    parts = [(rows[kept], amounts[kept])]
    for number in known:
        first, end = np.searchsorted(readings.series, [number, number + 1]).tolist()
        if end - first > 1:
            mine = slice(first, end)
            at, amount = registers.steps(
                readings.start[mine], readings.value[mine], follows[first : end - 1], meters[number]
            )
            parts.append((at + first, amount))
    rows, amounts = np.concatenate([at for at, _ in parts]), np.concatenate([amount for _, amount in parts])
    order = np.argsort(rows, kind="stable")
    return rows[order], amounts[order]


def roll(rows: Rollups, granularity: Granularity, series: SeriesDefinition) -> Rollups:
    """``rows`` of a finer granularity gathered by period of the series' civil time.

    Rolling days that were rolled from readings gives what rolling the readings gives, to the unit. Raises Refusal
    ``sum-too-large`` rather than letting 64 bits run over.
    """
    if not len(rows):
        return rows
    periods = calendar(int(rows.start.min()), int(rows.start.max()), granularity, series.time_zone)
    which = periods.which(rows.start)
    first = np.flatnonzero(np.r_[True, (which[1:] != which[:-1]) | (rows.series[1:] != rows.series[:-1])])
    if np.any(np.add.reduceat(np.abs(rows.sum.astype(np.float64)), first) > 2.0**62):
        raise Refusal("sum-too-large", received=series.id)
    at = which[first]
    return Rollups(
        rows.series[first],
        periods.bounds[at],
        periods.bounds[at + 1],
        np.add.reduceat(rows.sum, first),
        np.minimum.reduceat(rows.min, first),
        np.maximum.reduceat(rows.max, first),
        np.add.reduceat(rows.count, first),
        expected(periods, series.interval, series.time_zone)[at],
        np.maximum.reduceat(rows.revision, first),
        np.maximum.reduceat(rows.source, first),
    )


def expected(periods: Calendar, interval: int, zone: ZoneInfo) -> Int:
    """How many intervals each period has: 25 hours on 2024-02-29 in Almaty; daily series have one a civil day."""
    bounds = periods.bounds
    if interval >= DAY:
        bounds = bounds + offsets(bounds, zone)
    # An interval longer than the period (a day among hours) is expected in the period in which it begins.
    return np.maximum(np.diff(bounds) // interval, 1)


def concatenate(parts: list[Rollups]) -> Rollups:
    """Parts under one another, sorted by series and start."""
    if not parts:
        return Rollups(*(np.empty(0, np.int64) for _ in COLUMNS))
    whole = Rollups(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))
    return whole.take(np.lexsort((whole.start, whole.series)))
