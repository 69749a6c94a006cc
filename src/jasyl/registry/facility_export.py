"""Facilities as files that people take away and may bring back: the columns of the template, every one of them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, cast, get_args

import sqlalchemy as sa

from jasyl.papers import About, AnyColumn, Column, write_csv, write_geojson, write_json, write_xlsx
from jasyl.people import Actor, Level, Resource, may
from jasyl.quantities import LOCAL_TIME
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Language, everywhere, say

from .assertions import as_of
from .facility_template import facility_template
from .listing import FacilityFilter, facilities
from .tables import assertion, enterprise, facility, source

Format = Literal["csv", "xlsx", "geojson", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
Row = dict[str, Any]


def export_facilities(
    connection: sa.Connection,
    folder: DataFolder,
    form: Format,
    language: Language,
    actor: Actor,
    *,
    moment: dt.datetime | None = None,
) -> bytes:
    """The facilities that ``actor`` may read as a file; imported again it changes nothing.

    ``moment``: what the register said then (by today's rules of who may read). A training folder's files say so: in
    the sheet or member ``about``, in CSV in a column of its own.
    """
    rows = facility_rows(connection, language, actor, moment=moment)
    columns: list[AnyColumn] = list(facility_template().columns)
    mark = say(language, "watermark-training") if folder.kind == "training" else None
    about = About(
        title=say(language, "nav-facilities"),
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


def facility_rows(
    connection: sa.Connection, language: Language, actor: Actor, *, moment: dt.datetime | None = None
) -> Iterator[Row]:
    """Rows by the keys of the template's columns, in the order of keys; records merged into others are left out."""
    today = facilities(connection, FacilityFilter(), actor) if moment is None else ()
    found: Iterable[Mapping[Any, Any]] = today if moment is None else _as_of(connection, actor, moment)
    sources = _sources(connection, moment)
    enterprises = _Enterprises(connection)
    for row in found:
        text, date = sources.get(row["id"], ("", None))
        yield {
            **{column.key: row.get(column.key) for column in facility_template().columns},
            "name": _name(row, language),
            "enterprise": enterprises.name(row.get("enterprise_id"), language),
            "bin": enterprises.bin(row.get("enterprise_id")),
            "source": text,
            "source_date": date,
        }


def _name(row: Mapping[Any, Any], language: Language) -> str:
    names = [row.get(f"name_{tongue}") for tongue in (language, *LANGUAGES)]
    return cast(str, next((name for name in names if name), row["key"]))


def _as_of(connection: sa.Connection, actor: Actor, moment: dt.datetime) -> list[Row]:
    """The register at ``moment``. What has been closed since then stays closed."""
    columns = (facility.c.id, facility.c.level, facility.c.enterprise_id, facility.c.region)
    now = connection.execute(sa.select(*columns))
    today = {row.id: Resource(cast(Level, row.level), row.enterprise_id, row.region) for row in now}
    rows = [
        row
        for row in as_of(connection, "facility", moment)
        if row.get("merged_into") is None
        and may(actor, "read", today[row["id"]])
        and may(actor, "read", Resource(row["level"], row.get("enterprise_id"), row.get("region")))
    ]
    return sorted(rows, key=lambda row: row["key"])


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


class _Enterprises:
    """How an enterprise is written so that the import finds the same one: by BIN, by a name only it has, or by key."""

    def __init__(self, connection: sa.Connection) -> None:
        names = (enterprise.c.name_kk, enterprise.c.name_ru, enterprise.c.name_en)
        query = sa.select(enterprise.c.id, enterprise.c.key, enterprise.c.bin, *names)
        self.rows = {row.id: row for row in connection.execute(query)}
        ways = Counter(way for row in self.rows.values() for way in {*row[1:]} - {None})
        self.unique = {way for way, times in ways.items() if times == 1}

    def bin(self, identity: str | None) -> str | None:
        row = self.rows.get(identity or "")
        return row.bin if row else None

    def name(self, identity: str | None, language: Language) -> str | None:
        row = self.rows.get(identity or "")
        if row is None:
            return None
        names = [getattr(row, f"name_{tongue}") for tongue in (language, *LANGUAGES)]
        fit = (name for name in names if name and (row.bin or name in self.unique))
        return next(fit, row.key)
