"""Facilities gathered into cells, for a small picture of the whole country."""

from dataclasses import dataclass

import sqlalchemy as sa

from .tables import facility

# Cells a fifth of a degree wide: what lies in one cannot be told apart in a picture of the country.
_CELLS_PER_DEGREE: sa.ColumnElement[int] = sa.literal_column("5")  # in the text: PostgreSQL must see equal expressions


@dataclass(frozen=True)
class OverviewSign:
    """Facilities of one family, status and confirmation in one cell: their mean place, number and power in W."""

    lon: float
    lat: float
    family: str
    status: str
    confirmed: bool
    count: int
    power: int


def map_overview(connection: sa.Connection, west: float, south: float, east: float, north: float) -> list[OverviewSign]:
    """Every public facility with a place between the edges (degrees), the most powerful last, on top of the others."""
    where = (
        facility.c.level == "public",
        facility.c.merged_into.is_(None),
        facility.c.reference.is_(False),
        facility.c.lon.between(west, east),
        facility.c.lat.between(south, north),
    )
    cell = [sa.func.floor(place * _CELLS_PER_DEGREE) for place in (facility.c.lon, facility.c.lat)]
    kind = (facility.c.family, facility.c.status, facility.c.confirmed)
    power = sa.func.coalesce(sa.func.sum(facility.c.capacity_w), 0).label("power")
    query = (
        sa.select(sa.func.avg(facility.c.lon), sa.func.avg(facility.c.lat), *kind, sa.func.count(), power)
        .where(*where)
        .group_by(*cell, *kind)
        .order_by(power, *kind, *cell)
    )
    return [
        OverviewSign(float(lon), float(lat), family, status, bool(confirmed), count, int(total))
        for lon, lat, family, status, confirmed, count, total in connection.execute(query)
    ]
