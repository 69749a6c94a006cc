"""Records as files that people take away and may bring back: the columns of the template, every one of them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

import sqlalchemy as sa

from jasyl.papers import About, AnyColumn, Column, write_csv, write_geojson, write_json, write_xlsx
from jasyl.people import Actor, may
from jasyl.quantities import LOCAL_TIME
from jasyl.storage import DataFolder
from jasyl.texts import Language, everywhere, say

from ..assertions import as_of
from ..tables import assertion, source
from .kind import FileKind, FileName
from .kinds import file_kind
from .links import Links

Format = Literal["csv", "xlsx", "geojson", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
Row = dict[str, Any]


def formats_of(what: FileName) -> tuple[Format, ...]:
    """The formats that a kind of file has: GeoJSON only where records have coordinates."""
    return FORMATS if file_kind(what).has_points else tuple(form for form in FORMATS if form != "geojson")


def export_records(
    connection: sa.Connection,
    folder: DataFolder,
    what: FileName,
    form: Format,
    language: Language,
    actor: Actor,
    *,
    moment: dt.datetime | None = None,
) -> bytes:
    """The records that ``actor`` may read as a file; imported again it changes nothing.

    ``moment``: what the register said then (by today's rules of who may read). A training folder's files say so: in
    the sheet or member ``about``, in CSV in a column of its own.
    """
    files = file_kind(what)
    rows = exported_rows(connection, files, language, actor, moment=moment)
    columns: list[AnyColumn] = list(files.template().columns)
    mark = say(language, "watermark-training") if folder.kind == "training" else None
    about = About(
        title=say(language, f"nav-{what}"),
        source=say(language, "export-source"),
        licence=say(language, "export-licence"),
        retrieved=dt.datetime.now(LOCAL_TIME).date(),
        watermark=mark,
    )
    match form:
        case "csv":
            if mark:
                columns.append(Column("watermark", everywhere("papers-watermark")))
                rows = ({**row, "watermark": mark} for row in rows)
            return b"".join(write_csv(columns, rows, language, mark=True))
        case "xlsx":
            return write_xlsx(columns, rows, language, about=about)
        case "geojson":
            return b"".join(write_geojson(columns, rows, language, about=about))
        case "json":
            return b"".join(write_json(columns, rows, language, about=about))


def exported_rows(
    connection: sa.Connection, files: FileKind, language: Language, actor: Actor, *, moment: dt.datetime | None = None
) -> Iterator[Row]:
    """Rows by the keys of the template's columns, in the order of keys; records merged into others are left out."""
    links = Links(connection)
    table = files.table
    today = {row["key"]: row for row in connection.execute(sa.select(table).order_by(table.c.key)).mappings()}
    then: Iterable[Mapping[Any, Any]] = today.values() if moment is None else as_of(connection, files.kind, moment)
    sources = _sources(connection, moment)
    columns = [column.key for column in files.template().columns]
    for row in sorted(then, key=lambda row: row["key"]):
        # What has been closed since then stays closed.
        seen = (files.owned(today[row["key"]], links), files.owned(row, links))
        if row.get("merged_into") or not all(may(actor, "read", one) for one in seen):
            continue
        text, date = sources.get(row["id"], ("", None))
        provenance = {"source": text, "source_date": date}
        yield {**{key: row.get(key) for key in columns}, **files.written(row, links, language), **provenance}


def _sources(connection: sa.Connection, moment: dt.datetime | None) -> dict[str, tuple[str, str | None]]:
    """Source and its date of the newest assertion about each entity."""
    newest = sa.select(sa.func.max(assertion.c.seq)).group_by(assertion.c.entity_id)
    if moment is not None:
        newest = newest.where(assertion.c.recorded_at <= int(moment.timestamp() * 1_000_000))
    query = (
        sa.select(assertion.c.entity_id, source.c.text, source.c.date)
        .join(source, source.c.id == assertion.c.source_id)
        .where(assertion.c.seq.in_(newest))
    )
    return {entity: (text, date) for entity, text, date in connection.execute(query)}
