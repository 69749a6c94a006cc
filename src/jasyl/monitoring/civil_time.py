"""Civil time over arrays: offsets, days and alignment of many instants at once."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from jasyl.quantities import UTC, Granularity, Period, instant, microseconds, period_of

Int = NDArray[np.int64]
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR


@dataclass(frozen=True)
class Calendar:
    """Periods of one granularity that cover a stretch of time: ``bounds`` has one more entry than there are periods."""

    granularity: Granularity
    bounds: Int

    def which(self, starts: Int) -> NDArray[np.intp]:
        """For each instant the position of its period."""
        return np.searchsorted(self.bounds, starts, side="right") - 1


def calendar(first: int, last: int, granularity: Granularity, zone: ZoneInfo) -> Calendar:
    """The periods of ``zone`` from the one that holds ``first`` to the one that holds ``last`` (both µs UTC).

    Hours are counted on, so that a repeated hour is two: the name of an hour cannot tell them apart.
    """
    if granularity == "hour":
        begin = first - (first + _offset(first, zone)) % HOUR
        return Calendar(granularity, np.arange(begin, last + HOUR + 1, HOUR, dtype=np.int64))
    bounds = [microseconds(_period(first, granularity, zone).start)]
    while bounds[-1] <= last:
        bounds.append(microseconds(_period(bounds[-1], granularity, zone).end))
    return Calendar(granularity, np.array(bounds, np.int64))


@lru_cache(maxsize=65_536)
def _period(moment: int, granularity: Granularity, zone: ZoneInfo) -> Period:
    return period_of(instant(moment), granularity, zone)


def offsets(starts: Int, zone: ZoneInfo) -> Int:
    """The UTC offset of ``zone`` at each instant, in µs (UTC+5 is +18 000 000 000)."""
    if not len(starts):
        return np.empty(0, np.int64)
    changes = _changes(int(starts.min()) // DAY, int(starts.max()) // DAY + 1, zone)
    if len(changes) == 1:
        return np.full(len(starts), changes[0][1], np.int64)
    since = np.array([moment for moment, _ in changes], np.int64)
    values = np.array([offset for _, offset in changes], np.int64)
    return values[np.searchsorted(since, starts, side="right") - 1]


def offset_changes(start: int, end: int, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """(since, offset) for each offset of ``zone`` that is in force in [start, end], µs; the first one from before."""
    return _changes(start // DAY, end // DAY + 1, zone)


@lru_cache(maxsize=256)
def _changes(first_day: int, last_day: int, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Instants at which the offset changes, each with the offset from there on; days are compared, then halved."""
    found = [(first_day * DAY, _offset(first_day * DAY, zone))]
    for day in range(first_day, last_day):
        low, high = day * DAY, (day + 1) * DAY
        following = _offset(high, zone)
        if following != found[-1][1]:
            while high - low > SECOND:
                middle = (low + high) // 2 // SECOND * SECOND
                low, high = (low, middle) if _offset(middle, zone) == following else (middle, high)
            found.append((high, following))
    return tuple(found)


def _offset(moment: int, zone: ZoneInfo) -> int:
    shift = instant(moment).astimezone(zone).utcoffset()
    assert shift is not None
    return shift // dt.timedelta(microseconds=1)


def aligned(starts: Int, interval: int, zone: ZoneInfo) -> NDArray[np.bool_]:
    """Whether each instant lies on the grid of ``interval`` (µs) counted from local midnight."""
    return (starts + offsets(starts, zone)) % interval == 0


def interval_end(start: int, interval: int, zone: ZoneInfo) -> int:
    """End of the interval that begins at ``start``; a daily interval ends at the next local midnight."""
    if interval < DAY:
        return start + interval
    return microseconds(_period(start, "day", zone).end)


def instants_of(local: dt.datetime, zone: dt.tzinfo) -> tuple[int, ...]:
    """The instants (µs UTC, ascending) at which the clocks of ``zone`` read ``local``.

    One as a rule; two in an hour that is repeated (Almaty, 2024-02-29 23:00–24:00); none in one that is skipped.
    """
    found: set[int] = set()
    for fold in (0, 1):
        moment = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0):
            found.add(microseconds(moment))
    return tuple(sorted(found))
