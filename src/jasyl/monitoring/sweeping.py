"""Taking dropped readings out of the segments that hold them."""

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa

from jasyl.storage import Database, DataFolder

from . import segments, tables
from .dropped_spans import DroppedSpan, dropped, dropped_span
from .engine import arrow, ask
from .readings_lock import lock_segments
from .segments import Readings


def sweep(database: Database, folder: DataFolder, now: int) -> tuple[int, ...]:
    """Write the segments that hold dropped readings anew without them; the months (yyyymm) that were.

    Readers in the middle of an answer keep the old files until ``tidy``. Does nothing when nothing is left to do.
    """
    with database.reading() as connection:
        spans = dropped(connection, pending=True)
        if not spans:
            return ()
        held = tables.segment
        reach = min(each.start for each in spans), max(each.end for each in spans)
        found = segments.in_force(connection, held.c.max_start >= reach[0], held.c.min_start < reach[1])
    months = tuple(
        month for month in sorted({each.month for each in found}) if _without(database, folder, month, spans, now)
    )
    with database.writing(visible=False) as connection:
        done = sa.update(dropped_span).where(dropped_span.c.number.in_([each.number for each in spans]))
        connection.execute(done.values(removed_at=now))
    return months


def _without(database: Database, folder: DataFolder, month: int, spans: Sequence[DroppedSpan], now: int) -> bool:
    """Put one segment without the spans in the place of a month's segments; whether any reading was dropped."""
    columns = {name: np.array([getattr(each, name) for each in spans], np.int64) for name in ("series", "start", "end")}
    with database.writing() as connection:
        lock_segments(connection)
        held = tables.segment
        found = segments.in_force(connection, held.c.month == month)
        kept = Readings.of(
            ask(
                "select series, start, value, revision, source from read_parquet($files) r where not exists (select 1"
                ' from spans s where s.series = r.series and r.start >= s.start and r.start < s."end")',
                {"files": segments.local_names(folder, found)},
                spans=arrow(columns),
            )
        )
        if len(kept) == sum(each.rows for each in found):
            return False
        made = segments.add(connection, folder, kept, now)
        gone = sa.update(held).where(held.c.number.in_([each.number for each in found]))
        connection.execute(gone.values(superseded_at=now, superseded_by=made[0].number if made else None))
    return True
