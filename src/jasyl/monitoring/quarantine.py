"""Readings of series that the register does not know: kept as they came, listed, taken in once the series is there.

A meter is often switched on before somebody registers it; OpenNEM lost unknown codes silently for years (its fix
log, #604). Nothing acknowledged may be lost, so such readings are durable like others, only apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import sqlalchemy as sa

from jasyl.quantities import UNITS, convert
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from .delivery import LARGEST, Batch, Receipt, Source
from .readings import append
from .series import SeriesDefinition
from .tables import quarantined_reading as held

# One sender that never asked anybody must not fill the disk: 100 bytes each, so about 100 MB.
MOST_OF_ONE = 1_000_000
CHUNK = 20_000


@dataclass(frozen=True)
class Stray:
    """A reading without a series: the name as sent, interval start in µs UTC, the value as a decimal in ``unit``."""

    series: str
    start: int
    value: str
    unit: str


@dataclass(frozen=True)
class Quarantined:
    """What waits under one name from one sender: how many readings, of which span, since when."""

    series: str
    actor: str
    unit: str
    readings: int
    first_start: int
    last_start: int
    first_received: int
    last_received: int


def quarantine(connection: sa.Connection, strays: Sequence[Stray], actor: str, now: int) -> int:
    """Keep ``strays`` in the caller's transaction and give how many are new; the same again is kept once.

    Raises Refusal ``quarantine-full`` when this sender has too many waiting already.
    """
    waiting = connection.execute(sa.select(sa.func.count()).select_from(held).where(held.c.actor == actor)).scalar_one()
    if waiting + len(strays) > MOST_OF_ONE:
        raise Refusal("quarantine-full", received=waiting, expected=MOST_OF_ONE)
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415
    rows = [
        {"series": one.series, "start": one.start, "value": one.value, "unit": one.unit}
        | {"actor": actor, "received_at": now}
        for one in dict.fromkeys(strays)
    ]
    question = sa.select(sa.func.count()).select_from(held)
    if rows:
        connection.execute(insert(held).on_conflict_do_nothing(), rows)
    return connection.execute(question.where(held.c.actor == actor)).scalar_one() - waiting


def quarantined(connection: sa.Connection, actor: str | None = None) -> list[Quarantined]:
    """What waits, by name and sender; only of one sender when ``actor`` is given."""
    question = sa.select(
        held.c.series,
        held.c.actor,
        held.c.unit,
        sa.func.count(),
        sa.func.min(held.c.start),
        sa.func.max(held.c.start),
        sa.func.min(held.c.received_at),
        sa.func.max(held.c.received_at),
    ).group_by(held.c.series, held.c.actor, held.c.unit)
    if actor is not None:
        question = question.where(held.c.actor == actor)
    return [
        Quarantined(*row) for row in connection.execute(question.order_by(held.c.series, held.c.actor, held.c.unit))
    ]


def release(database: Database, folder: DataFolder, name: str, series: SeriesDefinition, now: int) -> Receipt:
    """Take the readings that wait under ``name`` into ``series``, and forget them; in the order in which they came.

    What the series cannot hold (another dimension, off its grid, in the future) stays in quarantine and is listed in
    the receipt. Taking and forgetting are two transactions: a crash in between only repeats what is known already.
    """
    total = Receipt(None, 0, 0, 0, 0, ())
    after = 0
    while True:
        with database.reading() as connection:
            mine = sa.and_(held.c.series == name, held.c.number > after)
            rows = connection.execute(sa.select(held).where(mine).order_by(held.c.number).limit(CHUNK)).all()
        if not rows:
            return total
        after = int(rows[-1].number)
        total = _added(total, _take(database, folder, rows, series, now))


def discard(connection: sa.Connection, name: str) -> int:
    """Forget what waits under ``name``; how many readings that were."""
    return connection.execute(sa.delete(held).where(held.c.series == name)).rowcount


def _take(
    database: Database,
    folder: DataFolder,
    rows: Sequence[sa.Row[tuple[object, ...]]],
    series: SeriesDefinition,
    now: int,
) -> Receipt:
    # Readings of one interval that say different things came one after another: revisions, not contradictions.
    turns: list[list[sa.Row[tuple[object, ...]]]] = []
    seen: dict[int, int] = {}
    for row in rows:
        turn = seen[row.start] = seen.get(row.start, -1) + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(row)
    total = Receipt(None, 0, 0, 0, 0, ())
    for turn_rows in turns:
        values = [_integer(row.value, row.unit, series) for row in turn_rows]
        good = [(row, value) for row, value in zip(turn_rows, values, strict=True) if value is not None]
        batch = Batch(
            np.full(len(good), series.number, np.int64),
            np.array([row.start for row, _ in good], np.int64),
            np.array([value for _, value in good], np.int64),
            Source("quarantine", turn_rows[0].series, turn_rows[0].actor),
        )
        receipt = append(database, folder, {series.number: series}, batch, now)
        refused = {each.row for each in receipt.refused}
        done = [int(row.number) for at, (row, _) in enumerate(good) if at not in refused]
        with database.writing(visible=False) as connection:
            for low in range(0, len(done), 500):
                connection.execute(sa.delete(held).where(held.c.number.in_(done[low : low + 500])))
        total = _added(total, receipt)
    return total


def _integer(value: str, written: str, series: SeriesDefinition) -> int | None:
    try:
        base = convert(Decimal(value), UNITS[written], series.unit)
    except (Refusal, KeyError):
        return None
    whole = int(base.scaleb(series.scale).to_integral_value(ROUND_HALF_EVEN))
    return whole if abs(whole) <= LARGEST else None


def _added(one: Receipt, other: Receipt) -> Receipt:
    counts = (getattr(one, name) + getattr(other, name) for name in ("accepted", "corrected", "repeated", "outdated"))
    return Receipt(other.source or one.source, *counts, refused=(*one.refused, *other.refused))
