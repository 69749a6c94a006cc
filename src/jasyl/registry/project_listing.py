"""Finding projects: filters, pages of a list, and what the pipeline holds."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa

from jasyl.people import ANYBODY, Actor

from .narrowing import OPERATOR_NAMES, narrowed, narrowing, visible
from .past import rows_as_of
from .project_stages import IN_PIPELINE
from .tables import enterprise, facility, programme, project

Row = sa.RowMapping


@dataclass(frozen=True)
class ProjectFilter:
    """What a list of projects is narrowed to; None leaves a field free. ``enterprise_id`` finds partners too."""

    family: str | None = None
    technology: str | None = None
    kind: str | None = None
    status: str | None = None
    region: str | None = None
    district: str | None = None
    enterprise_id: str | None = None
    facility_id: str | None = None
    programme: str | None = None
    confirmed: bool | None = None
    text: str | None = None

    _EQUAL: ClassVar = ("family", "technology", "kind", "status", "region", "facility_id", "programme", "confirmed")

    def condition(self) -> sa.ColumnElement[bool]:
        """The filter in SQL."""
        condition = narrowed(project, self, self._EQUAL)
        if self.enterprise_id is None:
            return condition
        taking_part = project.c.partner_ids.contains(self.enterprise_id, autoescape=True)
        return sa.and_(condition, sa.or_(project.c.enterprise_id == self.enterprise_id, taking_part))

    def test(self) -> Callable[[Mapping[str, Any]], bool]:
        """The same filter for rows that are not in the projection."""
        fits, asked = narrowing(self, self._EQUAL), self.enterprise_id

        def test(row: Mapping[str, Any]) -> bool:
            parties = (row.get("enterprise_id"), *(row.get("partner_ids") or "").split())
            return fits(row) and (asked is None or asked in parties)

        return test


_LEADS_TO = (
    facility.c.key.label("facility_key"),
    facility.c.name_kk.label("facility_kk"),
    facility.c.name_ru.label("facility_ru"),
    facility.c.name_en.label("facility_en"),
)


def _select(actor: Actor) -> sa.Select[Any]:
    """Projects with their operators, and with the facilities they lead to where the actor may see those."""
    leads_to = sa.and_(facility.c.id == project.c.facility_id, visible(actor, facility))
    return (
        sa.select(project, *OPERATOR_NAMES, *_LEADS_TO)
        .select_from(
            project.outerjoin(enterprise, enterprise.c.id == project.c.enterprise_id).outerjoin(facility, leads_to)
        )
        .where(visible(actor, project))
    )


def projects(
    connection: sa.Connection,
    wanted: ProjectFilter,
    actor: Actor = ANYBODY,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Row]:
    """Projects in the order of their keys, each with the names of who carries it out and what it leads to."""
    query = _select(actor).where(wanted.condition()).order_by(project.c.key).offset(offset)
    return list(connection.execute(query.limit(limit) if limit is not None else query).mappings())


def projects_as_of(
    connection: sa.Connection,
    moment: dt.datetime,
    wanted: ProjectFilter,
    actor: Actor = ANYBODY,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[int, list[dict[str, Any]]]:
    """The list as the register had it at ``moment``, by key, and how many rows it has in all."""
    total, rows = rows_as_of(connection, "project", moment, wanted, actor, limit=limit, offset=offset)
    led = {row["facility_id"] for row in rows if row["facility_id"]}
    query = sa.select(facility.c.id, *_LEADS_TO).where(facility.c.id.in_(led), visible(actor, facility))
    named = {row["id"]: row for row in connection.execute(query).mappings()} if led else {}
    return total, [row | _leads_to(named.get(row["facility_id"] or "")) for row in rows]


def _leads_to(found: Mapping[Any, Any] | None) -> dict[str, Any]:
    return {column.name: found[column.name] if found else None for column in _LEADS_TO}


def project_by_key(connection: sa.Connection, key: str, actor: Actor = ANYBODY) -> Row | None:
    """One project by its key or ULID, or None when there is none that ``actor`` may see."""
    query = _select(actor).where(sa.or_(project.c.key == key, project.c.id == key))
    return connection.execute(query).mappings().first()


@dataclass(frozen=True)
class Pipeline:
    """Counts of a list of projects. ``listed`` counts every row; ``coming`` those still to come, confirmed or not;
    power in W and investment by currency only confirmed projects still to come."""

    listed: int
    coming: int
    capacity_w: int
    investment: tuple[tuple[str, Decimal], ...]


def pipeline(connection: sa.Connection, wanted: ProjectFilter, actor: Actor = ANYBODY) -> Pipeline:
    """What a list of projects comes to. Amounts of different currencies are never added."""
    shown = sa.and_(wanted.condition(), visible(actor, project))
    coming = project.c.status.in_(IN_PIPELINE)
    counted = sa.and_(coming, project.c.confirmed)
    query = sa.select(
        sa.func.count(),
        sa.func.count(sa.case((coming, 1))),
        sa.func.coalesce(sa.func.sum(sa.case((counted, project.c.capacity_w))), 0),
    ).where(shown)
    listed, to_come, power = connection.execute(query).one()
    currency = project.c.investment_currency
    amounts = (
        sa.select(currency, sa.func.sum(project.c.investment))
        .where(shown, counted, project.c.investment.is_not(None))
        .group_by(currency)
        .order_by(currency)
    )
    sums = tuple((code, Decimal(total)) for code, total in connection.execute(amounts))
    return Pipeline(int(listed), int(to_come), int(power), sums)


def programme_names(connection: sa.Connection) -> Mapping[str, Row]:
    """Names of programmes by key."""
    columns = (programme.c.key, programme.c.name_kk, programme.c.name_ru, programme.c.name_en)
    return {row["key"]: row for row in connection.execute(sa.select(*columns)).mappings()}
