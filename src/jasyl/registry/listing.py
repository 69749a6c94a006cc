"""Finding facilities: filters, pages of a list, totals, and what somebody may see."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa

from jasyl.people import ANYBODY, Actor
from jasyl.quantities import written_unit
from jasyl.texts import Language, Refusal

from .narrowing import OPERATOR_NAMES, narrowed, narrowing, visible
from .past import rows_as_of
from .statuses import AT_WORK
from .tables import enterprise, facility, owner, published_output, source

Row = sa.RowMapping


@dataclass(frozen=True)
class FacilityFilter:
    """What a list is narrowed to; None leaves a field free. ``text`` is looked for in names, places and keys.

    ``district`` is a KATO code: facilities that say so, and those whose point lies there and that say nothing.
    """

    family: str | None = None
    technology: str | None = None
    status: str | None = None
    region: str | None = None
    district: str | None = None
    enterprise_id: str | None = None
    confirmed: bool | None = None
    text: str | None = None

    _EQUAL: ClassVar = ("family", "technology", "status", "region", "enterprise_id", "confirmed")

    def condition(self) -> sa.ColumnElement[bool]:
        """The filter in SQL."""
        return sa.and_(facility.c.merged_into.is_(None), narrowed(facility, self, self._EQUAL))

    def test(self) -> Callable[[Mapping[str, Any]], bool]:
        """The same filter for rows that are not in the projection."""
        fits = narrowing(self, self._EQUAL)
        return lambda row: row.get("merged_into") is None and fits(row)


def _joined() -> sa.FromClause:
    return facility.outerjoin(enterprise, facility.c.enterprise_id == enterprise.c.id)


def facilities(
    connection: sa.Connection,
    wanted: FacilityFilter,
    actor: Actor = ANYBODY,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Row]:
    """Facilities in the order of their keys, each with its operator's names."""
    query = (
        sa.select(facility, *OPERATOR_NAMES)
        .select_from(_joined())
        .where(wanted.condition(), visible(actor))
        .order_by(facility.c.key)
        .offset(offset)
    )
    return list(connection.execute(query.limit(limit) if limit is not None else query).mappings())


def facilities_as_of(
    connection: sa.Connection,
    moment: dt.datetime,
    wanted: FacilityFilter,
    actor: Actor = ANYBODY,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[int, list[dict[str, Any]]]:
    """The list as the register had it at ``moment``, by key, and how many rows it has in all; `facilities` for the
    past. What an actor may see is decided by the record's publication level of that moment.
    """
    return rows_as_of(connection, "facility", moment, wanted, actor, limit=limit, offset=offset)


def facility_by_key(connection: sa.Connection, key: str, actor: Actor = ANYBODY) -> Row | None:
    """One facility with its operator, or None when there is none that ``actor`` may see."""
    query = sa.select(facility, *OPERATOR_NAMES).select_from(_joined()).where(facility.c.key == key, visible(actor))
    return connection.execute(query).mappings().first()


def facility_by_id(connection: sa.Connection, identity: str, actor: Actor = ANYBODY) -> Row | None:
    """The same by its ULID."""
    query = sa.select(facility, *OPERATOR_NAMES).select_from(_joined()).where(facility.c.id == identity, visible(actor))
    return connection.execute(query).mappings().first()


def enterprise_id_of(connection: sa.Connection, key: str) -> str:
    """The id of the enterprise of a key, BIN or id. Raises Refusal ``unknown-enterprise``."""
    ways = sa.or_(enterprise.c.key == key, enterprise.c.bin == key, enterprise.c.id == key)
    found = connection.execute(sa.select(enterprise.c.id).where(ways)).scalar()
    if found is None:
        raise Refusal("unknown-enterprise", received=key[:80])
    return found


def enterprises(connection: sa.Connection, identities: Sequence[str]) -> Sequence[Row]:
    """The enterprises of these ids; unknown ids are left out."""
    return list(connection.execute(sa.select(enterprise).where(enterprise.c.id.in_(identities))).mappings())


def owners_of(connection: sa.Connection, facility_id: str) -> Sequence[Row]:
    """Who owns a facility, largest share first; shares that nobody stated last."""
    query = (
        sa.select(enterprise, owner.c.share)
        .join(owner, owner.c.enterprise_id == enterprise.c.id)
        .where(owner.c.facility_id == facility_id)
        .order_by(owner.c.share.is_(None), owner.c.share.desc(), enterprise.c.key)
    )
    return list(connection.execute(query).mappings())


@dataclass(frozen=True)
class Totals:
    """Counts and capacity of the facilities in a list. ``listed`` counts every row, the others no reference plant."""

    listed: int
    facilities: int
    enterprises: int
    at_work: int
    confirmed: int
    capacity_at_work_w: int


def totals(connection: sa.Connection, wanted: FacilityFilter, actor: Actor = ANYBODY) -> Totals:
    """Totals of a list. Capacity counts confirmed power plants at work only."""
    own = ~facility.c.reference
    at_work = sa.and_(own, facility.c.status.in_(AT_WORK))
    counted = sa.and_(facility.c.confirmed, at_work)
    query = sa.select(
        sa.func.count(),
        sa.func.count(sa.case((own, 1))),
        sa.func.count(sa.distinct(facility.c.enterprise_id)),
        sa.func.count(sa.case((at_work, 1))),
        sa.func.count(sa.case((sa.and_(own, facility.c.confirmed), 1))),
        sa.func.coalesce(sa.func.sum(sa.case((counted, facility.c.capacity_w))), 0),
    ).where(wanted.condition(), visible(actor))
    return Totals(*(int(value) for value in connection.execute(query).one()))


@dataclass(frozen=True)
class PublishedOutput:
    """What somebody published about a facility's output: ``measured``, ``stated``, or ``design`` (never output)."""

    period: str
    kind: str
    value: Decimal
    unit: str
    source: str
    confidence: str

    def unit_text(self, language: Language) -> str:
        """The unit as ``language`` writes it."""
        return written_unit(self.unit, language)


def published_outputs(connection: sa.Connection, facility_id: str) -> list[PublishedOutput]:
    """What was published about the output of a facility, oldest period first."""
    query = (
        sa.select(published_output, source.c.text)
        .join(source, source.c.id == published_output.c.source_id)
        .where(published_output.c.facility_id == facility_id)
        .order_by(published_output.c.period, published_output.c.kind)
    )
    return [
        PublishedOutput(row.period, row.kind, row.value, row.unit, row.text, row.confidence)
        for row in connection.execute(query)
    ]
