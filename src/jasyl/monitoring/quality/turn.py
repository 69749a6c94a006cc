"""One turn of quality control for servers and commands: judge what arrived, watch for silence, send messages."""

import dataclasses

from jasyl.jobs import Progress
from jasyl.storage import Database, DataFolder

from ..definitions import definitions
from .alert_table import watch_silence
from .inspection import Inspection, anything_new, inspect
from .notices import Sent, anything_to_send, send_notices
from .verdict_table import judged_until

DAY = 86_400_000_000


def quality_turn(
    database: Database, folder: DataFolder, now: int, *, wait: bool = True, progress: Progress | None = None
) -> tuple[Inspection, Sent]:
    """Judge what arrived (all checks once a UTC day, else those that need little), then silence, then the outbox.

    Nothing is written when nothing is due. ``now`` is the clock in µs UTC. Raises Refusal ``folder-in-use`` when
    another process is at it and ``wait`` is False.
    """
    with database.reading() as connection:
        deep = anything_new(connection, "deep") and judged_until(connection, "deep")[1] // DAY < now // DAY
        near = anything_new(connection, "near")
    done = Inspection()
    if deep or near:
        done = inspect(database, folder, now, tier="deep" if deep else "near", wait=wait, progress=progress)
    done = _silence(database, folder, now, done)
    with database.reading() as connection:
        due = anything_to_send(connection, now)
    return done, send_notices(database, folder, now, wait=wait) if due else Sent()


def _silence(database: Database, folder: DataFolder, now: int, done: Inspection) -> Inspection:
    """Silence changes by the day, so it is looked for in the minutes behind a whole hour, and after each judgement."""
    if not done.series and now % (DAY // 24) > DAY // 24 // 30:
        return done
    with database.writing(visible=False) as connection:
        opened, closed = watch_silence(connection, folder, definitions(connection), now)
    return dataclasses.replace(done, opened=(*done.opened, *opened), closed=(*done.closed, *closed))
