"""The units and other equipment of a facility."""

from collections.abc import Sequence

import sqlalchemy as sa

from jasyl.people import ANYBODY, Actor

from .narrowing import visible
from .tables import facility, installation


def installations(connection: sa.Connection, facility_id: str, actor: Actor = ANYBODY) -> Sequence[sa.RowMapping]:
    """The installations of a facility that ``actor`` may see, by number of unit, then by key."""
    query = (
        sa.select(installation)
        .join(facility, facility.c.id == installation.c.facility_id)
        .where(facility.c.id == facility_id, visible(actor, facility), visible(actor, installation, facility))
    )
    rows = connection.execute(query).mappings()
    return sorted(rows, key=lambda row: (_number(row["unit_no"]), row["key"]))


def _number(written: str | None) -> tuple[bool, int, str]:
    """``9`` before ``10`` before ``A1``; units without a number last."""
    text = (written or "").strip()
    digits = text if text.isascii() and text.isdigit() else ""
    return not text, int(digits) if digits else 10**9, text
