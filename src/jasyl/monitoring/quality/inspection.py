"""Quality control at work: what arrived is judged with what is known around it, and the verdicts are kept.

Checks come in two tiers. ``near`` ones need at most two days of context and are asked on every turn; all of them are
asked (``deep``) after an import, on demand, and by a server once a day: a day of eleven thousand meters then costs one
look at their last months, not one for each quarter of an hour.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import sqlalchemy as sa

from jasyl.figures import mark_stale
from jasyl.jobs import Progress, Silent
from jasyl.storage import Database, DataFolder, alone, segment_store

from .. import segments, tables
from ..civil_time import interval_end
from ..definitions import definitions as definitions_of
from ..engine import ask
from ..segments import Readings
from ..series import SeriesDefinition
from .alert_table import follow
from .catalogue import Check, checks
from .observation import Floats, Observed, observed, on_grid, rate_of
from .sound_amounts import doubted
from .surroundings import Surroundings, surroundings_of
from .verdict import Verdict, changes, overtaken, within
from .verdict_table import Tier, judged_until, keep, newest_delivery, set_judged, verdicts

DAY = 86_400_000_000
NEAR = 2
LOCK = "quality"
# Facilities judged at once: with quarter hours four months of 200 series are some 100 MB.
CHUNK = 60
FAR = 2**62


@dataclass(frozen=True)
class Inspection:
    """What a run did: series and readings judged, verdict rows added, alerts opened and closed (their numbers)."""

    series: int = 0
    readings: int = 0
    added: tuple[Verdict, ...] = ()
    opened: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Job:
    """A stretch of one series that is to be judged: [start, end) µs UTC."""

    series: int
    start: int
    end: int


@dataclass
class _Known:
    """What a run knows of the installation."""

    definitions: Mapping[int, SeriesDefinition]
    around: Mapping[int, Surroundings]
    received: Mapping[int, int]
    newest: int
    asked: Sequence[Check]
    context: int
    done: list[Inspection] = field(default_factory=list[Inspection])


def inspect(
    database: Database,
    folder: DataFolder,
    now: int,
    *,
    series: Sequence[int] | None = None,
    start: int | None = None,
    end: int | None = None,
    tier: Tier = "deep",
    wait: bool = True,
    progress: Progress | None = None,
) -> Inspection:
    """Judge what arrived since the last run; or ``series`` (numbers) between ``start`` and ``end``, where given.

    Readings are only read. Verdicts, alerts and the outbox of notices are written in one transaction for each portion
    of facilities; a run that was killed is repeated and finds the same. ``now`` is the clock in µs UTC. Raises Refusal
    ``folder-in-use`` when another process is at it and ``wait`` is False.
    """
    progress = progress or Silent()
    chosen = series is not None or start is not None or end is not None
    with alone(folder, database, LOCK, wait=wait):
        with database.reading() as connection:
            known = _known(connection, tier)
            since, _ = judged_until(connection, tier)
            jobs = (
                _asked(connection, folder, known, series, start, end)
                if chosen
                else _arrived(connection, folder, known, since)
            )
        for at, portion in enumerate(portions := list(_portions(jobs, known))):
            progress.step("quality-step", at, len(portions))
            _judge(database, folder, known, portion, now)
        if not chosen and known.newest > since:
            with database.writing(visible=False) as connection:
                set_judged(connection, tier, known.newest, now)
                if tier == "deep":
                    set_judged(connection, "near", known.newest, now)
        progress.step("quality-step", len(portions), len(portions))
    return _together(known.done)


def anything_new(connection: sa.Connection, tier: Tier) -> bool:
    """Whether :func:`inspect` would find deliveries that were not judged; asked every minute, so it only reads."""
    return newest_delivery(connection) > judged_until(connection, tier)[0]


def _known(connection: sa.Connection, tier: Tier) -> _Known:
    defined = definitions_of(connection)
    asked = [each for each in checks() if tier == "deep" or each.context <= NEAR]
    held = tables.reading_source
    received = {row[0]: row[1] for row in connection.execute(sa.select(held.c.number, held.c.received_at))}
    context = max((each.context for each in asked), default=0)
    return _Known(
        defined, surroundings_of(connection, defined), received, newest_delivery(connection), asked, max(context, 1)
    )


def _asked(
    connection: sa.Connection,
    folder: DataFolder,
    known: _Known,
    series: Sequence[int] | None,
    start: int | None,
    end: int | None,
) -> list[_Job]:
    """The stretches that have readings, of all series or those asked for."""
    spans = _spans(connection, folder, -1, series)
    first, last = (-FAR if start is None else start), (FAR if end is None else end)
    cut = (_Job(each.series, max(each.start, first), min(each.end, last)) for each in spans)
    return [each for each in cut if each.start < each.end and each.series in known.definitions]


def _arrived(connection: sa.Connection, folder: DataFolder, known: _Known, since: int) -> list[_Job]:
    """Where readings came after delivery ``since``; other series of the facility are judged again with them."""
    if known.newest <= since:
        return []
    jobs: list[_Job] = []
    of_facility: dict[str, list[int]] = {}
    for number, each in known.definitions.items():
        of_facility.setdefault(each.facility_id, []).append(number)
    containing = {part: whole for whole, each in known.around.items() for part in each.parts}
    for span in _spans(connection, folder, since, None):
        if span.series not in known.definitions:
            continue
        touched = {span.series, containing.get(span.series, span.series)}
        touched.update(
            each for each in of_facility[known.definitions[span.series].facility_id]
            if span.series in known.around[each].needed
        )  # fmt: skip
        jobs += [_Job(number, span.start, span.end) for number in sorted(touched)]
    return jobs


def _spans(connection: sa.Connection, folder: DataFolder, since: int, series: Sequence[int] | None) -> list[_Job]:
    """For each series the stretches of neighbouring months in which readings of later deliveries lie."""
    held = tables.segment
    question = sa.select(held.c.file, held.c.sha256).where(held.c.superseded_at.is_(None), held.c.max_source > since)
    wanted = [(row.file, row.sha256) for row in connection.execute(question)]
    files = [str(path) for path in segment_store(folder).paths(wanted)]
    if not files or (series is not None and not series):
        return []
    found = ask(
        "select series::bigint as series, min(start) as first, max(start) as last from read_parquet($files)"
        " where source > $since and ($every or series in (select unnest($series)))"
        " group by series, start // 2592000000000 order by series, first",
        {"files": files, "since": since, "every": series is None, "series": list(series or [0])},
    )
    spans: list[_Job] = []
    rows = zip(found["series"].tolist(), found["first"].tolist(), found["last"].tolist(), strict=True)
    for number, first, last in rows:
        if spans and spans[-1].series == number and first - spans[-1].end < 45 * DAY:
            spans[-1] = _Job(number, spans[-1].start, last + 1)
        else:
            spans.append(_Job(number, first, last + 1))
    return spans


def _portions(jobs: Sequence[_Job], known: _Known) -> Iterator[list[_Job]]:
    """Jobs of some facilities at a time, so that companions are read once."""
    of_facility: dict[str, list[_Job]] = {}
    for each in dict.fromkeys(jobs):
        of_facility.setdefault(known.definitions[each.series].facility_id, []).append(each)
    groups = list(of_facility.values())
    for at in range(0, len(groups), CHUNK):
        yield [each for group in groups[at : at + CHUNK] for each in group]


def _judge(database: Database, folder: DataFolder, known: _Known, jobs: list[_Job], now: int) -> None:
    reach = 2 * known.context * DAY
    numbers = {each.series for each in jobs} | {near for each in jobs for near in known.around[each.series].needed}
    low, high = min(each.start for each in jobs) - reach, max(each.end for each in jobs) + reach
    rows: list[Verdict] = []
    judged = 0
    with database.reading() as connection:
        every = segments.read(connection, folder, sorted(numbers), low, high)
        for job in jobs:
            seen, readings = _seen(known, every, job, reach)
            if seen is None:
                continue
            judged += int(np.count_nonzero(seen.there & (seen.start >= job.start) & (seen.start < job.end)))
            before = verdicts(connection, [job.series], int(seen.start[0]), _end(seen, len(seen) - 1), cleared=True)
            for check in known.asked:
                rows += _rows(known, check, seen, readings, job, [each for each in before if each.check == check.id])
    opened: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    with database.writing(visible=bool(rows)) as connection:
        if rows:
            keep(connection, rows, now)
            mark_stale(connection, doubted(rows, known.definitions), now)
            opened, closed = follow(connection, folder, known.definitions, rows, now)
    known.done.append(Inspection(len({each.series for each in jobs}), judged, tuple(rows), opened, closed))


def _seen(known: _Known, every: Readings, job: _Job, reach: int) -> tuple[Observed | None, Readings]:
    """The series with its context and everything around it on the same grid."""

    def of(number: int) -> Readings:
        low, high = np.searchsorted(every.series, [number, number + 1])
        rows = every.take(np.arange(low, high))
        first, last = np.searchsorted(rows.start, [job.start - reach, job.end + reach])
        return rows.take(np.arange(first, last))

    mine, around = of(job.series), known.around[job.series]
    if not len(mine):
        return None, mine
    series = known.definitions[job.series]
    bare = observed(series, mine, known.received)

    def rates(number: int) -> Floats:
        other, definition = of(number), known.definitions[number]
        return rate_of(on_grid(bare.start, other.start, other.value) / 10**definition.scale, definition)

    parts = [rates(number) for number in around.parts]
    seen = observed(
        series, mine, known.received,
        family=around.family,
        place=around.place,
        irradiance=None if around.irradiance is None else rates(around.irradiance),
        wind=None if around.wind is None else rates(around.wind),
        parts=np.sum(parts, axis=0) if parts else None,
        twins={known.definitions[number].id: rates(number) for number in around.twins},
    )  # fmt: skip
    return seen, mine


def _end(seen: Observed, last: int) -> int:
    return interval_end(int(seen.start[last]), seen.series.interval, seen.series.time_zone)


def _rows(
    known: _Known, check: Check, seen: Observed, readings: Readings, job: _Job, before: Sequence[Verdict]
) -> list[Verdict]:
    """What a check changes: findings within its reach around the readings that arrived."""
    reach = max(check.context, 1) * DAY
    earlier = readings.start[readings.start < job.start]
    # A gap before what arrived began behind the last reading there.
    low = min(job.start - reach, int(earlier[-1]) if len(earlier) else job.start)
    low, high = max(low, int(seen.start[0])), min(job.end + reach, _end(seen, len(seen) - 1))
    found: list[Verdict] = []
    for each in check.ask(seen):
        start, end = max(int(seen.start[each.first]), low), min(_end(seen, each.last - 1), high)
        if start < end:
            inside = (readings.start >= start) & (readings.start < end)
            found.append(
                Verdict(
                    job.series, check.id, check.version, start, end, check.severity, int(inside.sum()),
                    each.evidence[:60], known.newest,
                )
            )  # fmt: skip
    held = [piece for each in before if (piece := within(each, low, high)) is not None]
    standing: list[Verdict] = []
    for each in held:
        pieces = overtaken(each, readings.start, readings.source, seen.series.interval) if each.by_hand else [each]
        standing += pieces
    return changes(standing, found)


def _together(done: Sequence[Inspection]) -> Inspection:
    return Inspection(
        sum(each.series for each in done),
        sum(each.readings for each in done),
        tuple(row for each in done for row in each.added),
        tuple(number for each in done for number in each.opened),
        tuple(number for each in done for number in each.closed),
    )
