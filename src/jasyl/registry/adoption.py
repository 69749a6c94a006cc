"""The register as the table that dynamics are computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from jasyl.quantities import UNITS

from .statuses import status_group
from .tables import facility, published_output


@dataclass(frozen=True)
class AdoptionRow:
    """One facility for dynamics: power in W, measured output in Wh by calendar year, None where unknown.

    ``status`` is ``operating``, ``suspended``, ``closed`` (with ``closed_year`` where known); anything else, as
    ``coming``, has not been introduced. A status is today's: years of suspension in the past are not known.
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


def adoption_table(connection: sa.Connection, region: str | None = None) -> list[AdoptionRow]:
    """Facilities that enter national sums: neither merged nor reference plants.

    Closed records never enter. Aggregated ones enter only in a technology and region where at least three
    enterprises keep theirs so: else a sum would tell the single value, and leaving them out of every total alike
    leaves nothing to be found by subtraction.
    """
    wanted = [facility.c.merged_into.is_(None), ~facility.c.reference, facility.c.level != "closed"]
    if region:
        wanted.append(facility.c.region == region)
    columns = (
        facility.c.id, facility.c.key, facility.c.enterprise_id, facility.c.technology, facility.c.family,
        facility.c.region, facility.c.commissioned_year, facility.c.status, facility.c.capacity_w,
        facility.c.confirmed, facility.c.level,
    )  # fmt: skip
    rows = connection.execute(sa.select(*columns).where(*wanted).order_by(facility.c.key)).all()
    outputs = _outputs(connection)
    open_cells = _open_cells(rows)
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
        )
        for row in rows
        if row.level == "public" or (row.technology, row.region) in open_cells
    ]


SMALLEST_CELL = 3


def _open_cells(rows: Sequence[Any]) -> set[tuple[str, str | None]]:
    """Cells of technology and region in which aggregated records may be summed."""
    enterprises: dict[tuple[str, str | None], set[str]] = {}
    for row in rows:
        if row.level == "aggregated" and row.enterprise_id:
            enterprises.setdefault((row.technology, row.region), set()).add(row.enterprise_id)
    return {cell for cell, members in enterprises.items() if len(members) >= SMALLEST_CELL}


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
