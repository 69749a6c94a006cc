"""Stamps of files as µs UTC, and where each hour of an axis stands: in which file, at which place."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal, Where

HOUR = 3_600_000_000
SINCE = re.compile(
    r"^(days?|hours?|minutes?|seconds?|microseconds?)\s+since\s+(\d{1,4}-\d{1,2}-\d{1,2})(?:[ t]([\d:.]+))?(.*)$"
)
MICROSECONDS = {"day": 24 * HOUR, "hour": HOUR, "minute": HOUR // 60, "second": HOUR // 3600, "microsecond": 1}
ZERO_OFFSETS = {"", "z", "utc", "+00:00", "+0:00", "+00", "+0"}
CALENDARS = {"", "standard", "gregorian", "proleptic_gregorian"}

Stamps = NDArray[np.int64]


def decode(values: NDArray[Any], units: str, calendar: str, where: Where) -> Stamps:
    """µs UTC of CF times. Raises Refusal ``weather-time-units`` for units or a calendar that are not civil time."""
    found = SINCE.match(units.strip().lower())
    if found is None or calendar.lower() not in CALENDARS or found[4].strip() not in ZERO_OFFSETS:
        raise Refusal("weather-time-units", where=where, received=f"{units} {calendar}".strip())
    unit, date, clock, _ = found.groups()
    year, month, day = (int(part) for part in date.split("-"))
    parts = [float(part) for part in (clock or "0").split(":")[:3]]
    hour, minute, second = (*parts, 0.0, 0.0, 0.0)[:3]
    origin = dt.datetime(year, month, day, int(hour), int(minute), int(second), tzinfo=dt.UTC)
    epoch = round((origin - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1))
    factor = MICROSECONDS[unit.rstrip("s")]
    if values.dtype.kind in "iu":
        return values.astype(np.int64) * factor + epoch
    # Hours as floats: rounded to the second, which undoes what float32 lost.
    return np.rint(values.astype(np.float64) * (factor / 1e6)).astype(np.int64) * 1_000_000 + epoch


def written(stamp: int) -> str:
    """A moment as people read it: 2024-01-31T13:00Z."""
    return f"{dt.datetime.fromtimestamp(stamp / 1e6, dt.UTC):%Y-%m-%dT%H:%MZ}"


@dataclass(frozen=True, eq=False)
class Timeline:
    """Where each stamp of one variable stands: file number and index, by ascending stamp, none twice.

    ``doubled`` are the places of stamps that stood more than once: (stamp, kept place, other place).
    """

    stamps: Stamps
    files: NDArray[np.int64]
    places: NDArray[np.int64]
    doubled: tuple[tuple[int, tuple[int, int], tuple[int, int]], ...] = ()

    def runs(self, wanted: Stamps) -> list[tuple[int, int, int, int]]:
        """(position in ``wanted``, file, first index, count) of what is there, in runs that one read gives."""
        at = np.searchsorted(self.stamps, wanted)
        there = np.flatnonzero((at < len(self.stamps)) & (self.stamps[np.minimum(at, len(self.stamps) - 1)] == wanted))
        files, places = self.files[at[there]], self.places[at[there]]
        if not len(there):
            return []
        breaks = (np.diff(there) != 1) | (np.diff(files) != 0) | (np.diff(places) != 1)
        edges = [0, *(np.flatnonzero(breaks) + 1).tolist(), len(there)]
        return [(int(there[a]), int(files[a]), int(places[a]), b - a) for a, b in pairwise(edges)]


def timeline(parts: Sequence[tuple[int, Stamps]]) -> Timeline:
    """The timeline of a variable from (file number, stamps) of each file that has it; earlier files win."""
    stamps = np.concatenate([found for _, found in parts])
    files = np.concatenate([np.full(len(found), number) for number, found in parts])
    places = np.concatenate([np.arange(len(found)) for _, found in parts])
    order = np.argsort(stamps, kind="stable")
    stamps, files, places = stamps[order], files[order], places[order]
    again = np.flatnonzero(np.diff(stamps) == 0) + 1
    doubled = tuple(
        (
            int(stamps[position]),
            (int(files[position - 1]), int(places[position - 1])),
            (int(files[position]), int(places[position])),
        )
        for position in again.tolist()
    )
    keep = np.ones(len(stamps), bool)
    keep[again] = False
    return Timeline(stamps[keep], files[keep], places[keep], doubled)


def even_step(stamps: Stamps, where: Where) -> int:
    """The step of an axis with gaps: its commonest difference. Raises Refusal ``weather-step`` when it is uneven."""
    if len(stamps) < 2:
        return HOUR
    differences = np.diff(stamps)
    values, counts = np.unique(differences, return_counts=True)
    step = int(values[np.argmax(counts)])
    if (differences % step).any():
        raise Refusal("weather-step", where=where, received=f"{step / HOUR:g} h, {int(values[0]) / HOUR:g} h")
    return step


def gaps(stamps: Stamps, first: int, last: int, step: int) -> tuple[tuple[int, int], ...]:
    """Spans [start, end) of stamps missing from first … last (both included), in the same time as ``stamps``."""
    whole = np.arange(first, last + 1, step)
    missing = np.flatnonzero(~np.isin(whole, stamps))
    if not len(missing):
        return ()
    edges = np.flatnonzero(np.diff(missing) != 1) + 1
    return tuple((int(whole[run[0]]), int(whole[run[-1]]) + step) for run in np.split(missing, edges.tolist()))
