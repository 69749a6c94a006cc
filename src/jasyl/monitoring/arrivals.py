"""What arrived since a delivery: the series that got readings, from the manifest alone.

Whoever asks keeps a number, the last delivery he knows of, and asks again: so any number of processes see the same
arrivals without telling each other.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from jasyl.storage import DataFolder, segment_store

from . import tables
from .engine import ask


@dataclass(frozen=True)
class Arrival:
    """Readings of one series that came: how many, and the newest start among them (µs UTC)."""

    series: int
    readings: int
    newest: int


def last_delivery(connection: sa.Connection) -> int:
    """The number of the last delivery that the rollups know, with all before it; 0 where there is none.

    Deliveries behind it are on disk, but a page of days would not show them yet.
    """
    held = tables.reading_source
    pending = connection.execute(sa.select(sa.func.min(held.c.number)).where(held.c.rolled_up.is_(False))).scalar()
    known = sa.select(sa.func.coalesce(sa.func.max(held.c.number), 0))
    if pending is not None:
        known = known.where(held.c.number < pending)
    return int(connection.execute(known).scalar_one())


def arrivals(connection: sa.Connection, folder: DataFolder, after: int, until: int) -> tuple[Arrival, ...]:
    """The series that deliveries ``after`` < number <= ``until`` brought readings of, by their numbers."""
    held = tables.segment
    question = sa.select(held.c.file, held.c.sha256).where(held.c.superseded_at.is_(None), held.c.max_source > after)
    files = [(row.file, row.sha256) for row in connection.execute(question)]
    names = [str(path) for path in segment_store(folder).paths(files)]
    if not names or until <= after:
        return ()
    found = ask(
        "select series::bigint as series, count(*) as readings, max(start) as newest from read_parquet($files)"
        " where source > $after and source <= $until group by series order by series",
        {"files": names, "after": after, "until": until},
    )
    columns = (found[name].tolist() for name in ("series", "readings", "newest"))
    return tuple(Arrival(*row) for row in zip(*columns, strict=True))
