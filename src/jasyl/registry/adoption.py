"""The register as the table that dynamics are computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.people import open_cells
from jasyl.quantities import UNITS

from .activities import activity_section
from .statuses import status_group
from .tables import enterprise, facility, installation, project, published_output

Money = Mapping[str, Decimal]


@dataclass(frozen=True)
class AdoptionRow:
    """One facility for dynamics: power in W, measured output in Wh by calendar year, None where unknown.

    ``status`` is ``operating``, ``suspended``, ``closed`` (with ``closed_year`` where known); anything else, as
    ``coming``, has not been introduced. A status is today's: years of suspension in the past are not known.
    ``sector`` (section of OKED) and ``size`` are those of the operating enterprise. ``installations`` are units by
    the year they went to work; ``invested`` is money by currency, of the facility or else of its projects.
    ``identity`` is its ULID.
    """

    id: str
    enterprise: str | None
    technology: str
    family: str
    region: str | None
    commissioned_year: int | None
    status: str
    capacity: int | None = None
    output: Mapping[int, int] = field(default_factory=dict[int, int])
    confirmed: bool = True
    closed_year: int | None = None
    sector: str | None = None
    size: str | None = None
    installations: Mapping[int, int] = field(default_factory=dict[int, int])
    invested: Money = field(default_factory=dict[str, Decimal])
    identity: str = ""


def adoption_table(connection: sa.Connection, region: str | None = None) -> list[AdoptionRow]:
    """Facilities that enter national sums: neither merged nor reference plants.

    Closed records never enter. Aggregated ones enter only where at least three enterprises keep theirs so in one
    cell of everything a reader can group by (`jasyl.people.open_cells`): else a sum would tell the single value, and
    leaving them out of every total alike leaves nothing to be found by subtraction.
    """
    wanted = [facility.c.merged_into.is_(None), ~facility.c.reference, facility.c.level != "closed"]
    if region:
        wanted.append(facility.c.region == region)
    columns = (
        facility.c.id, facility.c.key, facility.c.enterprise_id, facility.c.technology, facility.c.family,
        facility.c.region, facility.c.commissioned_year, facility.c.status, facility.c.capacity_w, facility.c.cost,
        facility.c.cost_currency, facility.c.confirmed, facility.c.level, *operator_columns(),
    )  # fmt: skip
    operated = facility.outerjoin(enterprise, enterprise.c.id == facility.c.enterprise_id)
    query = sa.select(*columns).select_from(operated).where(*wanted).order_by(facility.c.key)
    rows = connection.execute(query).all()
    outputs, units, money = _outputs(connection), _units(connection), _project_money(connection)
    shared = open_cells((adoption_cell(row), row.enterprise_id) for row in rows if row.level == "aggregated")
    return [
        AdoptionRow(
            id=row.key,
            enterprise=row.enterprise_id,
            technology=row.technology,
            family=row.family,
            region=row.region,
            commissioned_year=row.commissioned_year,
            status=_status(row.status),
            capacity=row.capacity_w,
            output=outputs.get(row.id, {}),
            confirmed=row.confirmed,
            sector=activity_section(row.sector),
            size=row.size,
            installations=_by_year(units.get(row.id, ()), row.commissioned_year),
            invested={row.cost_currency: Decimal(row.cost)} if row.cost else money.get(row.id, {}),
            identity=row.id,
        )
        for row in rows
        if row.level == "public" or adoption_cell(row) in shared
    ]


def operator_columns() -> tuple[sa.ColumnElement[Any], ...]:
    """Sector and size of the operator where its record is public; a closed record is not told through its plants."""
    public = enterprise.c.level == "public"
    return (
        sa.case((public, enterprise.c.sector)).label("sector"),
        sa.case((public, enterprise.c.size)).label("size"),
    )


def adoption_cell(row: Any) -> tuple[object, ...]:
    """What a reader can single out: technology, region, year of commissioning, sector and size of the operator."""
    return row.technology, row.region, row.commissioned_year, activity_section(row.sector), row.size


def _status(status: str) -> str:
    if status in {"suspended", "closed"}:
        return status
    return "operating" if status_group(status) == "at_work" else "coming"


def _outputs(connection: sa.Connection) -> dict[str, dict[int, int]]:
    """Published measured energy in Wh by facility and year; design values and parts of years are not output."""
    found: dict[str, dict[int, int]] = {}
    query = sa.select(published_output).where(published_output.c.kind == "measured")
    for row in connection.execute(query):
        unit = UNITS.get(row.unit)
        if unit is not None and unit.dimension == "energy" and len(row.period) == 4 and row.period.isdigit():
            found.setdefault(row.facility_id, {})[int(row.period)] = int(unit.to_base(row.value))
    return found


Unit = tuple[str | None, int]


def _units(connection: sa.Connection) -> dict[str, list[Unit]]:
    """Commissioning and number of the public units of each facility that went to work."""
    columns = (
        installation.c.facility_id, installation.c.commissioned, installation.c.unit_count, installation.c.status,
    )  # fmt: skip
    found: dict[str, list[Unit]] = {}
    for row in connection.execute(sa.select(*columns).where(installation.c.level == "public")):
        if status_group(row.status) in {"at_work", "stopped"}:
            found.setdefault(row.facility_id, []).append((row.commissioned, row.unit_count or 1))
    return found


def _by_year(units: Sequence[Unit], otherwise: int | None) -> dict[int, int]:
    """Units by the year they went to work, that of the facility where their own is not known."""
    found: dict[int, int] = {}
    for commissioned, count in units:
        year = int(commissioned[:4]) if commissioned else otherwise
        if year is not None:
            found[year] = found.get(year, 0) + count
    return found


def _project_money(connection: sa.Connection) -> dict[str, dict[str, Decimal]]:
    """Investment by facility and currency of the confirmed public projects that led to it and were not given up."""
    columns = (project.c.facility_id, project.c.investment, project.c.investment_currency)
    query = sa.select(*columns).where(
        project.c.facility_id.is_not(None),
        project.c.investment.is_not(None),
        project.c.investment_currency.is_not(None),
        project.c.confirmed,
        project.c.level == "public",
        project.c.status.not_in(("shelved", "cancelled")),
    )
    found: dict[str, dict[str, Decimal]] = {}
    for row in connection.execute(query):
        sums = found.setdefault(row.facility_id, {})
        sums[row.investment_currency] = sums.get(row.investment_currency, Decimal(0)) + Decimal(row.investment)
    return found
