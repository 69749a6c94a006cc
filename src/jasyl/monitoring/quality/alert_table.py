"""Alerts: what somebody should look at, opened and closed by quality control, acknowledged and closed by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..series import SeriesDefinition
from ..tables import alert as held
from ..tables import alert_event, notice, rollup
from .alert_settings import channels
from .verdict import QUALITY, Verdict
from .verdict_table import verdicts

State = Literal["open", "acknowledged", "closed"]
SILENT = "silent"
DAY = 86_400_000_000
# A series is silent from two days on; one that has said nothing for a month belongs to the past, not to an alert.
QUIET_DAYS, PAST_DAYS = 2, 30
FAR = 2**62


@dataclass(frozen=True)
class Alert:
    """One alert; times in µs UTC. ``changed_by`` is 'quality' or an account, ``note`` what that person wrote."""

    number: int
    facility_id: str
    series: int
    check: str
    severity: str
    evidence: str
    start: int
    end: int
    opened_at: int
    state: State
    changed_at: int
    changed_by: str
    note: str | None


@dataclass(frozen=True)
class AlertEvent:
    """One step in the life of an alert."""

    state: State
    at: int
    actor: str
    note: str | None


def follow(
    connection: sa.Connection,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    rows: Sequence[Verdict],
    now: int,
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Open alerts for verdicts that were just kept, close those of which nothing is left; (opened, closed) numbers.

    One alert stands for a series and check until it is closed; further findings lengthen it. What a person closed
    stays closed until something new is found.
    """
    opened: list[int] = []
    closed: list[int] = []
    of_alert: dict[tuple[int, str], list[Verdict]] = {}
    for each in rows:
        of_alert.setdefault((each.series, each.check), []).append(each)
    for (series, check), mine in of_alert.items():
        standing = _standing(connection, series, check)
        found = [each for each in mine if each.verdict != "cleared"]
        if found and standing:
            _lengthen(connection, standing, found)
        elif found:
            opened.append(_open(connection, folder, definitions[series].facility_id, found, now))
        elif standing and not any(each.check == check for each in verdicts(connection, [series], -FAR, FAR)):
            _step(connection, folder, standing.number, "closed", mine[0].actor, mine[0].note, now)
            closed.append(standing.number)
    return tuple(opened), tuple(closed)


def watch_silence(
    connection: sa.Connection, folder: DataFolder, definitions: Mapping[int, SeriesDefinition], now: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Alerts for series from which nothing came for two days (and something within the month before); (opened, closed).

    The incident: a gateway loses its line and nobody misses it until the monthly report. No reading can be judged, so
    there is no verdict, only the alert; it closes when readings come. ``now`` is the clock in µs UTC.
    """
    last = sa.select(rollup.c.series, sa.func.max(rollup.c.end)).where(rollup.c.granularity == "day")
    opened: list[int] = []
    closed: list[int] = []
    for series, end in connection.execute(last.group_by(rollup.c.series)).all():
        if series not in definitions:
            continue
        standing = _standing(connection, series, SILENT)
        quiet = now - end
        if standing and quiet < QUIET_DAYS * DAY:
            _step(connection, folder, standing.number, "closed", QUALITY, None, now)
            closed.append(standing.number)
        elif not standing and QUIET_DAYS * DAY <= quiet < PAST_DAYS * DAY and not _known(connection, series, end):
            row = Verdict(series, SILENT, "1.0.0", int(end), now, "suspect", 0, "", 0)
            opened.append(_open(connection, folder, definitions[series].facility_id, [row], now))
    return tuple(opened), tuple(closed)


def change(
    connection: sa.Connection, folder: DataFolder, number: int, state: State, *, actor: str, note: str, now: int
) -> Alert:
    """A person acknowledges, closes or opens an alert again. Raises Refusal ``unknown-alert`` or ``alert-state``."""
    found = alert_of(connection, number)
    if found is None:
        raise Refusal("unknown-alert", received=str(number))
    if found.state == state or (state == "acknowledged" and found.state == "closed"):
        raise Refusal("alert-state", received=str(number), expected=found.state)
    _step(connection, folder, number, state, actor, note.strip()[:2000] or None, now)
    changed = alert_of(connection, number)
    assert changed is not None
    return changed


def alerts(
    connection: sa.Connection, *, states: Sequence[State] = ("open", "acknowledged"), limit: int = 1000
) -> list[Alert]:
    """Alerts in the given states, the newest first."""
    question = sa.select(held).where(held.c.state.in_(states)).order_by(held.c.opened_at.desc(), held.c.number.desc())
    return [_alert(row) for row in connection.execute(question.limit(limit)).mappings()]


def alert_of(connection: sa.Connection, number: int) -> Alert | None:
    """The alert of one number."""
    row = connection.execute(sa.select(held).where(held.c.number == number)).mappings().first()
    return _alert(row) if row else None


def events_of(connection: sa.Connection, number: int) -> list[AlertEvent]:
    """The history of an alert, in order."""
    kept = alert_event
    question = sa.select(kept.c.state, kept.c.at, kept.c.actor, kept.c.note).where(kept.c.alert == number)
    return [AlertEvent(*row) for row in connection.execute(question.order_by(kept.c.number))]


def _alert(row: Any) -> Alert:
    return Alert(**{name: row[name] for name in Alert.__dataclass_fields__})


def _standing(connection: sa.Connection, series: int, check: str) -> Alert | None:
    mine = sa.select(held).where(held.c.series == series, held.c.check == check, held.c.state != "closed")
    row = connection.execute(mine.order_by(held.c.number.desc())).mappings().first()
    return _alert(row) if row else None


def _known(connection: sa.Connection, series: int, start: int) -> bool:
    mine = sa.select(held.c.number).where(held.c.series == series, held.c.check == SILENT, held.c.start == start)
    return connection.execute(mine).first() is not None


def _lengthen(connection: sa.Connection, standing: Alert, found: Sequence[Verdict]) -> None:
    values = {
        "start": min(standing.start, *(each.start for each in found)),
        "end": max(standing.end, *(each.end for each in found)),
        "evidence": found[-1].evidence,
    }
    connection.execute(sa.update(held).where(held.c.number == standing.number).values(values))


def _open(connection: sa.Connection, folder: DataFolder, facility_id: str, found: Sequence[Verdict], now: int) -> int:
    first = found[0]
    row = {
        "facility_id": facility_id,
        "series": first.series,
        "check": first.check,
        "severity": "wrong" if any(each.verdict == "wrong" for each in found) else "suspect",
        "evidence": found[-1].evidence,
        "start": min(each.start for each in found),
        "end": max(each.end for each in found),
        "opened_at": now,
        "state": "open",
        "changed_at": now,
        "changed_by": first.actor,
        "note": first.note,
    }
    key = connection.execute(sa.insert(held).values(row)).inserted_primary_key
    assert key is not None
    _event(connection, folder, int(key[0]), "open", first.actor, first.note, now)
    return int(key[0])


def _step(
    connection: sa.Connection, folder: DataFolder, number: int, state: State, actor: str, note: str | None, now: int
) -> None:
    values = {"state": state, "changed_at": now, "changed_by": actor, "note": note}
    connection.execute(sa.update(held).where(held.c.number == number).values(values))
    _event(connection, folder, number, state, actor, note, now)


def _event(
    connection: sa.Connection, folder: DataFolder, number: int, state: State, actor: str, note: str | None, now: int
) -> None:
    """The step in the history, and a message about it for each channel: in the same transaction, sent later."""
    row = {"alert": number, "state": state, "at": now, "actor": actor, "note": note}
    key = connection.execute(sa.insert(alert_event).values(row)).inserted_primary_key
    assert key is not None
    waiting = [{"event": int(key[0]), "channel": channel, "due_at": now, "attempts": 0} for channel in channels(folder)]
    if waiting:
        connection.execute(sa.insert(notice), waiting)
