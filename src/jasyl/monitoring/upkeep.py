"""What has to happen after readings came in: closed days sealed, figures made again, old files put away.

A server does it every minute, a command after an import; both through here, one at a time over one database.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from jasyl.emissions import avoided_gatherers
from jasyl.emissions.inventory.figures import inventory_gatherers
from jasyl.emissions.plants import plant_gatherers
from jasyl.figures import Change, FigureKind, Recomputation, Statement, StoredFigure, mark_stale, recompute
from jasyl.figures.tables import depends_on, stale_figure
from jasyl.ledger import log_origin
from jasyl.quantities import instant
from jasyl.registry import latest_assertion
from jasyl.storage import Database, DataFolder, alone, write_durably

from .compaction import GRACE_SECONDS, compact, fragmented, tidy
from .definitions import definitions
from .dynamics_figures import REGISTER, dynamics_gatherers, dynamics_kind
from .forecast_figures import forecast_gatherers
from .methods import changes, gatherers
from .performance_figures import performance_gatherers
from .performance_ratios import ratio_gatherers
from .quality.sound_amounts import sound_gatherers
from .quality.statement_message import tell_outdated
from .savings_figures import savings_gatherers
from .sealing import DELAY, anything_due, seal_days
from .seals import SealedDay
from .signed_deliveries import forget_unused
from .sweeping import sweep

LOCK = "upkeep"


@dataclass(frozen=True)
class Upkeep:
    """``sealed`` days, figures ``changed`` by them, figures ``left`` because their method is retired, and the
    published ``statements`` whose number is no longer the current one.
    """

    sealed: tuple[SealedDay, ...]
    changed: tuple[Change, ...]
    left: tuple[StoredFigure, ...]
    statements: tuple[Statement, ...]


def figure_kind(folder: DataFolder) -> FigureKind:
    """The kind of figures made from readings: training data stays training data."""
    return "training" if folder.kind == "training" else "observed"


def bring_up_to_date(
    database: Database, folder: DataFolder, now: int, *, author: str, wait: bool = True, delay: int | None = None
) -> Upkeep:
    """Seal every closed day, mark what depends on it, make those figures again; ``now`` is the clock in µs UTC.

    Days and marks are written in one transaction: a crash in between leaves no figure that looks current and is not.
    Nothing is written when nothing is due. ``delay`` µs pass after a day's end before it is sealed (None: the usual
    hour). Raises Refusal ``folder-in-use`` when another process is at it and ``wait`` is False.
    """
    with alone(folder, database, LOCK, wait=wait):
        pause = DELAY if delay is None else delay
        with database.reading() as connection:
            defined = definitions(connection)
            due = anything_due(connection, defined, now, pause, folder)

        def mark(connection: sa.Connection, days: tuple[SealedDay, ...]) -> None:
            mark_stale(connection, changes(days), now)

        sealed: tuple[SealedDay, ...] = ()
        if due:
            origin = log_origin(folder)
            sealed = seal_days(
                database, folder, defined, now, log_origin=origin, author=author, delay=pause, within=mark
            )
        _follow_register(database, folder, now)
        made = _recompute(database, folder, now)
    return Upkeep(sealed, made.changed, made.left, made.statements)


def _follow_register(database: Database, folder: DataFolder, now: int) -> None:
    """Mark what was counted from the register stale when anything was recorded since the last look.

    Whoever wrote (an import, a merge, a form) need not know of figures. The note is written after the marks: a crash
    in between only looks once more.
    """
    note = folder.readings / ".register.json"
    with database.reading() as connection:
        newest = latest_assertion(connection)
        counted = connection.execute(sa.select(depends_on.c.figure).where(depends_on.c.kind == REGISTER.kind).limit(1))
        nothing = counted.first() is None
    if nothing or _seen(note) == newest:
        return
    with database.writing() as connection:
        mark_stale(connection, [REGISTER], now)
    write_durably(note, json.dumps({"assertion": newest}).encode())


def _seen(note: Path) -> int | None:
    try:
        return json.loads(note.read_bytes())["assertion"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _recompute(database: Database, folder: DataFolder, now: int) -> Recomputation:
    with database.reading() as connection:
        if not _any_stale(connection):
            return Recomputation((), (), ())
    with database.writing() as connection:
        defined, kind = definitions(connection), figure_kind(folder)
        ways = {
            **gatherers(defined, kind),
            **sound_gatherers(defined, folder, kind),
            **performance_gatherers(defined, folder, kind),
            **ratio_gatherers(defined, kind),
            **avoided_gatherers(kind),
            **plant_gatherers(kind),
            **inventory_gatherers(),
            **savings_gatherers(folder, kind),
            **dynamics_gatherers(dynamics_kind(kind)),
            **forecast_gatherers(kind),
        }
        made = recompute(connection, ways, now)
        tell_outdated(connection, folder, made.statements, now)
        return made


def _any_stale(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(stale_figure.c.figure).limit(1)).first() is not None


@dataclass(frozen=True)
class Housekeeping:
    """Months (yyyymm) whose segments were joined, and the number of files removed."""

    joined: tuple[int, ...]
    removed: int


def keep_house(database: Database, folder: DataFolder, now: int, *, wait: bool = True) -> Housekeeping:
    """Join the segments of fragmented months, take dropped readings out, remove files nobody needs.

    Raises Refusal ``folder-in-use``.
    """
    with alone(folder, database, LOCK, wait=wait):
        with database.reading() as connection:
            months = fragmented(connection)
        joined = tuple(month for month in months if compact(database, folder, month, now) is not None)
        sweep(database, folder, now)
        gone = tidy(database, folder, now)
        with database.reading() as connection:
            unused = forget_unused(connection, folder, GRACE_SECONDS)
        day = instant(now).date().isoformat()
        write_durably(_noted(folder), json.dumps({"tidied": day}).encode())
    return Housekeeping(joined, len(gone.superseded) + len(gone.orphans) + unused)


def house_kept_on(folder: DataFolder) -> str | None:
    """The UTC day of the last :func:`keep_house`, or None."""
    try:
        return json.loads(_noted(folder).read_bytes())["tidied"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _noted(folder: DataFolder) -> Path:
    return folder.readings / ".housekeeping.json"
