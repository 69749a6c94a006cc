"""Quality of readings: the verdicts on a facility's meters, and the alerts that people look after."""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import (
    Alert,
    State,
    Verdict,
    alert_of,
    alerts,
    change,
    doubt,
    events_of,
    verdicts,
)
from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import Action, Actor, Resource, may
from jasyl.quantities import civil_time, instant
from jasyl.registry import Series, every_series, facility_by_id, facility_by_key, series_of
from jasyl.texts import Refusal

from .deciders import deciders
from .house import House
from .page import Document, NotFoundError, page
from .readings import days_shown, series_name, series_names, series_to_read, span_asked
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit

COLUMNS = (
    Column("series", "column-series"),
    Column("check", "column-check"),
    Column("verdict", "column-verdict", choices="verdict"),
    Column("from", "column-verdict-from"),
    Column("to", "column-verdict-to"),
    Column("readings", "column-doubted", digits=0),
    Column("evidence", "column-evidence"),
    Column("actor", "column-actor"),
    Column("note", "column-note"),
)
ALERT_COLUMNS = (
    Column("number", "column-opened", link=True),
    # What is wrong stands before where: a narrow screen shows the first columns.
    Column("check", "column-check"),
    Column("facility", "column-facility", link=True),
    Column("series", "column-series"),
    Column("severity", "column-verdict", choices="verdict"),
    Column("from", "column-verdict-from"),
    Column("to", "column-verdict-to"),
    Column("evidence", "column-evidence"),
    Column("state", "column-state", choices="alert"),
    # On pages the history of an alert tells who.
    Column("actor", "column-actor", files_only=True),
)
EVENT_COLUMNS = (
    Column("at", "column-at"),
    Column("state", "column-state", choices="alert"),
    Column("actor", "column-actor"),
    Column("note", "column-note"),
)
STATES: dict[str, State] = {"acknowledge": "acknowledged", "close": "closed"}


@page("/facilities/{key:str}/quality", "Quality of a facility's readings: verdicts in force, readings in doubt")
def quality_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """Verdicts between ``from`` and ``to`` (civil days); the last 31 days with readings when these are left out."""
    facility = facility_by_key(connection, key, visit.actor)
    series = series_to_read(visit, connection, facility) if facility else []
    if facility is None or not series:
        raise NotFoundError
    defined = definitions(connection, series)
    start, end = span_asked(visit, connection, defined)
    found = verdicts(connection, list(defined), start, end)
    under = doubt(connection, visit.house.folder, list(defined.values()), start, end)
    names = series_names(visit, series, defined)
    people = deciders(visit, connection, (each.actor for each in found)) if visit.actor.signed_in else {}
    keys = {each.number: each.key for each in series}
    sums = {"readings": under.readings, "suspect": under.suspect, "wrong": under.wrong}
    title = f"{visit.name_of(facility)}: {visit.t('quality-title')}"
    context = {
        "facility": facility,
        "facility_name": visit.name_of(facility),
        **days_shown((start, end), defined),
        "sums": sums,
    }
    data = {**sums, "verdicts": [each.as_data(keys[each.series]) for each in found]}
    rows = [_verdict_row(visit, each, names[each.series], defined[each.series], people) for each in reversed(found)]
    return Document("quality.html", title, data, Sheet(COLUMNS, rows, visit.t("quality-caption")), context)


def _verdict_row(
    visit: Visit, each: Verdict, name: str, series: SeriesDefinition, people: Mapping[str, str]
) -> dict[str, Any]:
    """``people`` names who decided; for readers who are not signed in, who may not know it, nobody."""
    return {
        "series": name,
        "check": visit.t(f"check-{each.check}"),
        "verdict": each.verdict,
        "from": civil_time(each.start, series.time_zone),
        "to": civil_time(each.end, series.time_zone),
        "readings": each.readings,
        "evidence": each.evidence,
        "actor": people.get(each.actor),
        "note": each.note,
    }


@page("/alerts", "Alerts that are open or acknowledged, of the facilities the reader may look after (signed in)")
def alerts_page(visit: Visit, connection: sa.Connection) -> Document:
    """The newest first; ``state=closed`` shows the closed ones."""
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    states: tuple[State, ...] = ("closed",) if visit.query.get("state") == "closed" else ("open", "acknowledged")
    known = {each.number: each for each in every_series(connection)}
    shown = _readable(visit.actor, connection, alerts(connection, states=states), known)
    people = deciders(visit, connection, (each.changed_by for each, _ in shown))
    alike = Counter((one.facility_id, one.quantity) for one in known.values())
    alone = {number for number, one in known.items() if alike[one.facility_id, one.quantity] == 1}
    rows = [_alert_row(visit, each, known[each.series], facility, people, alone) for each, facility in shown]
    data = {"alerts": [_alert_data(each, known[each.series], facility) for each, facility in shown]}
    sheet = Sheet(ALERT_COLUMNS, rows, visit.t("alerts-caption"))
    return Document("alerts.html", visit.t("alerts-title"), data, sheet, cacheable=False)


@page("/alerts/{number:str}", "One alert with its history (signed in)")
def alert_page(visit: Visit, connection: sa.Connection, number: str) -> Document:
    """What was found, who did what, and the form for those who may change it."""
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    found, series, facility = _allowed(visit.actor, connection, number, "read")
    steps = events_of(connection, found.number)
    people = deciders(visit, connection, (each.actor for each in steps))
    zone = ZoneInfo(series.zone)
    rows = [
        {"at": civil_time(each.at, zone), "state": each.state, "actor": people[each.actor], "note": each.note}
        for each in steps
    ]
    row = _alert_row(visit, found, series, facility, people)
    context = {
        "alert": row,
        "alert_number": found.number,
        "facility": facility,
        "facility_name": visit.name_of(facility),
        "actions": [name for name, state in STATES.items() if _possible(found.state, state)]
        if may(visit.actor, "write_readings", _resource(series, facility))
        else [],
    }
    history = [
        {"state": each.state, "at": instant(each.at).isoformat(), "actor": each.actor, "note": each.note}
        for each in steps
    ]
    data = {**_alert_data(found, series, facility), "history": history}
    sheet = Sheet(EVENT_COLUMNS, rows, visit.t("alert-history"))
    title = visit.t("alert-title", number=str(found.number))
    return Document("alert.html", title, data, sheet, context, cacheable=False)


@post("/alerts/{number:str}", summary="Acknowledge or close an alert (action, note)", status_code=200)
async def alert_post(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """From the form, or by a program with a token; leads back to the alert."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = dict(await request.form())
    state = request.scope.get("state", {})
    authorization = request.headers.get("authorization")
    await to_thread.run_sync(_change, house, state.get("cookies", {}), authorization, form, number)
    return Response(b"", status_code=303, headers={"location": f"{state['prefix']}/alerts/{int(number)}"})


def _change(
    house: House, cookies: dict[str, str], authorization: str | None, form: dict[str, Any], number: str
) -> None:
    with house.database.writing() as connection:
        actor = actor_of(connection, cookies, authorization)
        if not actor.signed_in:
            raise Refusal("not-allowed")
        if authorization is None:
            check_form(actor, form)
        found, _, _ = _allowed(actor, connection, number, "write_readings")
        wanted = STATES.get(str(form.get("action", "")))
        if wanted is None:
            raise Refusal("alert-state", received=str(found.number), expected=found.state)
        note = str(form.get("note", ""))[:2000]
        change(
            connection, house.folder, found.number, wanted,
            actor=actor.id, note=note, now=time.time_ns() // 1000,
        )  # fmt: skip
    house.revision.forget()


def _possible(now: State, wanted: State) -> bool:
    return now != wanted and not (now == "closed" and wanted == "acknowledged")


def _allowed(
    actor: Actor, connection: sa.Connection, number: str, action: Action
) -> tuple[Alert, Series, Mapping[Any, Any]]:
    """The alert, its series and facility; an alert that the actor may not read is not there."""
    found = alert_of(connection, int(number)) if number.isascii() and number.isdigit() and len(number) < 18 else None
    facility = facility_by_id(connection, found.facility_id, actor) if found else None
    series = series_of(connection, found.facility_id) if found else []
    one = next((each for each in series if found and each.number == found.series), None)
    if found is None or facility is None or one is None or not _mine(actor, one, facility):
        raise NotFoundError
    if not may(actor, action, _resource(one, facility)):
        raise Refusal("not-allowed")
    return found, one, facility


def _readable(
    actor: Actor, connection: sa.Connection, found: Sequence[Alert], known: Mapping[int, Series]
) -> list[tuple[Alert, Mapping[Any, Any]]]:
    facilities = {each: facility_by_id(connection, each, actor) for each in {one.facility_id for one in found}}
    pairs = ((each, facilities[each.facility_id]) for each in found if each.series in known)
    return [
        (each, facility)
        for each, facility in pairs
        if facility is not None and _mine(actor, known[each.series], facility)
    ]


def _mine(actor: Actor, series: Series, facility: Mapping[Any, Any]) -> bool:
    """Alerts are for those who could read the series were it closed: its enterprise, akimat, agency, auditors."""
    own = Resource("closed", facility["enterprise_id"], facility["region"], series.id)
    return may(actor, "read", own)


def _resource(series: Series, facility: Mapping[Any, Any]) -> Resource:
    level = cast("Any", series.level)
    return Resource(level, facility["enterprise_id"], facility["region"], series.id)


def _alert_row(
    visit: Visit,
    each: Alert,
    series: Series,
    facility: Mapping[Any, Any],
    people: Mapping[str, str],
    alone: Collection[int] = (),
) -> dict[str, Any]:
    """``alone`` are the series told apart by what they measure; pages name the others by key too, files all by key."""
    zone = ZoneInfo(series.zone)
    name = series_name(visit, series)
    return {
        "number": f"{each.number}: {civil_time(each.opened_at, zone)}",
        "number_link": visit.href(f"/alerts/{each.number}"),
        "facility": visit.name_of(facility),
        "facility_link": visit.href(f"/facilities/{facility['key']}/quality"),
        "series": series.key if visit.form != "html" else name if series.number in alone else f"{name} ({series.key})",
        "check": visit.t(f"check-{each.check}"),
        "severity": each.severity,
        "from": civil_time(each.start, zone),
        "to": civil_time(each.end, zone),
        "evidence": each.evidence,
        "state": each.state,
        "actor": people.get(each.changed_by),
    }


def _alert_data(each: Alert, series: Series, facility: Mapping[Any, Any]) -> dict[str, Any]:
    plain = ("number", "check", "severity", "evidence", "state", "changed_by", "note")
    moments = {name: instant(getattr(each, name)).isoformat() for name in ("start", "end", "opened_at", "changed_at")}
    said = {name: getattr(each, name) for name in plain}
    return said | moments | {"series": series.key, "facility": facility["key"]}
