"""The units and other equipment of a facility, as a table of its page."""

from collections.abc import Sequence
from typing import Any

from jasyl.quantities import decimal_text
from jasyl.registry import technology

from .lists import Row, capacity_text
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("unit_no", "column-unit-no"),
    Column("unit_count", "column-unit-count", digits=0),
    Column("technology", "column-technology"),
    Column("maker", "column-maker"),
    Column("model", "column-model"),
    Column("capacity", "column-unit-capacity"),
    Column("commissioned", "column-commissioned"),
    Column("decommissioned", "column-decommissioned"),
    Column("status", "column-status", choices="status"),
    Column("confidence", "column-confidence", choices="confidence-level"),
)


def installations_sheet(visit: Visit, rows: Sequence[Row]) -> Sheet:
    """Installations as a table; the capacity is that of one unit."""
    return Sheet(COLUMNS, [_row(visit, row) for row in rows], visit.t("facility-installations"))


def _row(visit: Visit, row: Row) -> dict[str, Any]:
    same = ("unit_no", "maker", "model", "commissioned", "decommissioned", "status", "confidence")
    return {name: row[name] for name in same} | {
        "unit_count": row["unit_count"] or 1,
        "technology": technology(row["technology"]).name(visit.language),
        "capacity": capacity_text(visit, row),
    }


def installation_data(row: Row) -> dict[str, Any]:
    """An installation for programs; numbers as decimal texts with UCUM units."""
    same = (
        "key", "unit_no", "technology", "maker", "model", "serial", "capacity_unit", "commissioned", "decommissioned",
        "status", "note", "confidence",
    )  # fmt: skip
    return {name: row[name] for name in same} | {
        "unit_count": row["unit_count"] or 1,
        "capacity": decimal_text(row["capacity"]) if row["capacity"] is not None else None,
        "lon_lat": [row["lon"], row["lat"]] if row["lon"] is not None else None,
    }
