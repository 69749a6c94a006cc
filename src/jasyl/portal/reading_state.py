"""In what state a facility's readings are: how many came, how complete they are, how many are in doubt."""

from typing import Any

import sqlalchemy as sa

from jasyl.monitoring import load_rollups
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import Doubt, doubt
from jasyl.registry import Series

from .readings import days_shown, span_asked
from .visit import Visit


def reading_state(visit: Visit, connection: sa.Connection, series: list[Series]) -> dict[str, Any]:
    """Of the last 31 days with readings: counts under verdicts, and readings over intervals there were (0–1)."""
    defined = definitions(connection, series)
    start, end = span_asked(visit, connection, defined)
    if end <= 0:
        return {}
    days = load_rollups(connection, list(defined), "day", start, end)
    expected = sum((end - start) // each.interval for each in defined.values())
    under = doubt(connection, visit.house.folder, list(defined.values()), start, end)
    return {
        **days_shown((start, end), defined),
        "completeness": min(1.0, int(days.count.sum()) / expected) if expected else None,
        **doubt_data(under),
    }


def doubt_data(under: Doubt) -> dict[str, int]:
    """Counts of readings for programs."""
    return {"readings": under.readings, "suspect": under.suspect, "wrong": under.wrong}
