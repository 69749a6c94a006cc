"""Sealing: when a civil day closes, its readings are fixed by one record in the ledger.

A sealed day is a civil day of the series, not a UTC day. Published periods are civil too, so a month is a whole
number of sealed days: whoever holds the batch records of a month adds up their sums and has the month's sum, without
cutting days at the edges. The record carries start and end in µs UTC, so verifying needs no time zone data.
A correction to a sealed day seals the day again in a record that supersedes the first (:mod:`.seals`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl import ledger
from jasyl.quantities import instant, period_of
from jasyl.storage import Database, DataFolder

from . import rollup_table, segments, tables
from .day_signing import signed_late
from .devices import DeviceBook, Signing
from .dropped_spans import dropped
from .seals import SealedDay, erased, root_of, salt_of, sealed_days
from .segments import Readings
from .series import SeriesDefinition

# Late gateways deliver within the hour; a day sealed too early is only sealed again.
DELAY = 3_600_000_000


def seal_days(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    now: int,
    *,
    log_origin: str,
    author: str,
    delay: int = DELAY,
    within: Callable[[sa.Connection, tuple[SealedDay, ...]], object] | None = None,
) -> tuple[SealedDay, ...]:
    """Seal every closed day that has readings no seal covers yet; a later delivery for a sealed day seals it again.

    One transaction for outbox rows and the table. ``now`` is the clock in µs UTC; ``log_origin`` and ``author`` go
    into the records. Rollups are brought up to date first, they say which days changed. ``within`` runs in the
    transaction that seals, for what must not be forgotten when it commits.
    """
    rollup_table.roll_up(database, folder, definitions)
    sealed: list[SealedDay] = []
    signing = Signing(log_origin, author, now)
    with database.writing() as connection:
        book = DeviceBook(connection, folder, signing)
        due = {(each.series, each.start): each for each in _due(connection, now - delay) if each.series in definitions}
        late = {each for each in signed_late(connection, folder) if not dropped(connection, *_moment(each))}
        due |= {
            (each.series, each.start): each for each in _sealed_as_due(connection, late) if each.series in definitions
        }
        for some in rollup_table.portions([(each.series, each.start, each.end) for each in due.values()]):
            numbers = sorted({number for number, _, _ in some})
            begin, until = min(each[1] for each in some), max(each[2] for each in some)
            readings = segments.read(connection, folder, numbers, begin, until)
            earlier = {(each.series, each.start): each for each in sealed_days(connection, numbers, begin, until)}
            salts = {number: salt_of(connection, definitions[number].id) for number in numbers}
            made: list[SealedDay] = []
            for number, start, end in some:
                rows = readings.take(_rows(readings, number, start, end))
                root = root_of(salts[number], definitions[number].id, rows)
                if root is None:
                    continue
                before = earlier.get((number, start))
                day = _seal(connection, definitions[number], due[number, start], rows, root, before, book)
                if day is not None:
                    made.append(day)
            _keep(connection, made)
            sealed += made
        if within is not None and sealed:
            within(connection, tuple(sealed))
    return tuple(sealed)


def anything_due(
    connection: sa.Connection,
    definitions: Mapping[int, SeriesDefinition],
    now: int,
    delay: int = DELAY,
    folder: DataFolder | None = None,
) -> bool:
    """Whether :func:`seal_days` would find anything to do; asked every minute, so it only reads."""
    if folder is not None and not all(dropped(connection, *_moment(each)) for each in signed_late(connection, folder)):
        return True
    held = tables.reading_source
    pending = sa.select(held.c.number).where(held.c.rolled_up.is_(False)).limit(1)
    if connection.execute(pending).first() is not None:
        return True
    return any(
        each.series in definitions and not erased(connection, definitions[each.series].id)
        for each in _due(connection, now - delay)
    )


def _moment(day: tuple[int, int]) -> tuple[int, int, list[int]]:
    """Series and start of a day as :func:`dropped` asks for it."""
    return day[1], day[1] + 1, [day[0]]


@dataclass(frozen=True)
class _Due:
    """A closed day that a seal must cover: of the rollups, ``source`` being the newest delivery it has seen."""

    series: int
    start: int
    end: int
    expected: int
    source: int


def _due(connection: sa.Connection, closed_before: int) -> list[_Due]:
    rolled, sealed = tables.rollup, tables.sealed_day
    in_force = sa.and_(
        sealed.c.series == rolled.c.series, sealed.c.start == rolled.c.start, sealed.c.superseded_by.is_(None)
    )
    question = (
        sa.select(rolled.c.series, rolled.c.start, rolled.c.end, rolled.c.expected, rolled.c.source)
        .select_from(rolled.outerjoin(sealed, in_force))
        .where(
            rolled.c.granularity == "day",
            rolled.c.end <= closed_before,
            sa.or_(sealed.c.source.is_(None), sealed.c.source < rolled.c.source),
        )
    )
    rows = connection.execute(question.order_by(rolled.c.series, rolled.c.start))
    return [_Due(*row) for row in rows]


def _rows(readings: Readings, series: int, start: int, end: int) -> NDArray[np.intp]:
    """Positions of one series' readings in [start, end); ``readings`` is sorted by both."""
    low, high = np.searchsorted(readings.series, [series, series + 1])
    first, last = np.searchsorted(readings.start[low:high], [start, end])
    return np.arange(low + first, low + last)


def _seal(
    connection: sa.Connection,
    series: SeriesDefinition,
    due: _Due,
    readings: Readings,
    root: str,
    earlier: SealedDay | None,
    book: DeviceBook,
) -> SealedDay | None:
    """The day under its new record, which is on its way into the log; None where ``earlier`` still seals it."""
    held = tables.sealed_day
    seal = (root, earlier.record_id if earlier else None)
    record = _record(series, due, readings, seal, book)
    if earlier and earlier.root == root and (record.trust == "operator-entered" or _signed(connection, earlier)):
        # A counter's last step waits for the next day's first register: its rollup changes, its readings do not.
        same = sa.update(held).where(held.c.record_id == earlier.record_id).values(source=due.source)
        connection.execute(same)
        return None
    return SealedDay(
        record_id=ledger.enqueue(connection, record),
        series=series.number,
        series_id=series.id,
        day=period_of(instant(due.start), "day", series.time_zone).name,
        start=due.start,
        end=due.end,
        root=root,
        count=record.count,
        expected=due.expected,
        sum=int(record.sum),
        source=due.source,
        sealed_at=book.signing.now,
        supersedes=record.supersedes,
        superseded_by=None,
    )


def _keep(connection: sa.Connection, days: Sequence[SealedDay]) -> None:
    """Enter sealed days in the table; those they supersede say so."""
    held = tables.sealed_day
    if days:
        connection.execute(sa.insert(held), [vars(day) for day in days])
    for day in days:
        if day.supersedes is not None:
            over = sa.update(held).where(held.c.record_id == day.supersedes).values(superseded_by=day.record_id)
            connection.execute(over)


def _signed(connection: sa.Connection, day: SealedDay) -> bool:
    entry = ledger.entry(connection, day.record_id)
    record = ledger.parse_record(entry) if entry is not None else None
    return isinstance(record, ledger.Batch) and record.trust != "operator-entered"


def _sealed_as_due(connection: sa.Connection, days: set[tuple[int, int]]) -> list[_Due]:
    """Days sealed before their gateway signed them, to be sealed again with the signature."""
    found: list[_Due] = []
    for series, start in sorted(days):
        found += [
            _Due(series, one.start, one.end, one.expected, one.source)
            for one in sealed_days(connection, [series], start, start + 1)
        ]
    return found


def _record(
    series: SeriesDefinition, due: _Due, readings: Readings, seal: tuple[str, str | None], book: DeviceBook
) -> ledger.Batch:
    values = [int(each) for each in readings.value]
    record = ledger.Batch(
        log_origin=book.signing.log_origin,
        issued=ledger.issued_now(instant(book.signing.now)),
        author=book.signing.author,
        series=series.id,
        day_start=due.start,
        day_end=due.end,
        count=len(values),
        unit=series.unit.ucum,
        scale=-series.scale,
        sum=str(sum(values)),
        min=str(min(values)),
        max=str(max(values)),
        root=seal[0],
        trust="operator-entered",
        device=book.record_of(series),
        supersedes=seal[1],
    )
    trust, signatures = book.signatures(series, record.measured())
    return msgspec.structs.replace(record, trust=trust, day_sigs=list(signatures)) if signatures else record
