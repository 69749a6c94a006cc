"""Delivering the training readings by the ordinary way: in portions, some late, some twice, some corrected later.

Each delivery has its own moment in the world's time, days are sealed after each, and
so late readings and corrections meet days that are sealed already.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl import ledger
from jasyl.quantities import instant, sha256_hex
from jasyl.storage import Database, DataFolder

from . import segments
from .delivery import Batch, Int, Receipt, Source
from .readings import append
from .sealing import seal_days
from .seals import SealedDay
from .series import SeriesDefinition
from .training_faults import HOUR, Told
from .training_meters import DAY, DAYS, END, START
from .training_register import ACTOR, LICENCE, SOURCE

PORTION = 15
CHANNELS = 3
LATE_BY = 5 * DAY
CORRECTED_AT = END + 5 * DAY
AUTHOR = "training starter"


@dataclass(frozen=True)
class Delivery:
    """What arrives at one moment: a name, the moment (µs UTC), and its readings."""

    name: str
    moment: int
    batch: Batch


@dataclass(frozen=True)
class Delivered:
    """What became of deliveries, added up, and the days sealed after them."""

    accepted: int
    corrected: int
    repeated: int
    sealed: tuple[SealedDay, ...]


def deliveries(told: Sequence[Told]) -> Iterator[Delivery]:
    """All but the corrections, in the order of their moments; series are numbered from 1 in the order of ``told``.

    Every fifteen days three channels deliver what their meters have, six hours after the last day's end, and once
    more what they had delivered doubly; five days later comes what was late.
    """
    for first in range(0, DAYS, PORTION):
        start, end = START + first * DAY, START + (first + PORTION) * DAY
        day = instant(end - 1).strftime("%Y-%m-%d")
        for channel in range(CHANNELS):
            mine = [(at, each) for at, each in enumerate(told, 1) if at % CHANNELS == channel]
            parts = [_part(at, each, start, end, each.comes & ~each.late) for at, each in mine]
            parts += [_part(at, each, start - PORTION * DAY, start, each.doubled) for at, each in mine]
            yield _delivery(f"channel {channel + 1}, to {day}", end + 6 * HOUR, parts)
        late = [_part(at, each, start, end, each.late) for at, each in enumerate(told, 1)]
        if sum(len(each[0]) for each in late):
            yield _delivery(f"late readings to {day}", end + LATE_BY, late)


def corrections(told: Sequence[Told]) -> Delivery:
    """The true values of what was first delivered wrong and later noticed, after all days were sealed."""
    parts = [
        _part(at, each, START, END, each.corrected & (each.first != each.revised), revised=True)
        for at, each in enumerate(told, 1)
    ]
    return _delivery("corrections", CORRECTED_AT, parts)


def deliver(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    delivery: Delivery,
    *,
    seal: bool = True,
) -> Delivered:
    """Append one delivery, with the record of its import, and seal what is closed then."""
    origin = ledger.log_origin(folder)

    def keep(connection: sa.Connection, receipt: Receipt) -> None:
        ledger.enqueue(connection, _import(delivery, receipt, origin))

    moment = delivery.moment
    receipt = append(database, folder, definitions, delivery.batch, moment, partial=False, within=keep)
    if receipt.refused:
        raise receipt.refused[0].reason
    days = seal_days(database, folder, definitions, moment, log_origin=origin, author=AUTHOR) if seal else ()
    return Delivered(receipt.accepted, receipt.corrected, receipt.repeated, days)


def readings_digest(connection: sa.Connection, folder: DataFolder) -> str:
    """SHA-256 over all stored readings with every revision and delivery number, in order."""
    stored = segments.read(connection, folder, None, START, END, newest=False)
    digest = hashlib.sha256()
    for name in segments.COLUMNS:
        digest.update(np.ascontiguousarray(getattr(stored, name), dtype="<i8").tobytes())
    return digest.hexdigest()


Part = tuple[Int, Int, Int]


def _part(number: int, told: Told, start: int, end: int, which: NDArray[np.bool_], *, revised: bool = False) -> Part:
    at = told.course.start
    rows = np.flatnonzero(which & (at >= start) & (at < end))
    value = told.revised if revised else told.first
    return np.full(len(rows), number, np.int64), at[rows], value[rows]


def _delivery(name: str, moment: int, parts: Sequence[Part]) -> Delivery:
    series, start, value = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    digest = sha256_hex(b"".join(column.astype("<i8").tobytes() for column in (series, start, value)))
    source = Source("starter", f"{SOURCE}: {name}", ACTOR, digest)
    return Delivery(name, moment, Batch(series, start, value, source))


def _import(delivery: Delivery, receipt: Receipt, origin: str) -> ledger.Import:
    source = delivery.batch.source
    return ledger.Import(
        log_origin=origin,
        issued=ledger.issued_now(instant(delivery.moment)),
        author=AUTHOR,
        what="training readings",
        file_name=delivery.name,
        sha256=source.sha256 or "",
        rows=receipt.accepted + receipt.corrected,
        source=SOURCE,
        licence=LICENCE,
        actor=ACTOR,
    )
