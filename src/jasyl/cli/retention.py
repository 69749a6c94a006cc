"""``jasyl monitor retention``: single readings are kept so many months; their sums and seals stay."""

import time
from typing import Annotated, Any

import typer

from jasyl.monitoring import definitions
from jasyl.monitoring.dropped_spans import dropped
from jasyl.monitoring.retention import Drop, drop, plan
from jasyl.people import OPERATOR
from jasyl.quantities import instant
from jasyl.registry import Series, every_series, series_by_key
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, say

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

Keep = Annotated[int | None, typer.Option("--keep-months", help="Whole months before the current one that stay.")]
Keys = Annotated[list[str] | None, typer.Option("--series", help="Only this series; may be repeated.")]
Level = Annotated[str | None, typer.Option("--level", help="Only series of this level: public, aggregated, closed.")]
Reason = Annotated[str, typer.Option("--reason", help="Why: it goes into the decision in the log.")]
Apply = Annotated[bool, typer.Option("--apply", help="Really drop them.")]


def retention(
    *,
    keep_months: Keep = None,
    series: Keys = None,
    level: Level = None,
    reason: Reason = "retention",
    apply: Apply = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Drop single readings beyond an age; sums and seals stay. Lists what was dropped without --keep-months,
    and only shows what it would do without --apply."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    database = database_of(folder)
    if level is not None:
        one_of("--level", level, ("public", "aggregated", "closed"))
    with database.reading() as connection:
        found = [series_by_key(connection, key) for key in series] if series else every_series(connection)
        meant = {one.number: one for one in found if level is None or one.level == level}
        defined = definitions(connection, list(meant.values()))
        if keep_months is None:
            _list(dropped(connection), {one.number: one for one in every_series(connection)}, as_json, language)
            return
        now = time.time_ns() // 1000
        drops = plan(connection, defined, keep_months, now)
    record: str | None = None
    if apply:
        done = drop(database, folder, defined, keep_months, now, author=OPERATOR.id, reason=reason)
        drops, record = done.drops, done.record_id
    _tell(drops, meant, record, as_json, language, applied=apply)


def _tell(
    drops: tuple[Drop, ...],
    meant: dict[int, Series],
    record: str | None,
    as_json: bool,
    language: Language,
    *,
    applied: bool,
) -> None:
    counts = {
        "series": len({each.series for each in drops}),
        "days": sum(each.days for each in drops),
        "readings": sum(each.readings for each in drops),
    }
    rows = [[meant[each.series].key, _stamp(each.start), _stamp(each.end), each.days, each.readings] for each in drops]
    if as_json:
        names = ("series", "start", "end", "days", "readings")
        spans = [dict(zip(names, row, strict=True)) for row in rows]
        answer({"applied": applied, **counts, "record": record, "spans": spans})
        return
    if rows:
        table(rows)
    for each in drops:
        if each.unsealed is not None:
            typer.echo(
                say(language, "retention-unsealed", series=meant[each.series].key, day=_stamp(each.unsealed)), err=True
            )
    if not drops:
        typer.echo(say(language, "retention-none"))
    elif record is None:
        typer.echo(say(language, "retention-would", **counts))
    else:
        typer.echo(say(language, "retention-done", record=record, **counts))


def _list(spans: Any, known: dict[int, Series], as_json: bool, language: Language) -> None:
    rows = [
        {
            "series": known[each.series].key if each.series in known else str(each.series),
            "start": _stamp(each.start),
            "end": _stamp(each.end),
            "readings": each.readings,
            "record": each.record_id,
            "decided_at": _stamp(each.decided_at),
            "removed_at": None if each.removed_at is None else _stamp(each.removed_at),
        }
        for each in spans
    ]
    if as_json:
        answer(rows)
    elif rows:
        table([list(row.values()) for row in rows])
    else:
        typer.echo(say(language, "retention-list-none"))


def _stamp(moment: int) -> str:
    return instant(moment).isoformat()
