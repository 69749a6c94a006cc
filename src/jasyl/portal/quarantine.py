"""Readings of series that nobody registered: a page for those who can register them, and for those who sent them."""

from typing import Any

import sqlalchemy as sa

from jasyl.monitoring.quarantine import quarantined
from jasyl.monitoring.set_apart import SetApart, set_apart
from jasyl.quantities import UTC, civil_time
from jasyl.registry import every_series
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
    Column("todo", "column-todo"),
)


@page("/quarantine", "Readings of unknown series that wait until the series is registered")
def quarantine_page(visit: Visit, connection: sa.Connection) -> Document:
    """Everything for the agency and the auditor; whoever sends readings sees what waits of their own."""
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    everything = bool(visit.actor.roles & {"agency", "auditor"})
    found = quarantined(connection, None if everything else visit.actor.id)
    known = {one.key for one in every_series(connection)} if everything else set[str]()
    rows: list[dict[str, Any]] = [
        {
            "series": one.series,
            "unit": visit.unit(one.unit),
            "readings": one.readings,
            "first": _written(one.first_start),
            "last": _written(one.last_start),
            "received": _written(one.last_received),
            "todo": visit.t(
                "quarantine-todo-release" if one.series in known else "quarantine-todo-register", name=one.series
            ),
        }
        for one in found
    ]
    # A message belongs to nobody that the house knows: only those who look after the whole see them.
    apart = set_apart(connection) if everything else []
    messages = [
        {
            "series": f"{one.topic} ({one.number})",
            "unit": None,
            "readings": None,
            "first": None,
            "last": None,
            "received": _written(one.received_at),
            "todo": visit.t("quarantine-todo-message", reason=one.reason(visit.language), number=str(one.number)),
        }
        for one in apart
    ]
    title = visit.t("quarantine-title")
    sheet = Sheet(COLUMNS, [*rows, *messages], visit.t("quarantine-caption"))
    data = {"quarantined": rows, "messages": [_message(one, visit) for one in apart]}
    return Document("quarantine.html", title, data, sheet, cacheable=False)


def _message(one: SetApart, visit: Visit) -> dict[str, Any]:
    return {
        "number": one.number,
        "topic": one.topic,
        "bytes": one.bytes,
        "received": _written(one.received_at),
        "code": one.code,
        "reason": one.reason(visit.language),
    }


def _written(moment: int) -> str:
    """A sender may mean any moment, one that no calendar has too."""
    try:
        return civil_time(moment, UTC)
    except (OverflowError, ValueError, OSError):
        return str(moment)
