"""What meters counted by calendar year: the observed side of development, from sealed days alone."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from jasyl.people import open_cells
from jasyl.registry import adoption_cell, operator_columns
from jasyl.registry.tables import enterprise, facility
from jasyl.registry.tables import series as registered

from .amounts import AMOUNTS, RESOLUTION, rounded
from .definitions import definitions
from .tables import sealed_day

# Facility key → quantity → year → amount in the base unit of the quantity.
MeteredYears = Mapping[str, Mapping[str, Mapping[int, Decimal]]]


def metered_years(connection: sa.Connection) -> MeteredYears:
    """The amounts of each facility by year, of the days in force in the ledger; series that are closed left out.

    Aggregated series enter a year only where three enterprises meter the same so in one cell of what a reader can
    group by, as aggregated facilities do. A year is a civil year of the series. A year that was metered in part has
    the sum of its metered days: what is missing is not filled in.
    """
    year = sa.func.substr(sealed_day.c.day, 1, 4)
    sums = (
        sa.select(sealed_day.c.series, year.label("year"), sa.func.sum(sealed_day.c.sum).label("sum"))
        .where(sealed_day.c.superseded_by.is_(None), sealed_day.c.count > 0)
        .group_by(sealed_day.c.series, year)
        .subquery()
    )
    query = (
        sa.select(
            facility.c.key,
            facility.c.enterprise_id,
            facility.c.technology,
            facility.c.region,
            facility.c.commissioned_year,
            *operator_columns(),
            registered.c.level,
            registered.c.quantity,
            sums.c.series,
            sums.c.year,
            sums.c.sum,
        )
        .select_from(sums)
        .join(registered, registered.c.number == sums.c.series)
        .join(facility, facility.c.id == registered.c.facility_id)
        .outerjoin(enterprise, enterprise.c.id == facility.c.enterprise_id)
        .where(registered.c.level != "closed", registered.c.quantity.in_(AMOUNTS))
        .order_by(facility.c.key, registered.c.quantity, sums.c.year)
    )
    rows = connection.execute(query).all()
    defined = definitions(connection) if rows else {}
    summed = [row for row in rows if row.level == "aggregated"]
    shared = open_cells((_cell(row), row.enterprise_id) for row in summed)
    exact: dict[str, dict[str, dict[int, Fraction]]] = {}
    for row in rows:
        if row.level == "aggregated" and _cell(row) not in shared:
            continue
        years = exact.setdefault(row.key, {}).setdefault(row.quantity, {})
        amount = int(row.sum) * defined[row.series].amount_factor
        years[int(row.year)] = years.get(int(row.year), Fraction(0)) + amount
    return {
        key: {
            quantity: {year: rounded(amount, RESOLUTION) for year, amount in years.items()}
            for quantity, years in quantities.items()
        }
        for key, quantities in exact.items()
    }


def _cell(row: Any) -> tuple[object, ...]:
    return row.quantity, row.year, *adoption_cell(row)
