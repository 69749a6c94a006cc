"""Finding enterprises: a list with what each runs, and its shares in facilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl.people import ANYBODY, Actor

from .narrowing import sees_everything, spoken, visible
from .statuses import AT_WORK
from .tables import enterprise, facility, owner, project

Row = sa.RowMapping
Query = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class EnterpriseFilter:
    """What a list of enterprises is narrowed to. ``region``: with a facility or project there. ``text`` is looked for
    in names, keys and the BIN."""

    kind: str | None = None
    region: str | None = None
    text: str | None = None


def enterprises_seen(actor: Actor) -> sa.ColumnElement[bool]:
    """The enterprises an actor may read: public ones, and its own."""
    if sees_everything(actor):
        return sa.true()
    own = enterprise.c.id == actor.enterprise_id if actor.enterprise_id else sa.false()
    return sa.or_(enterprise.c.level == "public", own)


def enterprise_names(connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, Row]:
    """Names of the enterprises among ``ids``, by id."""
    query = sa.select(enterprise.c.id, enterprise.c.name_kk, enterprise.c.name_ru, enterprise.c.name_en)
    return {row["id"]: row for row in connection.execute(query.where(enterprise.c.id.in_(ids))).mappings()}


def _condition(wanted: EnterpriseFilter, actor: Actor) -> sa.ColumnElement[bool]:
    terms = [enterprises_seen(actor)]
    if wanted.kind:
        terms.append(enterprise.c.kind == wanted.kind)
    if wanted.text:
        terms.append(sa.or_(spoken(enterprise, wanted.text), enterprise.c.bin == wanted.text.strip()))
    if wanted.region:
        here = [
            sa.select(table.c.enterprise_id).where(
                table.c.region == wanted.region, table.c.enterprise_id.is_not(None), visible(actor, table)
            )
            for table in (facility, project)
        ]
        terms.append(sa.or_(*(enterprise.c.id.in_(ids) for ids in here)))
    return sa.and_(*terms)


def count_enterprises(connection: sa.Connection, wanted: EnterpriseFilter, actor: Actor = ANYBODY) -> int:
    """How many enterprises a list has."""
    query = sa.select(sa.func.count()).select_from(enterprise).where(_condition(wanted, actor))
    return connection.execute(query).scalar_one()


def enterprises_listed(
    connection: sa.Connection,
    wanted: EnterpriseFilter,
    actor: Actor = ANYBODY,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Row]:
    """Enterprises in the order of their keys with ``facilities`` they run, ``capacity_w`` of the confirmed power plants
    at work among these, and ``projects``: each counts what the actor may see, and no reference plant."""
    page = (
        sa.select(enterprise).where(_condition(wanted, actor)).order_by(enterprise.c.key).offset(offset)
    )  # fmt: skip
    rows = list(connection.execute(page.limit(limit) if limit is not None else page).mappings())
    some = [row["id"] for row in rows] if limit is not None else None
    run = {row.enterprise_id: row for row in connection.execute(_run(actor, some))}
    plan = {row.enterprise_id: row.projects for row in connection.execute(_planned(actor, some))}
    return [_joined(row, run.get(row["id"]), plan.get(row["id"], 0)) for row in rows]


def _joined(row: Row, run: Any, planned: int) -> Any:
    return {
        **row,
        "facilities": run.facilities if run else 0,
        "capacity_w": int(run.capacity_w or 0) if run else 0,
        "projects": planned,
    }


def _run(actor: Actor, identities: list[str] | None) -> Query:
    counted = sa.and_(facility.c.confirmed, facility.c.status.in_(AT_WORK))
    query = (
        sa.select(
            facility.c.enterprise_id,
            sa.func.count().label("facilities"),
            sa.func.sum(sa.case((counted, facility.c.capacity_w))).label("capacity_w"),
        )
        .where(facility.c.merged_into.is_(None), ~facility.c.reference, visible(actor, facility))
        .group_by(facility.c.enterprise_id)
    )
    return query if identities is None else query.where(facility.c.enterprise_id.in_(identities))


def _planned(actor: Actor, identities: list[str] | None) -> Query:
    query = (
        sa.select(project.c.enterprise_id, sa.func.count().label("projects"))
        .where(visible(actor, project), project.c.enterprise_id.is_not(None))
        .group_by(project.c.enterprise_id)
    )
    return query if identities is None else query.where(project.c.enterprise_id.in_(identities))


def enterprise_by_key(connection: sa.Connection, key: str, actor: Actor = ANYBODY) -> Row | None:
    """One enterprise by its key, BIN or ULID, or None when there is none that ``actor`` may see."""
    ways = sa.or_(enterprise.c.key == key, enterprise.c.bin == key, enterprise.c.id == key)
    query = sa.select(enterprise).where(ways, enterprises_seen(actor)).order_by(enterprise.c.key != key)
    return connection.execute(query).mappings().first()


def shares_of(connection: sa.Connection, enterprise_id: str, actor: Actor = ANYBODY) -> Sequence[Row]:
    """Facilities in which an enterprise takes part: role and share in percent (None where nobody stated it)."""
    query = (
        sa.select(facility, owner.c.role, owner.c.share)
        .join(owner, owner.c.facility_id == facility.c.id)
        .where(owner.c.enterprise_id == enterprise_id, facility.c.merged_into.is_(None), visible(actor, facility))
        .order_by(facility.c.key, owner.c.role)
    )
    return list(connection.execute(query).mappings())
