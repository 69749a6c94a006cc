"""Writing what the register has no room for, and what it has room for, into the register."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from jasyl.people import Actor

from .tables import sta_entity


def keep(
    connection: sa.Connection,
    kind: str,
    identity: str | None,
    values: Mapping[str, Any],
    links: Mapping[str, list[str]],
    actor: Actor,
) -> str:
    """Insert or replace what clients said of an entity, and give its id."""
    identity = identity or str(ULID())
    here = sa.and_(sta_entity.c.kind == kind, sta_entity.c.id == identity)
    row = {
        "document": json.dumps({"values": dict(values), "links": dict(links)}, ensure_ascii=False),
        "withdrawn": False,
        "version": _next(connection),
    }
    changed = connection.execute(sa.update(sta_entity).where(here).values(row))
    if not changed.rowcount:
        connection.execute(sa.insert(sta_entity).values(kind=kind, id=identity, actor=actor.id, **row))
    return identity


def held(connection: sa.Connection, kind: str, identity: str) -> dict[str, Any]:
    """What clients said of an entity: ``values`` and ``links``, empty where they said nothing."""
    here = sa.and_(sta_entity.c.kind == kind, sta_entity.c.id == identity)
    found = connection.execute(sa.select(sta_entity.c.document).where(here)).scalar()
    return json.loads(found) if found else {"values": {}, "links": {}}


def withdraw(connection: sa.Connection, kind: str, identity: str) -> None:
    """Show an entity no more."""
    here = sa.and_(sta_entity.c.kind == kind, sta_entity.c.id == identity)
    connection.execute(sa.update(sta_entity).where(here).values(withdrawn=True, version=_next(connection)))


def _next(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.coalesce(sa.func.max(sta_entity.c.version), 0))).scalar_one() + 1
