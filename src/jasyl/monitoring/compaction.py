"""Fewer, larger segments: a month's segments become one; replaced and orphaned files go after a grace."""

import re
import time
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from jasyl.quantities import sha256_hex
from jasyl.storage import Database, DataFolder, segment_store

from . import segments, tables
from .engine import ask
from .readings_lock import lock_segments
from .segments import Readings

# Longer than any reader holds the manifest it read; a chart takes milliseconds, a rebuild of everything minutes.
GRACE_SECONDS = 3600
_OURS = re.compile(r"\.?\d{6}-[0-9A-Z]{26}\.parquet(\.\d+\.new)?")


@dataclass(frozen=True)
class Tidied:
    """Files removed: ``superseded`` by compaction, and ``orphans`` that a crash left without a manifest row."""

    superseded: tuple[str, ...]
    orphans: tuple[str, ...]


def compact(database: Database, folder: DataFolder, month: int, now: int) -> segments.Segment | None:
    """Put all segments of a UTC month (yyyymm) into one, every revision kept; None when there is nothing to join.

    Readers in the middle of an answer keep the old files; see :func:`tidy`. Sealed days do not notice: their roots
    are over readings, not over files.
    """
    with database.writing(visible=False) as connection:
        lock_segments(connection)
        held = tables.segment
        mine = sa.and_(held.c.month == month, held.c.superseded_at.is_(None))
        found = connection.execute(sa.select(held.c.number, held.c.file, held.c.sha256, held.c.rows).where(mine)).all()
        if len(found) < 2:
            return None
        columns = ask(
            "select series, start, value, revision, source from read_parquet($files)",
            {"files": [str(path) for path in segment_store(folder).paths((row.file, row.sha256) for row in found)]},
        )
        joined = segments.add(connection, folder, Readings.of(columns), now)
        assert len(joined) == 1 and joined[0].rows == sum(row.rows for row in found)
        connection.execute(
            sa.update(held)
            .where(held.c.number.in_([row.number for row in found]))
            .values(superseded_at=now, superseded_by=joined[0].number)
        )
    return joined[0]


def fragmented(connection: sa.Connection, most: int = 8) -> list[int]:
    """Months that have more than ``most`` segments in force, the most broken first."""
    held = tables.segment
    count = sa.func.count()
    question = sa.select(held.c.month).where(held.c.superseded_at.is_(None)).group_by(held.c.month).having(count > most)
    return list(connection.execute(question.order_by(count.desc(), held.c.month)).scalars())


def orphans(connection: sa.Connection, folder: DataFolder, grace: float = GRACE_SECONDS) -> list[str]:
    """Names of files of ours that no manifest row names, older than ``grace`` seconds (younger: on their way in)."""
    before = time.time() - grace
    known = set(connection.execute(sa.select(tables.segment.c.file)).scalars())
    return [
        each.name
        for each in segment_store(folder).listed()
        if _OURS.fullmatch(each.name) and each.name not in known and each.written <= before
    ]


def tidy(database: Database, folder: DataFolder, now: int, grace: float = GRACE_SECONDS) -> Tidied:
    """Remove files that compaction replaced and files that a crash left behind, both older than ``grace`` seconds."""
    held = tables.segment
    with database.writing(visible=False) as connection:
        lock_segments(connection)
        lost = orphans(connection, folder, grace)
        old = held.c.superseded_at <= now - int(grace * 1_000_000)
        gone = list(connection.execute(sa.select(held.c.file).where(old)).scalars())
        segment_store(folder).remove([*lost, *gone])
        # The row goes after the file: a crash in between repeats the removal, never forgets the file.
        connection.execute(sa.delete(held).where(old))
    return Tidied(tuple(gone), tuple(lost))


def damaged(connection: sa.Connection, folder: DataFolder) -> list[str]:
    """Segments in force whose bytes are not those of the manifest, or that are missing."""
    held = tables.segment
    found = connection.execute(sa.select(held.c.file, held.c.sha256).where(held.c.superseded_at.is_(None))).all()
    store = segment_store(folder)
    contents = ((name, known, store.content(name)) for name, known in found)
    return [name for name, known, content in contents if content is None or sha256_hex(content) != known]


def unfit(connection: sa.Connection, folder: DataFolder) -> tuple[int, list[str]]:
    """How many segments are in force, and those that are missing or of another size; no file is opened for it."""
    held = tables.segment
    found = connection.execute(sa.select(held.c.file, held.c.bytes).where(held.c.superseded_at.is_(None))).all()
    lying = {each.name: each.bytes for each in segment_store(folder).listed()}
    return len(found), [row.file for row in found if lying.get(row.file) != row.bytes]


def bytes_per_reading(connection: sa.Connection) -> float:
    """Bytes on disk for each stored reading, NaN when there is none."""
    held = tables.segment
    totals = connection.execute(
        sa.select(sa.func.sum(held.c.bytes), sa.func.sum(held.c.rows)).where(held.c.superseded_at.is_(None))
    ).one()
    return float(totals[0] / totals[1]) if totals[1] else float(np.nan)
