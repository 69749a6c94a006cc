"""Commands of quality control below ``jasyl monitor``: checks, verdicts by program and by hand, alerts."""

import datetime as dt
import time
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import typer

from jasyl.figures import mark_stale
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import (
    Alert,
    Decision,
    Inspection,
    State,
    Verdict,
    alerts,
    change,
    checks,
    decide,
    doubted,
    follow,
    inspect,
    quality_turn,
    set_parts,
)
from jasyl.people import OPERATOR
from jasyl.quantities import UTC, civil_time, instant, microseconds
from jasyl.registry import Series, every_series, facility_by_id, series_by_key
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, say

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, progress, reader_language, table

SeriesOption = Annotated[str | None, typer.Option("--series", help="Key of the series.")]
From = Annotated[str | None, typer.Option("--from", help="First day, 2024-02-29 (UTC), or a moment with offset.")]
To = Annotated[str | None, typer.Option("--to", help="Day or moment behind the last one.")]
Note = Annotated[str, typer.Option("--note", help="Why; the next reader will ask.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the alert.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``jasyl monitor``."""
    app.command()(quality)
    app.command("checks")(list_checks)
    app.command("alerts")(list_alerts)
    app.command()(acknowledge)
    app.command()(close)
    app.command()(judge)
    app.command()(parts)


def _now() -> int:
    return time.time_ns() // 1000


def _moment(written: str | None) -> int | None:
    if written is None:
        return None
    try:
        found = dt.datetime.fromisoformat(written)
    except ValueError:
        raise Refusal("query-day", received=written[:60]) from None
    return microseconds(found if found.tzinfo else found.replace(tzinfo=UTC))


def quality(
    *,
    series: SeriesOption = None,
    first: From = None,
    last: To = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Judge readings by the checks: what arrived since the last time, or a series and days that are named."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    database = database_of(folder)
    start, end = _moment(first), _moment(last)
    with database.reading() as connection:
        chosen = [series_by_key(connection, series).number] if series else None
        known = {each.number: each for each in every_series(connection)}
    keys = {number: each.key for number, each in known.items()}
    sent = None
    with progress(language, as_json=as_json) as seen:
        if chosen or start is not None or end is not None:
            done = inspect(database, folder, _now(), series=chosen, start=start, end=end, progress=seen)
        else:
            done = inspect(database, folder, _now(), progress=seen)
            _, sent = quality_turn(database, folder, _now())
    if as_json:
        answer(inspection_data(done, keys))
        return
    for line in inspection_lines(done, language):
        typer.echo(line)
    if sent is not None and (sent.sent or sent.failed or sent.given_up):
        typer.echo(say(language, "quality-sent", sent=sent.sent, failed=sent.failed, given_up=sent.given_up))
    fresh = [each for each in done.added if each.verdict != "cleared"]
    if fresh:
        table([_row(each, known[each.series], language) for each in fresh])


def inspection_lines(done: Inspection, language: Language) -> list[str]:
    """What a run did, as a sentence."""
    cleared = sum(each.verdict == "cleared" for each in done.added)
    counts = {"series": done.series, "readings": done.readings, "added": len(done.added) - cleared, "cleared": cleared}
    return [say(language, "quality-done", **counts, opened=len(done.opened), closed=len(done.closed))]


def inspection_data(done: Inspection, keys: dict[int, str]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "series": done.series,
        "readings": done.readings,
        "verdicts": [verdict_data(each, keys[each.series]) for each in done.added],
        "alerts_opened": list(done.opened),
        "alerts_closed": list(done.closed),
    }


def verdict_data(each: Verdict, key: str) -> dict[str, Any]:
    """One verdict for programs, and who decided."""
    return {**each.as_data(key), "actor": each.actor}


def _row(each: Verdict, series: Series, language: Language) -> list[object]:
    zone = ZoneInfo(series.zone)
    return [
        series.key,
        say(language, f"check-{each.check}"),
        say(language, f"verdict-{each.verdict}"),
        civil_time(each.start, zone),
        civil_time(each.end, zone),
        each.evidence,
    ]


def list_checks(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the checks: what each catches, to what it applies, with which parameters."""
    if as_json:
        answer([each.as_data() for each in checks()])
        return
    language = reader_language(asked=lang)
    table(
        [[each.name, say(language, f"verdict-{each.severity}"), say(language, f"check-{each.id}")] for each in checks()]
    )


def list_alerts(
    *,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List alerts that are open or acknowledged."""
    states: tuple[State, ...] = ("open", "acknowledged", "closed") if every else ("open", "acknowledged")
    with database_of(open_folder(data)).reading() as connection:
        keys = {each.number: each.key for each in every_series(connection)}
        rows = [_alert_data(connection, each, keys) for each in alerts(connection, states=states)]
    if as_json:
        answer(rows)
        return
    language = reader_language(asked=lang)
    shown = ("number", "opened_at", "series", "evidence", "changed_by")
    table(
        [
            [
                *(row[name] for name in shown),
                say(language, f"check-{row['check']}"),
                say(language, f"alert-{row['state']}"),
            ]
            for row in rows
        ]
    )


def _alert_data(connection: sa.Connection, each: Alert, keys: dict[int, str]) -> dict[str, Any]:
    found = facility_by_id(connection, each.facility_id, OPERATOR)
    moments = {name: instant(getattr(each, name)).isoformat() for name in ("start", "end", "opened_at", "changed_at")}
    plain = ("number", "check", "severity", "evidence", "state", "changed_by", "note")
    said = {name: getattr(each, name) for name in plain}
    return said | moments | {"series": keys.get(each.series), "facility": found["key"] if found else None}


def acknowledge(
    number: Number, *, note: Note = "", data: Data = HERE, as_json: AsJson = False, lang: Lang = None
) -> None:
    """Say that somebody looks after an alert."""
    _change(number, "acknowledged", note, data, as_json=as_json, lang=lang)


def close(number: Number, *, note: Note = "", data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Close an alert; it opens anew when something new is found."""
    _change(number, "closed", note, data, as_json=as_json, lang=lang)


def _change(number: int, state: State, note: str, data: Any, *, as_json: bool, lang: Lang) -> None:
    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        changed = change(connection, folder, number, state, actor=OPERATOR.id, note=note, now=_now())
        keys = {each.number: each.key for each in every_series(connection)}
        row = _alert_data(connection, changed, keys)
    if as_json:
        answer(row)
    else:
        language = reader_language(asked=lang)
        typer.echo(say(language, "alert-changed", number=number, state=say(language, f"alert-{state}")))


def judge(
    series: Annotated[str, typer.Argument(metavar="SERIES", help="Key of the series.")],
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="cleared, suspect or wrong")],
    *,
    first: Annotated[str, typer.Option("--from", help="First day, 2024-02-29 (UTC), or a moment with offset.")],
    last: Annotated[str, typer.Option("--to", help="Day or moment behind the last one.")],
    note: Note,
    check: Annotated[str | None, typer.Option("--check", help="Clear only what this check found.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Decide by hand: clear the verdicts of a stretch, or mark its readings. It stands until newer readings come."""
    one_of("VERDICT", verdict, ("cleared", "suspect", "wrong"))
    folder = open_folder(data)
    start, end = _moment(first), _moment(last)
    assert start is not None
    assert end is not None
    now = _now()
    with database_of(folder).writing() as connection:
        chosen = series_by_key(connection, series)
        rows = decide(
            connection, chosen.number, start, end, cast(Decision, verdict),
            actor=OPERATOR.id, note=note, now=now, check=check,
        )  # fmt: skip
        defined = definitions(connection, [chosen])
        follow(connection, folder, defined, rows, now)
        mark_stale(connection, doubted(rows, defined), now)
    if as_json:
        answer([verdict_data(each, chosen.key) for each in rows])
    else:
        typer.echo(say(reader_language(asked=lang), "quality-decided", rows=len(rows)))


def parts(
    whole: Annotated[str, typer.Argument(metavar="WHOLE", help="Key of the main meter's series.")],
    of: Annotated[list[str] | None, typer.Argument(metavar="PART…", help="Keys of the series behind it.")] = None,
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say which meters stand behind a main meter; without any, take it back."""
    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        main = series_by_key(connection, whole)
        behind = [series_by_key(connection, key) for key in of or []]
        made = set_parts(connection, definitions(connection, [main])[main.number], definitions(connection, behind))
    if as_json:
        answer({"whole": main.key, "parts": [each.key for each in behind]})
    else:
        typer.echo(say(reader_language(asked=lang), "quality-parts", whole=main.key, count=len(made)))
