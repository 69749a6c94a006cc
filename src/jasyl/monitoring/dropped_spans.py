"""Spans of time whose readings somebody decided to drop: what was summed up and sealed of them stays.

From the decision on nothing is taken into such a span, its rollups are never computed again, and its seals are held
against nothing: they stand in the ledger, and every passport over them verifies as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.quantities import instant
from jasyl.storage import METADATA
from jasyl.texts import Refusal

from .delivery import Int
from .tables import Counter

dropped_span = sa.Table(
    "dropped_span",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("series", sa.BigInteger, nullable=False, comment="number of the series"),
    sa.Column("start", sa.BigInteger, nullable=False, comment="µs UTC, the beginning of a civil day"),
    sa.Column("end", sa.BigInteger, nullable=False, comment="µs UTC, the beginning of a civil month or day"),
    sa.Column("readings", sa.BigInteger, nullable=False, comment="counted by the rollups of the days"),
    sa.Column("record_id", sa.Text, nullable=False, comment="the decision in the ledger"),
    sa.Column("decided_at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Column("removed_at", sa.BigInteger, comment="µs UTC when no segment in force held them any more"),
    sa.Index("ix_dropped_span_series_start", "series", "start"),
    sqlite_autoincrement=True,
    comment="Readings dropped by retention; append-only but for removed_at. Rollups and seals of the days stay.",
)


# Asked with every delivery: built once, so that only the values are new.
_OVERLAPPING = (
    sa.select(dropped_span)
    .where(
        dropped_span.c.end > sa.bindparam("begin"),
        dropped_span.c.start < sa.bindparam("until"),
        dropped_span.c.series.between(sa.bindparam("low"), sa.bindparam("high")),
    )
    .order_by(dropped_span.c.series, dropped_span.c.start)
)


@dataclass(frozen=True)
class DroppedSpan:
    """One row of the table; times in µs UTC. ``removed_at`` is None while segments still hold the readings."""

    number: int
    series: int
    start: int
    end: int
    readings: int
    record_id: str
    decided_at: int
    removed_at: int | None


def dropped(
    connection: sa.Connection,
    start: int = -(2**62),
    end: int = 2**62,
    series: Sequence[int] | None = None,
    *,
    pending: bool = False,
) -> list[DroppedSpan]:
    """The spans that overlap [start, end), by series and start; of series between the least and the greatest of
    ``series``; with ``pending`` only those whose readings segments still hold."""
    question = _OVERLAPPING.where(dropped_span.c.removed_at.is_(None)) if pending else _OVERLAPPING
    low, high = (0, 2**62) if series is None else (min(series), max(series))
    asked = connection.execute(question, {"begin": start, "until": end, "low": low, "high": high})
    return [DroppedSpan(**row) for row in asked.mappings()]


def in_dropped(connection: sa.Connection, series: Int, start: Int) -> NDArray[np.bool_] | None:
    """Which intervals lie in a dropped span; None when none of them does."""
    if not len(series):
        return None
    reach = [int(series.min()), int(series.max())]
    spans = dropped(connection, int(start.min()), int(start.max()) + 1, reach)
    inside = np.zeros(len(series), bool)
    for each in spans:
        inside |= (series == each.series) & (start >= each.start) & (start < each.end)
    return inside if inside.any() else None


def outside_dropped(connection: sa.Connection, periods: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The (series, start, end) that overlap no dropped span."""
    if not periods:
        return periods
    spans = dropped(
        connection,
        min(each[1] for each in periods),
        max(each[2] for each in periods),
        [each[0] for each in periods],
    )
    if not spans:
        return periods
    of: dict[int, list[DroppedSpan]] = {}
    for span in spans:
        of.setdefault(span.series, []).append(span)
    return [
        each for each in periods if not any(span.start < each[2] and span.end > each[1] for span in of.get(each[0], ()))
    ]


def require_kept(connection: sa.Connection, series: int, start: int, end: int) -> None:
    """Raises Refusal ``readings-dropped`` when readings of ``series`` in [start, end) were dropped: what needs each
    single one cannot be computed from what is left."""
    spans = dropped(connection, start, end, [series])
    if spans:
        raise Refusal(
            "readings-dropped",
            received=f"{instant(start):%Y-%m-%d}–{instant(end):%Y-%m-%d}",
            expected=instant(max(each.end for each in spans)).isoformat(),
        )
