"""Days that are sealed: what their seals say, and whether the stored readings still bear it out.

The readings of every state of a day stay, each sealed day says up to which delivery it was sealed, and so the root of a
superseded one can be computed and checked as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from jasyl import ledger
from jasyl.storage import DataFolder

from . import segments, tables
from .dropped_spans import dropped
from .segments import Readings

_MONTH = 31 * 86_400_000_000


@dataclass(frozen=True)
class SealedDay:
    """One row of the table of sealed days; times in µs UTC, ``sum`` over the sealed integers."""

    record_id: str
    series: int
    series_id: str
    day: str
    start: int
    end: int
    root: str
    count: int
    expected: int
    sum: int
    source: int
    sealed_at: int
    supersedes: str | None
    superseded_by: str | None


@dataclass(frozen=True)
class Mismatch:
    """A sealed day whose root does not follow from the stored readings any more."""

    day: SealedDay
    found: str | None


def sealed_days(
    connection: sa.Connection, series: Sequence[int], start: int, end: int, *, superseded: bool = False
) -> list[SealedDay]:
    """Sealed days of ``series`` that begin in [start, end), by series and day; the ones in force unless asked."""
    held = tables.sealed_day
    question = sa.select(held).where(held.c.series.in_(series), held.c.start >= start, held.c.start < end)
    if not superseded:
        question = question.where(held.c.superseded_by.is_(None))
    rows = connection.execute(question.order_by(held.c.series, held.c.start, held.c.sealed_at)).mappings()
    return [SealedDay(**row) for row in rows]


def sealed_day_of(connection: sa.Connection, record_id: str) -> SealedDay | None:
    """The sealed day of one record."""
    held = tables.sealed_day
    row = connection.execute(sa.select(held).where(held.c.record_id == record_id)).mappings().first()
    return SealedDay(**row) if row else None


def sealed_readings(connection: sa.Connection, folder: DataFolder, day: SealedDay) -> Readings:
    """The readings under a seal, as they stood when it was made; superseded seals too."""
    return segments.read(connection, folder, [day.series], day.start, day.end, until_source=day.source)


def check_sealed(connection: sa.Connection, folder: DataFolder, days: Sequence[SealedDay]) -> list[Mismatch]:
    """Compute the roots of ``days`` from the stored readings; those that differ are returned.

    Days of an erased series (its key destroyed) and days whose readings were dropped can be neither confirmed nor
    denied and are left out.
    """
    wrong: list[Mismatch] = []
    for some in portions(days):
        first = some[0]
        if erased(connection, first.series_id):
            continue
        salt, gone = ledger.series_key(connection, first.series_id), dropped_days(connection, some)
        start, end = min(day.start for day in some), max(day.end for day in some)
        stored = segments.read(connection, folder, [first.series], start, end, newest=False)
        for day in some:
            if day in gone:
                continue
            found = root_of(salt, day.series_id, _as_sealed(stored, day))
            if found != day.root:
                wrong.append(Mismatch(day, found))
    return wrong


def portions(days: Sequence[SealedDay]) -> Iterator[list[SealedDay]]:
    """Neighbours of one series within a month: a question to the segments costs more than what it gives."""
    some: list[SealedDay] = []
    for day in days:
        if some and (day.series != some[0].series or not 0 <= day.start - some[0].start < _MONTH):
            yield some
            some = []
        some.append(day)
    if some:
        yield some


def dropped_days(connection: sa.Connection, days: Sequence[SealedDay]) -> list[SealedDay]:
    """Those of ``days``, all of one series, of which readings were dropped."""
    start, end = min(day.start for day in days), max(day.end for day in days)
    spans = dropped(connection, start, end, [days[0].series])
    return [day for day in days if any(span.start < day.end and day.start < span.end for span in spans)]


def _as_sealed(stored: Readings, day: SealedDay) -> Readings:
    """The readings of a day as they stood when it was sealed, out of every revision of its series."""
    low, high = np.searchsorted(stored.start, (day.start, day.end))
    held = stored.take(np.arange(low, high))
    held = held.take(held.source <= day.source)
    return held.take(np.append(held.start[1:] != held.start[:-1], True)[: len(held)])


def erased(connection: sa.Connection, series_id: str) -> bool:
    """Whether the key that salts the series was destroyed."""
    held = ledger.series_key_table
    destroyed = sa.select(held.c.destroyed_at).where(held.c.series_id == series_id)
    return connection.execute(destroyed).scalar() is not None


def salt_of(connection: sa.Connection, series_id: str) -> bytes | None:
    """The key that salts a series, or None after erasure: nothing can be proven then."""
    return None if erased(connection, series_id) else ledger.series_key(connection, series_id)


def root_of(salt: bytes | None, series_id: str, readings: Readings) -> str | None:
    """The root, or None without readings or without a salt."""
    if salt is None or not len(readings):
        return None
    columns = ledger.Readings(readings.start, readings.value, readings.revision)
    return ledger.day_root(salt, series_id, columns).hex()
