"""Recording what somebody says about an entity, and what the register said at any earlier moment."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from jasyl.quantities import UNITS, microseconds, now_us
from jasyl.storage import append_rows

from .fields import FOUND, PROJECTIONS, Kind, Provenance, from_json, to_json
from .tables import assertion, entity, source
from .taxonomy import family_of

CHUNK = 5_000
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """Fields that somebody asserts of one entity, known by its key.

    ``found`` are columns of the projection that nobody asserts (`FOUND`): what the borders in use say of its place.
    """

    key: str
    fields: Fields
    provenance: Provenance
    found: Fields = field(default_factory=dict[str, Any])


@dataclass
class Recorded:
    """What recording did, by key."""

    new: list[str] = field(default_factory=list[str])
    changed: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict[str, dict[str, tuple[Any, Any]]])
    same: list[str] = field(default_factory=list[str])


def record(
    connection: sa.Connection, kind: Kind, statements: Iterable[Statement], *, at: int | None = None
) -> Recorded:
    """Append what ``statements`` say that the register does not say already, and bring the projection up to date.

    A field that is not mentioned stays as it is; a field given as None takes the earlier value back.
    Saying the same again records nothing, so the same file may be imported twice. ``at`` is µs UTC.
    ``statements`` may be made while they are taken, in parts of `CHUNK`.
    """
    at = now_us() if at is None else at
    done = Recorded()
    ids: dict[str, str] | None = None
    sources: dict[Provenance, int] = {}
    waiting = iter(statements)
    while chunk := list(islice(waiting, CHUNK)):
        if ids is None:
            ids = _ids(connection, kind, chunk)
        sources |= _sources(connection, {statement.provenance for statement in chunk} - sources.keys())
        _record_chunk(connection, kind, chunk, ids, sources, at, done)
    return done


def _record_chunk(
    connection: sa.Connection,
    kind: Kind,
    chunk: Sequence[Statement],
    ids: dict[str, str],
    sources: dict[Provenance, int],
    at: int,
    done: Recorded,
) -> None:
    known = [ids[statement.key] for statement in chunk if statement.key in ids]
    writing = _Writing(kind, ids, at, done, {row["id"]: dict(row) for row in _projected(connection, kind, known)})
    # Assertions are made while they are taken: PostgreSQL stores the first ones meanwhile.
    append_rows(connection, assertion, _ASSERTION, writing.assertions(chunk, sources))
    append_rows(connection, entity, _ENTITY, writing.entities)
    _project(connection, kind, writing.projected, {row[0] for row in writing.entities})


@dataclass
class _Writing:
    """A part of what is being recorded: rows of the projection as they stood, and the rows that are to be written."""

    kind: Kind
    ids: dict[str, str]
    at: int
    done: Recorded
    present: Mapping[str, dict[str, Any]]
    entities: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    projected: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def assertions(self, chunk: Sequence[Statement], sources: Mapping[Provenance, int]) -> Iterator[tuple[Any, ...]]:
        """Rows of the columns `_ASSERTION`; on the way entities, projected rows and the report come together."""
        for statement in chunk:
            made = self.ids.get(statement.key) or self._entity(statement.key)
            changes = self._changes(made, statement)
            if changes is not None:
                yield from _assertions(made, changes, statement.provenance, sources[statement.provenance], self.at)

    def _entity(self, key: str) -> str:
        made = self.ids[key] = str(ULID())
        self.entities.append((made, self.kind, key, self.at))
        self.done.new.append(key)
        return made

    def _changes(self, made: str, statement: Statement) -> dict[str, Any] | None:
        """What ``statement`` says that does not stand already, None for nothing; the projected row follows it."""
        current = self.projected.get(made) or self.present.get(made)
        before = current or {"id": made, "key": statement.key}
        changes = {name: value for name, value in statement.fields.items() if before.get(name) != value}
        if current is not None and not changes:
            if made in self.present:
                self.done.same.append(statement.key)
            if any(before.get(name) != value for name, value in statement.found.items()):
                self.projected[made] = {**before, **statement.found}
            return None
        if made in self.present:
            self.done.changed[statement.key] = {name: (before.get(name), value) for name, value in changes.items()}
        provenance = statement.provenance
        stamp = {"confidence": provenance.confidence, "level": provenance.level, "changed_at": self.at}
        self.projected[made] = derive(self.kind, {**before, **changes, **stamp, **statement.found})
        return changes


_ENTITY = ("id", "kind", "key", "created_at")
_ASSERTION = (
    "entity_id", "field", "value", "valid_from", "recorded_at", "source_id", "confidence", "actor", "level",
)  # fmt: skip


def _assertions(
    entity_id: str, fields: Fields, provenance: Provenance, source_id: int, at: int
) -> Iterator[tuple[Any, ...]]:
    """Rows of the columns `_ASSERTION`."""
    valid_from = provenance.valid_from.isoformat() if provenance.valid_from else None
    behind = (valid_from, at, source_id, provenance.confidence, provenance.actor, provenance.level)
    for name, value in fields.items():
        yield (entity_id, name, to_json(value), *behind)


def _ids(connection: sa.Connection, kind: Kind, first: Sequence[Statement]) -> dict[str, str]:
    """Ids by key: of ``first`` where that is all there is to record, else of every entity of ``kind``."""
    query = sa.select(entity.c.key, entity.c.id).where(entity.c.kind == kind)
    if len(first) < CHUNK:
        query = query.where(entity.c.key.in_({statement.key for statement in first}))
    # For more keys the whole index is read once: a list of thousands makes PostgreSQL scan it for each part anyway.
    return {row.key: row.id for row in connection.execute(query)}


def _sources(connection: sa.Connection, provenances: Iterable[Provenance]) -> dict[Provenance, int]:
    """The row of each source, made when it is new."""
    return {
        provenance: source_id(connection, provenance.source, provenance.source_date, provenance.licence)
        for provenance in sorted(provenances, key=lambda one: (one.source, one.source_date or ""))
    }


def source_id(connection: sa.Connection, text: str, date: str | None = None, licence: str | None = None) -> int:
    """The number of a source; a new source gets a new one."""
    query = sa.select(source.c.id).where(
        source.c.text == text,
        source.c.date.is_not_distinct_from(date),
        source.c.licence.is_not_distinct_from(licence),
    )
    found = connection.execute(query).scalar()
    if found is not None:
        return found
    insert = sa.insert(source).values(text=text, date=date, licence=licence).returning(source.c.id)
    return connection.execute(insert).scalar_one()


def _projected(connection: sa.Connection, kind: Kind, ids: Sequence[str]) -> Iterator[sa.RowMapping]:
    table = PROJECTIONS[kind]
    if ids:
        yield from connection.execute(sa.select(table).where(table.c.id.in_(ids))).mappings()


def _project(
    connection: sa.Connection, kind: Kind, projected: Mapping[str, dict[str, Any]], new: AbstractSet[str]
) -> None:
    table = PROJECTIONS[kind]
    columns = [column.name for column in table.columns]
    updates = [{name: row.get(name) for name in columns} for id_, row in projected.items() if id_ not in new]
    append_rows(
        connection, table, columns, [tuple(map(row.get, columns)) for id_, row in projected.items() if id_ in new]
    )
    if updates:
        changed = {name: sa.bindparam(name) for name in columns if name != "id"}
        statement = sa.update(table).where(table.c.id == sa.bindparam("entity_id_")).values(changed)
        connection.execute(statement, [{**row, "entity_id_": row["id"]} for row in updates])


def history(connection: sa.Connection, kind: Kind, entity_id: str) -> list[dict[str, Any]]:
    """Every assertion about one entity, oldest first, with its source."""
    query = (
        sa.select(assertion, source.c.text.label("source"), source.c.date.label("source_date"), source.c.licence)
        .join(source, source.c.id == assertion.c.source_id)
        .where(assertion.c.entity_id == entity_id)
        .order_by(assertion.c.seq)
    )
    return [
        {**row, "value": from_json(kind, row["field"], row["value"])} for row in connection.execute(query).mappings()
    ]


def as_of(
    connection: sa.Connection, kind: Kind, moment: dt.datetime, ids: sa.Select[tuple[str]] | None = None
) -> Iterator[dict[str, Any]]:
    """What the register said at ``moment``: every entity of ``kind`` (or those of ``ids``) as its newest assertions
    recorded by then say, leaving out what was not to hold before a later date. Rows look like those of the
    projection."""
    at = microseconds(moment)
    day = moment.date().isoformat()
    query = (
        sa.select(assertion, entity.c.key)
        .join(entity, entity.c.id == assertion.c.entity_id)
        .where(
            entity.c.kind == kind,
            assertion.c.recorded_at <= at,
            sa.or_(assertion.c.valid_from.is_(None), assertion.c.valid_from <= day),
        )
        .order_by(assertion.c.seq)
    )
    if ids is not None:
        query = query.where(assertion.c.entity_id.in_(ids))
    rows: dict[str, dict[str, Any]] = defaultdict(dict)
    for said in connection.execute(query).mappings():
        row = rows[said["entity_id"]]
        row["id"], row["key"] = said["entity_id"], said["key"]
        row["confidence"], row["level"] = said["confidence"], said["level"]
        row["changed_at"] = said["recorded_at"]
        row[said["field"]] = from_json(kind, said["field"], said["value"])
    for row in rows.values():
        yield derive(kind, row)


def rebuild(connection: sa.Connection, kind: Kind) -> int:
    """Bring the whole projection of ``kind`` to what the assertions say; gives the number of rows."""
    table = PROJECTIONS[kind]
    found = [table.c[name] for name in table.columns.keys() if name in FOUND]  # noqa: SIM118  (a SQLAlchemy collection)
    present = {row["id"]: dict(row) for row in connection.execute(sa.select(table.c.id, *found)).mappings()}
    far = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
    rows = {row["id"]: {**row, **present.get(row["id"], {})} for row in as_of(connection, kind, far)}
    _project(connection, kind, rows, rows.keys() - present.keys())
    return len(rows)


def latest_assertion(connection: sa.Connection) -> int:
    """The number of the newest assertion, 0 where there is none: while it stays, so do the projections."""
    return connection.execute(sa.select(sa.func.coalesce(sa.func.max(assertion.c.seq), 0))).scalar_one()


def derive(kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    """``row`` with the columns that follow from the asserted ones, and defaults where nothing was said."""
    match kind:
        case "facility":
            return {**row, **_power(row), **_placed(row), **_derive_facility(row)}
        case "project":
            return {**row, **_power(row), **_placed(row), "family": family_of(row["technology"])}
        case "installation":
            return {**row, **_power(row)}
        case _:
            return row


def _power(row: Mapping[str, Any]) -> dict[str, Any]:
    unit = UNITS.get(row.get("capacity_unit") or "")
    capacity = row.get("capacity")
    power = unit.to_base(capacity) if unit and unit.dimension == "power" and capacity is not None else None
    return {"capacity_w": int(power) if power is not None else None}


def _placed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"place_precision": row.get("place_precision") or "none", "confirmed": row.get("confirmed", True)}


def _derive_facility(row: Mapping[str, Any]) -> dict[str, Any]:
    commissioned = row.get("commissioned")
    return {
        "family": family_of(row["technology"]),
        "commissioned_year": int(commissioned[:4]) if commissioned else None,
        "status_certain": row.get("status_certain", True),
        "reference": row.get("reference", False),
    }
