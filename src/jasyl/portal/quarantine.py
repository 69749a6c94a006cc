"""Readings of series that nobody registered: a page for those who can register them, and for those who sent them."""

from typing import Any

import sqlalchemy as sa

from jasyl.monitoring.quarantine import quarantined
from jasyl.quantities import instant
from jasyl.texts import Refusal

from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("series", "column-series"),
    Column("unit", "column-unit"),
    Column("readings", "column-readings", number=True),
    Column("first", "column-first-reading"),
    Column("last", "column-last-reading"),
    Column("received", "column-received"),
)


@page("/quarantine", "Readings of unknown series that wait until the series is registered")
def quarantine_page(visit: Visit, connection: sa.Connection) -> Document:
    """Everything for the agency and the auditor; whoever sends readings sees what waits of their own."""
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    everything = bool(visit.actor.roles & {"agency", "auditor"})
    found = quarantined(connection, None if everything else visit.actor.id)
    rows: list[dict[str, Any]] = [
        {
            "series": one.series,
            "unit": visit.unit(one.unit),
            "readings": one.readings,
            "first": _written(one.first_start),
            "last": _written(one.last_start),
            "received": _written(one.last_received),
        }
        for one in found
    ]
    title = visit.t("quarantine-title")
    sheet = Sheet(COLUMNS, rows, visit.t("quarantine-caption"))
    data = {"quarantined": rows}
    return Document("quarantine.html", title, data, sheet, cacheable=False)


def _written(moment: int) -> str:
    try:
        return instant(moment).isoformat(timespec="minutes")
    except (OverflowError, ValueError, OSError):
        return str(moment)
