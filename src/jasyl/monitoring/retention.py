"""Retention: single readings older than so many months are dropped; their sums, seals and verdicts stay.

Only days that are summed up and sealed are dropped, whole civil days up to the beginning of a civil month. Three
steps, each of which may be the last before a power cut: the decision (a record for the ledger and the spans, one
transaction) counts from then on; segments are written anew without the readings, a month a transaction; the old files
go with ``tidy``. ``sweep`` takes up what was left undone.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from jasyl import ledger
from jasyl.quantities import canonical_json, instant, microseconds
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from . import segments, tables
from .dropped_spans import DroppedSpan, dropped, dropped_span
from .readings_lock import lock_segments
from .seals import erased
from .series import SeriesDefinition
from .sweeping import sweep
from .upkeep import bring_up_to_date

RULES, RULES_VERSION = "jasyl-retention", "1"
_TRIES = 5


@dataclass(frozen=True)
class Drop:
    """What a rule would drop of one series: whole days in [start, end), µs UTC, with the readings they count.

    ``unsealed`` is the beginning of the first day that is not sealed as it stands, where that day ends the span.
    """

    series: int
    start: int
    end: int
    readings: int
    days: int
    unsealed: int | None = None


@dataclass(frozen=True)
class Dropping:
    """What was decided: the record of the decision (None when there was nothing to drop), spans, files written anew."""

    record_id: str | None
    drops: tuple[Drop, ...]
    months: tuple[int, ...]


def cut(keep_months: int, now: int, series: SeriesDefinition) -> int:
    """µs UTC of the beginning of the civil month before which readings are not kept.

    ``keep_months`` whole months before the current one stay. Raises Refusal ``retention-months``.
    """
    if not 1 <= keep_months <= 1200:
        raise Refusal("retention-months", received=str(keep_months), expected="1–1200")
    local = instant(now).astimezone(series.time_zone)
    months = local.year * 12 + local.month - 1 - keep_months
    return microseconds(dt.datetime(months // 12, months % 12 + 1, 1, tzinfo=series.time_zone))


def plan(
    connection: sa.Connection, definitions: Mapping[int, SeriesDefinition], keep_months: int, now: int
) -> tuple[Drop, ...]:
    """What would be dropped of the series in ``definitions``, by number; nothing is changed."""
    drops: list[Drop] = []
    for number, series in sorted(definitions.items()):
        drops += _of_series(connection, series, number, cut(keep_months, now, series))
    return tuple(drops)


def _of_series(connection: sa.Connection, series: SeriesDefinition, number: int, before: int) -> Iterable[Drop]:
    rolled, sealed = tables.rollup, tables.sealed_day
    in_force = sa.and_(
        sealed.c.series == rolled.c.series, sealed.c.start == rolled.c.start, sealed.c.superseded_by.is_(None)
    )
    question = (
        sa.select(rolled.c.start, rolled.c.end, rolled.c.count, sealed.c.source >= rolled.c.source)
        .select_from(rolled.outerjoin(sealed, in_force))
        .where(rolled.c.series == number, rolled.c.granularity == "day", rolled.c.end <= before)
    )
    days = connection.execute(question.order_by(rolled.c.start)).all()
    gone = erased(connection, series.id)  # nothing of it will ever be sealed
    unsealed = next((start for start, _, _, covered in days if not covered and not gone), None)
    end = before if unsealed is None else unsealed
    for first, last in _free(days[0][0] if days else end, end, dropped(connection, series=[number])):
        inside = [(start, count) for start, _, count, _ in days if first <= start < last]
        if inside:
            readings = sum(count for _, count in inside)
            yield Drop(number, inside[0][0], last, readings, len(inside), unsealed if last == unsealed else None)


def _free(start: int, end: int, taken: Sequence[DroppedSpan]) -> Iterable[tuple[int, int]]:
    """[start, end) without the spans that are dropped already, which are in order."""
    for each in taken:
        if each.start > start:
            yield start, min(each.start, end)
        start = max(start, each.end)
    if start < end:
        yield start, end


def drop(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    keep_months: int,
    now: int,
    *,
    author: str,
    reason: str,
) -> Dropping:
    """Decide on what :func:`plan` finds once everything that arrived is summed up and sealed, and remove it.

    Raises Refusal ``retention-months``, and ``retention-busy`` when late readings of that time keep arriving.
    """
    for _ in range(_TRIES):
        bring_up_to_date(database, folder, now, author=author)
        with database.writing() as connection:
            lock_segments(connection)
            drops = plan(connection, definitions, keep_months, now)
            if _arriving(connection, max((each.end for each in drops), default=0)):
                continue
            record = _decide(connection, folder, definitions, drops, keep_months, now, author, reason)
        return Dropping(record, drops, sweep(database, folder, now))
    raise Refusal("retention-busy", received=str(_TRIES))


def _arriving(connection: sa.Connection, end: int) -> bool:
    """Whether deliveries that the rollups do not know may reach before ``end``."""
    source, held = tables.reading_source, tables.segment
    pending = connection.execute(sa.select(sa.func.min(source.c.number)).where(source.c.rolled_up.is_(False))).scalar()
    if pending is None:
        return False
    return bool(segments.in_force(connection, held.c.max_source >= pending, held.c.min_start < end))


def _decide(
    connection: sa.Connection,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    drops: Sequence[Drop],
    keep_months: int,
    now: int,
    author: str,
    reason: str,
) -> str | None:
    if not drops:
        return None
    listed = [[definitions[each.series].id, each.start, each.end, each.readings] for each in drops]
    record = ledger.Decision(
        log_origin=ledger.log_origin(folder),
        issued=ledger.issued_now(instant(now)),
        author=author,
        subject="readings",
        rules=RULES,
        rules_version=RULES_VERSION,
        payload={
            "keep_months": keep_months,
            "reason": reason[:400],
            "series": len({each.series for each in drops}),
            "days": sum(each.days for each in drops),
            "readings": sum(each.readings for each in drops),
            # Of [series, start, end, readings] of each span, canonical JSON: the list itself stays in the table.
            "spans_sha256": sha256(canonical_json(listed)).hexdigest(),
        },
        actor=author,
    )
    identity = ledger.enqueue(connection, record)
    names = ("series", "start", "end", "readings")
    rows = [{name: getattr(each, name) for name in names} for each in drops]
    connection.execute(sa.insert(dropped_span), [{**row, "record_id": identity, "decided_at": now} for row in rows])
    return identity
