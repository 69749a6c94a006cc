"""Taking readings in: each interval once, a correction as a new revision, a reason for whatever is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import repeat
from operator import attrgetter, is_
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.quantities import instant
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from . import recent, segments, tables
from .civil_time import aligned
from .engine import arrow, ask
from .readings_lock import lock_segments
from .segments import COLUMNS, Readings, strictly_ordered
from .series import SeriesDefinition

Int = NDArray[np.int64]
# The largest integer that canonical JSON carries exactly; a sum of a year of such values is checked when it is made.
LARGEST = 2**53 - 1


@dataclass(frozen=True)
class Source:
    """Where a delivery comes from: ``kind`` (file, push, gateway, starter), the sender's name for it, who, its hash."""

    kind: str
    name: str
    actor: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Batch:
    """Readings as they arrive: columns of one length, in any order.

    ``series`` numbers, interval ``start`` in µs UTC, ``value`` as integers of 10^-scale of the series' unit.
    ``revision`` is given only by senders that number their own corrections; otherwise the store counts.
    """

    series: Int
    start: Int
    value: Int
    source: Source
    revision: Int | None = None


@dataclass(frozen=True)
class RefusedReading:
    """A reading that was not stored: its position in the batch and why."""

    row: int
    reason: Refusal


class Outcome(IntEnum):
    """What became of one reading; the counts of a receipt go by these names."""

    REFUSED = 0
    ACCEPTED = 1
    CORRECTED = 2
    REPEATED = 3
    OUTDATED = 4


@dataclass(frozen=True)
class Receipt:
    """What became of a batch. Whatever it counts as accepted or corrected is on disk.

    ``accepted`` are new intervals, ``corrected`` new revisions of known ones, ``repeated`` the same value again,
    ``outdated`` a value that a correction has replaced meanwhile (a gateway resending its spool must not undo it);
    the last two change nothing. ``source`` is the number of the delivery, None when nothing was stored. ``outcome``
    has an :class:`Outcome` for each reading of the batch, in its order.
    """

    source: int | None
    accepted: int
    corrected: int
    repeated: int
    outdated: int
    refused: tuple[RefusedReading, ...]
    outcome: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8), compare=False, repr=False)


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
    return list(zip(found, np.split(good, ends[:-1]), strict=True))


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
    ends = np.cumsum([len(batch.start) for batch in batches])
    good = np.concatenate([each[1] for each in examined])
    stored, row, outcome, late = _settle(connection, folder, _columns(batches, np.flatnonzero(good)), len(good))
    if late and not partial:
        return stored, [_nothing(batches[0], [RefusedReading(at, why) for at, why in late])]
    of = np.searchsorted(ends, row, side="right") if len(batches) > 1 else np.zeros(len(row), np.intp)
    counts = [np.bincount(part, minlength=len(Outcome)).tolist() for part in np.split(outcome, ends[:-1])]
    numbers = _deliver(connection, [batch.source for batch in batches], counts, now)
    receipts = list[Receipt]()
    for place, its in enumerate(np.split(outcome, ends[:-1])):
        low, high = int(ends[place]) - len(its), int(ends[place])
        refused = [*examined[place][0], *(RefusedReading(at - low, why) for at, why in late if low <= at < high)]
        receipts.append(Receipt(numbers[place], *counts[place][1:], refused=_in_order(refused), outcome=its))
    source = np.array([number or 0 for number in numbers], np.int64)[of]
    return Readings(stored.series, stored.start, stored.value, stored.revision, source), receipts


def _store(connection: sa.Connection, folder: DataFolder, stored: Readings, now: int) -> None:
    if len(stored):
        segments.add(connection, folder, stored, now)


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

    numbers, which = _numbered(batch.series)
    grids = list(map(definitions.get, numbers.tolist()))
    unknown = np.fromiter(map(is_, grids, repeat(None)), bool, len(grids))
    if unknown.any():
        refuse(np.flatnonzero(unknown[which]), "unknown-series", received=lambda row: str(batch.series[row]))
    late = good & (batch.start >= now)
    refuse(np.flatnonzero(late), "reading-future", received=stamp, expected=lambda _: instant(now).isoformat())
    # Thousands of series share a handful of grids: (interval, zone) decides, not the series.
    kinds = list(map(attrgetter("interval_seconds", "zone"), filter(None, grids)))
    places = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
    grid_of = np.full(len(grids), -1, np.int64)
    grid_of[~unknown] = np.fromiter(map(places.__getitem__, kinds), np.int64, len(kinds)) if len(places) > 1 else 0
    for (seconds, name), place in places.items():
        interval, zone = seconds * 1_000_000, ZoneInfo(name)
        mine = good if len(places) == 1 else good & (grid_of[which] == place)
        rows = np.flatnonzero(mine)
        off = rows[~aligned(_picked(batch.start, rows), interval, zone)]
        refuse(off, "reading-off-grid", received=stamp, expected=lambda _, s=interval: str(s // 1_000_000))
    large = np.flatnonzero(good & ((batch.value > LARGEST) | (batch.value < -LARGEST)))
    refuse(large, "reading-too-large", received=lambda row: str(batch.value[row]), expected=lambda _: str(LARGEST))
    return refused, good


def _numbered(series: Int) -> tuple[Int, Int]:
    """The distinct numbers, ascending, and for each row the place of its own among them."""
    low, high = (int(series.min()), int(series.max())) if len(series) else (0, 0)
    # Numbers of series are counted from one: marking which occur is much quicker than comparing rows.
    if not 0 <= high - low <= 4 * len(series):
        numbers, which = np.unique(series, return_inverse=True)
        return numbers.astype(np.int64), which.astype(np.int64)
    occurs = np.zeros(high - low + 1, bool)
    occurs[series - low] = len(series) > 0
    place = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs) + low, place[series - low]


def _picked(column: Int, rows: NDArray[np.intp]) -> Int:
    """The ascending ``rows`` of a column; the column itself when they are all."""
    return column if len(rows) == len(column) else column[rows]


def _joined(columns: Sequence[Int]) -> Int:
    return columns[0] if len(columns) == 1 else np.concatenate(columns)


# For each reading of the batch: what is stored of its interval, and whether its value (or revision) is among it.
_KNOWN = """
select b.row, b.series, b.start, b.value, b.revision,
       coalesce(max(e.revision), 0) as highest,
       coalesce(arg_max(e.value, e.revision) = any_value(b.value), false) as newest_same,
       coalesce(bool_or(e.value = b.value), false) as any_same,
       coalesce(bool_or(e.revision = b.revision and e.value = b.value), false) as taken_same
from batch b left join existing e on e.series = b.series and e.start = b.start
group by b.row, b.series, b.start, b.value, b.revision order by b.series, b.start, b.revision, b.row
"""


def _settle(
    connection: sa.Connection, folder: DataFolder, columns: dict[str, Int], rows: int
) -> tuple[Readings, Int, NDArray[np.int8], list[tuple[int, Refusal]]]:
    """Compare with what is stored: the readings to store with their revisions and their rows, what became of each of
    ``rows`` rows, and contradictions by row."""
    outcome = np.full(rows, Outcome.REFUSED, np.int8)
    if not len(columns["row"]):
        return Readings(*(np.empty(0, np.int64) for _ in COLUMNS)), np.empty(0, np.int64), outcome, []
    existing = _existing(connection, folder, columns)
    if not len(existing) and not columns["revision"].any() and strictly_ordered(columns["series"], columns["start"]):
        outcome[columns["row"]] = Outcome.ACCEPTED
        none = columns["revision"]
        return (
            Readings(columns["series"], columns["start"], columns["value"], none + 1, none),
            columns["row"],
            outcome,
            [],
        )
    known = _known(existing, columns)
    explicit = known["revision"] > 0
    twice, contradictory = _within_batch(known)
    same = np.where(explicit, known["taken_same"], known["any_same"]) != 0
    outdated = same & (known["newest_same"] == 0) & ~explicit
    behind = explicit & ~same & (known["revision"] <= known["highest"])
    wrong = contradictory | behind
    kept = ~same & ~twice & ~wrong
    revision = np.where(explicit, known["revision"], known["highest"] + 1)
    # A sender that numbers its revisions may deliver several of one interval at once: the first may be the first.
    became = np.select(
        [wrong, outdated, same | twice, revision > 1],
        [Outcome.REFUSED, Outcome.OUTDATED, Outcome.REPEATED, Outcome.CORRECTED],
        Outcome.ACCEPTED,
    )
    outcome[known["row"]] = became
    late = [
        (
            int(known["row"][at]),
            Refusal(
                "reading-contradicts" if contradictory[at] else "revision-taken",
                received=str(known["value"][at]),
                expected=str(int(known["highest"][at]) + 1),
                start=instant(int(known["start"][at])).isoformat(),
            ),
        )
        for at in np.flatnonzero(wrong)
    ]
    stored = Readings(
        known["series"][kept], known["start"][kept], known["value"][kept], revision[kept], revision[kept] * 0
    )
    return stored, known["row"][kept], outcome, late


def _within_batch(known: dict[str, Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows that say again what an earlier row of the batch said, and rows of intervals said in two ways."""
    if len(known["row"]) < 2:
        none = np.zeros(len(known["row"]), bool)
        return none, none
    follows = np.ones(len(known["row"]), bool)
    follows[0] = False
    for name in ("series", "start", "revision"):
        follows[1:] &= known[name][1:] == known[name][:-1]
    differs = follows.copy()
    differs[1:] &= known["value"][1:] != known["value"][:-1]
    group = np.cumsum(~follows) - 1
    contradictory = np.zeros(int(group[-1]) + 1, bool)
    contradictory[group[differs]] = True
    return follows, contradictory[group]


def _known(existing: Readings, columns: dict[str, Int]) -> dict[str, Any]:
    if not len(existing):
        order = np.lexsort((columns["row"], columns["revision"], columns["start"], columns["series"]))
        known: dict[str, Any] = {name: column[order] for name, column in columns.items()}
        no = np.zeros(len(order), bool)
        return known | dict.fromkeys(("newest_same", "any_same", "taken_same"), no) | {"highest": no * 0}
    return dict(ask(_KNOWN, {}, batch=arrow(columns), existing=existing.arrow()))


def _existing(connection: sa.Connection, folder: DataFolder, columns: dict[str, Int]) -> Readings:
    """What is stored of the intervals of ``columns``, every revision, and perhaps of others."""
    series = _numbered(columns["series"])[0].tolist()
    start, end = int(columns["start"].min()), int(columns["start"].max()) + 1
    found = segments.manifest(connection, series, start, end)
    if any(each.rows > recent.SMALL for each in found):
        return segments.read(connection, folder, series, start, end, newest=False)
    if not found:
        return recent.concatenate([])
    return recent.concatenate(recent.like(folder, found, recent.keys(columns["series"], columns["start"])))


def _deliver(
    connection: sa.Connection, sources: Sequence[Source], counts: Sequence[Sequence[int]], now: int
) -> list[int | None]:
    """The number of each delivery, None for one of which nothing is stored."""
    held = tables.reading_source
    rows = [
        {
            "kind": source.kind,
            "name": source.name,
            "actor": source.actor,
            "sha256": source.sha256,
            "received_at": now,
            "rows": count[Outcome.ACCEPTED] + count[Outcome.CORRECTED],
            "corrected": count[Outcome.CORRECTED],
            "rolled_up": False,
        }
        for source, count in zip(sources, counts, strict=True)
    ]
    brought = [row for row in rows if row["rows"]]
    numbers: Iterator[int] = iter(())
    if brought:
        insert = sa.insert(held).returning(held.c.number, sort_by_parameter_order=True)
        numbers = iter(connection.execute(insert, brought).scalars().all())
    return [next(numbers) if row["rows"] else None for row in rows]


def _in_order(refused: Sequence[RefusedReading]) -> tuple[RefusedReading, ...]:
    return tuple(sorted(refused, key=lambda each: each.row))
