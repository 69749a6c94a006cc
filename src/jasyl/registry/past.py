"""Lists as the register had them at an earlier moment, without going through everything that was ever said.

What nobody has touched since then stands in the projection as it stood; only the records that were touched are
computed anew from their assertions.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa

from jasyl.people import Actor, Level, Resource, may
from jasyl.quantities import microseconds

from .assertions import as_of
from .fields import PROJECTIONS, Kind
from .narrowing import OPERATOR_NAMES, Filter, visible
from .tables import assertion, enterprise, entity

Row = dict[str, Any]
Query = sa.Select[*tuple[Any, ...]]


def rows_as_of(
    connection: sa.Connection,
    kind: Kind,
    moment: dt.datetime,
    wanted: Filter,
    actor: Actor,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[int, list[Row]]:
    """Records of ``kind`` (facility, project) as they stood at ``moment``, by key, with the names of their operators;
    and how many there are before ``limit`` and ``offset``.

    Names of operators are today's. The level and the owner of that moment decide who may see a record.
    """
    table = PROJECTIONS[kind]
    touched = _touched(table, kind, moment)
    fits = wanted.test()
    found = {row.id: row for row in connection.execute(_districts(table, touched))}
    past = {
        row["key"]: row
        for row in (_in_district(row, found) for row in as_of(connection, kind, moment, touched))
        if fits(row) and may(actor, "read", _resource(row))
    }
    same = sa.and_(table.c.id.not_in(touched), _was_there(table, moment), wanted.condition(), visible(actor, table))
    keys = sorted([*past, *connection.execute(sa.select(table.c.key).where(same)).scalars()])
    shown = keys[offset:] if limit is None else keys[offset : offset + limit]
    standing = _standing(connection, table, same, [key for key in shown if key not in past], whole=limit is None)
    rows = [_whole(table, past[key]) if key in past else standing[key] for key in shown]
    operators = {row["enterprise_id"] for row in rows}
    names = {row.id: row for row in connection.execute(_operators(operators))} if any(operators) else {}
    return len(keys), [row | _operator(names.get(row["enterprise_id"])) for row in rows]


def _touched(table: sa.Table, kind: Kind, moment: dt.datetime) -> sa.Select[tuple[str]]:
    """Ids of records of which something was recorded after ``moment``, or is to hold only from a later day."""
    at, day = microseconds(moment), moment.date().isoformat()
    changed = sa.or_(table.c.changed_at.is_(None), table.c.changed_at > at)
    later = sa.select(assertion.c.entity_id).where(assertion.c.valid_from.is_not(None), assertion.c.valid_from > day)
    return (
        sa.select(table.c.id)
        .join(entity, entity.c.id == table.c.id)
        .where(entity.c.created_at <= at, sa.or_(changed, table.c.id.in_(later)))
    )


def _was_there(table: sa.Table, moment: dt.datetime) -> sa.ColumnElement[bool]:
    """What was not touched since ``moment`` was last touched before it."""
    return table.c.changed_at <= microseconds(moment)


def _districts(table: sa.Table, touched: sa.Select[tuple[str]]) -> Query:
    c = table.c
    return sa.select(c.id, c.lon, c.lat, c.district_found).where(c.district_found.is_not(None), c.id.in_(touched))


def _in_district(row: Row, found: Mapping[str, Any]) -> Row:
    """``row`` with the district its point lies in, by today's borders, where the point has not moved since."""
    now = found.get(row["id"])
    if now is not None and (now.lon, now.lat) == (row.get("lon"), row.get("lat")):
        row["district_found"] = now.district_found
    return row


def _resource(row: Mapping[str, Any]) -> Resource:
    return Resource(cast(Level, row["level"]), row.get("enterprise_id"), row.get("region"))


def _standing(
    connection: sa.Connection, table: sa.Table, same: sa.ColumnElement[bool], keys: list[str], *, whole: bool
) -> dict[str, Row]:
    if not keys:
        return {}
    condition = same if whole else table.c.key.in_(keys)
    return {row["key"]: dict(row) for row in connection.execute(sa.select(table).where(condition)).mappings()}


def _whole(table: sa.Table, row: Row) -> Row:
    return {name: row.get(name) for name in table.columns.keys()}  # noqa: SIM118  (a SQLAlchemy collection)


def _operators(identities: set[str | None]) -> sa.Select[Any]:
    query = sa.select(enterprise)
    return query.where(enterprise.c.id.in_(identities)) if len(identities) <= 1000 else query


def _operator(found: Any) -> Row:
    return {column.name: getattr(found, column.element.name, None) for column in OPERATOR_NAMES}
