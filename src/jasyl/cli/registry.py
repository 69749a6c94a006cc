"""``jasyl registry``: possible duplicates, merging by a person's decision, history, rebuilding what lists show."""

import datetime as dt
from typing import Annotated, Any

import typer

from jasyl.people import OPERATOR
from jasyl.registry import Provenance, likely_duplicates
from jasyl.registry import history as history_of
from jasyl.registry import merge as merge_records
from jasyl.registry import rebuild as rebuild_projection
from jasyl.registry import unmerge as unmerge_records
from jasyl.registry.fields import PROJECTIONS
from jasyl.storage import database_of, open_folder
from jasyl.texts import say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, progress, reader_language, table
from .subjects import facility_of

app = typer.Typer(no_args_is_help=True, add_completion=False)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The key of a facility.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the history.")]


@app.command()
def duplicates(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List records that may speak of the same facility; nothing is merged."""
    with database_of(open_folder(data)).reading() as connection:
        found = likely_duplicates(connection)
    if as_json:
        answer([pair.as_data() for pair in found])
        return
    language = reader_language(asked=lang)
    for pair in found:
        reasons = ", ".join(say(language, f"duplicate-{reason.replace(' ', '-')}") for reason in pair.reasons)
        table([(pair.one, pair.other, reasons)])


@app.command()
def merge(
    key: Key,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The key of the facility that stays.")],
    *,
    reason: Reason = "",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Let one record stand for another facility; its history stays, and it can be undone."""
    with database_of(open_folder(data)).writing() as connection:
        merge_records(connection, key, into, _provenance(reason, "merge"))
    if as_json:
        answer({"merged": key, "into": into})
    else:
        typer.echo(say(reader_language(asked=lang), "registry-merged", key=key, into=into))


@app.command()
def unmerge(key: Key, *, reason: Reason = "", data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Undo a merge."""
    with database_of(open_folder(data)).writing() as connection:
        unmerge_records(connection, key, _provenance(reason, "unmerge"))
    if as_json:
        answer({"unmerged": key})
    else:
        typer.echo(say(reader_language(asked=lang), "registry-unmerged", key=key))


@app.command()
def rebuild(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Make the tables that lists show again from everything that was said."""
    language = reader_language(asked=lang)
    rows: dict[str, int] = {}
    with progress(language, as_json=as_json) as seen, database_of(open_folder(data)).writing() as connection:
        for place, kind in enumerate(PROJECTIONS):
            seen.step("registry-step-rebuild", place, len(PROJECTIONS))
            rows[kind] = rebuild_projection(connection, kind)
    if as_json:
        answer(rows)
    else:
        typer.echo(say(language, "registry-rebuilt", rows=sum(rows.values())))


@app.command()
def history(key: Key, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Everything that was ever said about a facility, with who, when and from where."""
    with database_of(open_folder(data)).reading() as connection:
        found = history_of(connection, "facility", facility_of(connection, key)["id"])
    rows: list[dict[str, Any]] = [
        {
            "recorded": dt.datetime.fromtimestamp(one["recorded_at"] / 1_000_000, dt.UTC).isoformat(timespec="seconds"),
            "field": one["field"],
            "value": one["value"] if isinstance(one["value"], bool | int | float | None) else str(one["value"]),
            "valid_from": one["valid_from"],
            "confidence": one["confidence"],
            "level": one["level"],
            "actor": one["actor"],
            "source": one["source"],
        }
        for one in found
    ]
    if as_json:
        answer(rows)
        return
    language = reader_language(asked=lang)
    for row in rows:
        row["field"] = say(language, f"field-{str(row['field']).replace('_', '-')}")
        row["confidence"] = say(language, f"confidence-{row['confidence']}")
        if isinstance(row["value"], bool):
            row["value"] = say(language, "yes" if row["value"] else "no")
    table([list(row.values()) for row in rows])


def _provenance(reason: str, what: str) -> Provenance:
    return Provenance(f"{what}: {reason}" if reason else what, OPERATOR.id, "high")
