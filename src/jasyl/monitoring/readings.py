"""Taking readings in: each interval once, a correction as a new revision, a reason for whatever is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.quantities import instant
from jasyl.storage import Database, DataFolder, append_rows
from jasyl.texts import Refusal

from . import recent, segments, tables
from .civil_time import aligned
from .delivery import LARGEST, Batch, Int, Outcome, Receipt, RefusedReading, Source
from .dropped_spans import in_dropped
from .grids import grids_of
from .readings_lock import lock_segments
from .revisions import settle
from .segments import COLUMNS, Readings
from .series import SeriesDefinition

_Kind = TypeVar("_Kind", bound=np.generic)
_DELIVERED = ("kind", "name", "actor", "sha256", "received_at", "rows", "corrected", "rolled_up")
# Asked with every delivery: built once, so that only the values are new.
_NUMBERS = (
    sa.select(tables.reading_source.c.number)
    .order_by(tables.reading_source.c.number.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def append(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    batch: Batch,
    now: int,
    *,
    partial: bool = True,
    within: Callable[[sa.Connection, Receipt], object] | None = None,
) -> Receipt:
    """Store ``batch`` in one transaction; what is refused is listed, the rest stored (nothing unless ``partial``).

    Idempotent by (series, interval start, revision). ``now`` (µs UTC) is the clock: an interval that has not begun
    is refused. ``within`` runs inside the transaction, for the record of the import in the outbox.
    """
    refused, good = _examine(batch, definitions, now)
    if refused and not partial:
        return _nothing(batch, refused)
    with database.writing() as connection:
        lock_segments(connection)
        stored, (receipt,) = _take(connection, folder, [batch], [(refused, good)], now, partial=partial)
        if receipt.refused and not partial:
            return receipt
        _store(connection, folder, stored, now)
        if within is not None:
            within(connection, receipt)
    return receipt


def append_all(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    batches: Sequence[Batch],
    now: int,
) -> list[Receipt]:
    """Store many deliveries in one transaction and one segment a month; a receipt for each, as :func:`append` gives.

    The deliveries stand as if they had come one after another: the second of two that speak of the same interval
    finds the first one's reading there.
    """
    examined = _examine_all(batches, definitions, now)
    receipts: dict[int, Receipt] = {}
    with database.writing() as connection:
        lock_segments(connection)
        for turn in _turns(batches):
            some = [batches[place] for place in turn]
            stored, made = _take(connection, folder, some, [examined[place] for place in turn], now)
            _store(connection, folder, stored, now)
            receipts.update(zip(turn, made, strict=True))
    return [receipts[place] for place in range(len(batches))]


def append_within(
    connection: sa.Connection,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    batch: Batch,
    now: int,
) -> Receipt:
    """:func:`append` inside a writing transaction of the caller, for readings that come with their new series."""
    lock_segments(connection)
    stored, (receipt,) = _take(connection, folder, [batch], [_examine(batch, definitions, now)], now)
    _store(connection, folder, stored, now)
    return receipt


def _examine_all(
    batches: Sequence[Batch], definitions: Mapping[int, SeriesDefinition], now: int
) -> list[tuple[list[RefusedReading], NDArray[np.bool_]]]:
    """:func:`_examine` for each of ``batches``, in one look at them all."""
    if not batches:
        return []
    ends = np.cumsum([len(batch.start) for batch in batches])
    series, start, value = (
        np.concatenate([getattr(batch, name) for batch in batches]) for name in ("series", "start", "value")
    )
    refused, good = _examine(Batch(series, start, value, batches[0].source), definitions, now)
    found: list[list[RefusedReading]] = [[] for _ in batches]
    for each in refused:
        place = int(np.searchsorted(ends, each.row, side="right"))
        low = int(ends[place]) - len(batches[place].start)
        found[place].append(RefusedReading(each.row - low, each.reason))
    return list(zip(found, _parts(good, ends), strict=True))


def _nothing(batch: Batch, refused: Sequence[RefusedReading]) -> Receipt:
    outcome = np.zeros(len(batch.start), np.int8)
    return Receipt(None, 0, 0, 0, 0, _in_order(refused), outcome)


def _turns(batches: Sequence[Batch]) -> list[list[int]]:
    """Places of batches that may be stored together: no two of one turn speak of the same interval of a series."""
    turn = [0] * len(batches)
    if len(batches) > 1:
        which = np.repeat(np.arange(len(batches)), [len(batch.start) for batch in batches])
        series, start = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("series", "start"))
        order = np.lexsort((which, start, series))
        series, start, which = series[order], start[order], which[order]
        meet = (series[1:] == series[:-1]) & (start[1:] == start[:-1]) & (which[1:] != which[:-1])
        for later, earlier in sorted(set(zip(which[1:][meet].tolist(), which[:-1][meet].tolist(), strict=True))):
            turn[later] = max(turn[later], turn[earlier] + 1)
    return [[place for place, its in enumerate(turn) if its == number] for number in range(max(turn, default=-1) + 1)]


def _take(
    connection: sa.Connection,
    folder: DataFolder,
    batches: Sequence[Batch],
    examined: Sequence[tuple[list[RefusedReading], NDArray[np.bool_]]],
    now: int,
    *,
    partial: bool = True,
) -> tuple[Readings, list[Receipt]]:
    """What of ``batches`` has to be stored, under the numbers of their deliveries, and the receipt of each."""
    examined, gone = _without_dropped(connection, batches, examined)
    if gone and not partial:
        return Readings(*(np.empty(0, np.int64) for _ in COLUMNS)), [_nothing(batches[0], examined[0][0])]
    ends = np.cumsum([len(batch.start) for batch in batches])
    good = np.concatenate([each[1] for each in examined])
    stored, row, outcome, late = settle(connection, folder, _columns(batches, np.flatnonzero(good)), len(good))
    if late and not partial:
        return stored, [_nothing(batches[0], [RefusedReading(at, why) for at, why in late])]
    of = np.searchsorted(ends, row, side="right") if len(batches) > 1 else np.zeros(len(row), np.intp)
    outcomes = _parts(outcome, ends)
    counts = _counts(outcome, ends)
    numbers = _deliver(connection, [batch.source for batch in batches], counts, now)
    receipts = list[Receipt]()
    for place, its in enumerate(outcomes):
        low, high = int(ends[place]) - len(its), int(ends[place])
        refused = [*examined[place][0], *(RefusedReading(at - low, why) for at, why in late if low <= at < high)]
        receipts.append(Receipt(numbers[place], *counts[place][1:], refused=_in_order(refused), outcome=its))
    source = np.array([number or 0 for number in numbers], np.int64)[of]
    return Readings(stored.series, stored.start, stored.value, stored.revision, source), receipts


def _without_dropped(
    connection: sa.Connection,
    batches: Sequence[Batch],
    examined: Sequence[tuple[list[RefusedReading], NDArray[np.bool_]]],
) -> tuple[Sequence[tuple[list[RefusedReading], NDArray[np.bool_]]], bool]:
    """``examined`` with the refusal of what lies in spans whose readings were dropped, and whether anything does."""
    series, start = (_joined([getattr(batch, name) for batch in batches]) for name in ("series", "start"))
    inside = in_dropped(connection, series, start)
    if inside is None:
        return examined, False
    made = list[tuple[list[RefusedReading], NDArray[np.bool_]]]()
    ends = np.cumsum([len(batch.start) for batch in batches])
    for batch, (refused, good), gone in zip(batches, examined, _parts(inside, ends), strict=True):
        rows = np.flatnonzero(gone & good).tolist()
        said = [Refusal("reading-dropped", received=instant(int(batch.start[row])).isoformat()) for row in rows]
        more = [RefusedReading(row, reason) for row, reason in zip(rows, said, strict=True)]
        made.append(([*refused, *more], good & ~gone))
    return made, True


def _store(connection: sa.Connection, folder: DataFolder, stored: Readings, now: int) -> None:
    if not len(stored):
        return
    stored = stored.sorted()
    made = segments.add(connection, folder, stored, now)
    if len(made) == 1:  # of one month: the segment holds just these rows
        recent.remember(folder, made[0], stored)


def _columns(batches: Sequence[Batch], rows: NDArray[np.intp]) -> dict[str, Int]:
    """The rows of all ``batches`` under one another, as far as they are not refused yet."""
    revisions = [
        batch.revision if batch.revision is not None else np.zeros(len(batch.start), np.int64) for batch in batches
    ]
    whole = {name: _joined([getattr(batch, name) for batch in batches]) for name in ("series", "start", "value")}
    whole["revision"] = _joined(revisions)
    return {"row": rows, **{name: _picked(column, rows).astype(np.int64, copy=False) for name, column in whole.items()}}


def _examine(
    batch: Batch, definitions: Mapping[int, SeriesDefinition], now: int
) -> tuple[list[RefusedReading], NDArray[np.bool_]]:
    """What can be refused without looking at the store."""
    refused: list[RefusedReading] = []
    good = np.ones(len(batch.start), bool)

    def refuse(rows: NDArray[np.intp], code: str, **arguments: Callable[[int], str]) -> None:
        good[rows] = False
        for row in rows.tolist():
            said: dict[str, Any] = {name: of(row) for name, of in arguments.items()}
            reason = Refusal(code, **said)
            refused.append(RefusedReading(row, reason))

    def stamp(row: int) -> str:
        return instant(int(batch.start[row])).isoformat()

    grids = grids_of(definitions)
    kind = grids.kind_of(batch.series)
    refuse(np.flatnonzero(kind < 0), "unknown-series", received=lambda row: str(batch.series[row]))
    late = good & (batch.start >= now)
    refuse(np.flatnonzero(late), "reading-future", received=stamp, expected=lambda _: instant(now).isoformat())
    for place, (interval, zone) in enumerate(grids.kinds):
        rows = np.flatnonzero(good & (kind == place))
        off = rows[~aligned(_picked(batch.start, rows), interval, zone)]
        refuse(off, "reading-off-grid", received=stamp, expected=lambda _, each=interval: str(each // 1_000_000))
    large = np.flatnonzero(good & ((batch.value > LARGEST) | (batch.value < -LARGEST)))
    refuse(large, "reading-too-large", received=lambda row: str(batch.value[row]), expected=lambda _: str(LARGEST))
    return refused, good


def _picked(column: Int, rows: NDArray[np.intp]) -> Int:
    """The ascending ``rows`` of a column; the column itself when they are all."""
    return column if len(rows) == len(column) else column[rows]


def _parts(column: NDArray[_Kind], ends: Int) -> list[NDArray[_Kind]]:
    """A column of all deliveries as that of each."""
    return [column[low:high] for low, high in pairwise((0, *ends.tolist()))]


def _counts(outcome: NDArray[np.int8], ends: Int) -> list[list[int]]:
    """How many readings of each delivery became what."""
    kinds = len(Outcome)
    which = np.repeat(np.arange(len(ends)) * kinds, np.diff(ends, prepend=0)) + outcome
    return np.bincount(which, minlength=len(ends) * kinds).reshape(-1, kinds).tolist()


def _joined(columns: Sequence[Int]) -> Int:
    return columns[0] if len(columns) == 1 else np.concatenate(columns)


def _deliver(
    connection: sa.Connection, sources: Sequence[Source], counts: Sequence[Sequence[int]], now: int
) -> list[int | None]:
    """The number of each delivery, None for one of which nothing is stored."""
    brought = [count[Outcome.ACCEPTED] + count[Outcome.CORRECTED] for count in counts]
    rows = [
        (source.kind, source.name, source.actor, source.sha256, now, stored, count[Outcome.CORRECTED], False)
        for source, stored, count in zip(sources, brought, counts, strict=True)
        if stored
    ]
    numbers: Iterator[int] = iter(())
    if rows:
        append_rows(connection, tables.reading_source, _DELIVERED, rows)
        # One writer at a time: the newest numbers are theirs, in this order.
        numbers = reversed(connection.execute(_NUMBERS, {"most": len(rows)}).scalars().all())
    return [next(numbers) if stored else None for stored in brought]


def _in_order(refused: Sequence[RefusedReading]) -> tuple[RefusedReading, ...]:
    return tuple(sorted(refused, key=lambda each: each.row))
