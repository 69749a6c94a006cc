"""Projects as rows of tables and as data."""

from collections.abc import Sequence
from typing import Any

from jasyl.quantities import decimal_text
from jasyl.registry import SINCE
from jasyl.texts import LANGUAGES

from .lists import Row, capacity_text, described, district_data
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("name", "column-project", link=True),
    Column("kind", "column-kind", choices="project-kind"),
    Column("family", "column-family", choices="family"),
    Column("technology", "column-technology"),
    Column("enterprise", "column-enterprise", link=True),
    Column("region", "column-region", link=True),
    Column("district", "column-district", files_only=True),
    Column("status", "column-status", choices="project-status"),
    Column("expected", "column-expected"),
    Column("capacity", "column-planned-capacity"),
    Column("investment", "column-investment"),
    Column("facility", "column-leads-to", link=True),
    Column("confirmation", "column-confirmation", choices="confirmation"),
)


def projects_sheet(visit: Visit, rows: Sequence[Row], caption: str) -> Sheet:
    """Projects as a table."""
    return Sheet(COLUMNS, [project_row(visit, row) for row in rows], caption)


def project_row(visit: Visit, row: Row) -> dict[str, Any]:
    """A project as a row of a list."""
    return {
        **described(visit, row),
        "name_link": visit.href(f"/projects/{row['key']}"),
        "kind": row["kind"],
        "expected": row["expected"],
        "capacity": capacity_text(visit, row),
        "investment": investment_text(visit, row),
        "facility": visit.name_of(row, "facility_") if row["facility_key"] else None,
        "facility_link": visit.href(f"/facilities/{row['facility_key']}") if row["facility_key"] else None,
        "confirmation": "confirmed" if row["confirmed"] else "unconfirmed",
    }


def investment_text(visit: Visit, row: Row) -> str | None:
    """The amount with its currency, and the year of its prices where that was told."""
    if row["investment"] is None:
        return None
    amount = f"{visit.number(row['investment'])} {visit.currency(row['investment_currency'])}"
    return f"{amount} ({row['price_year']})" if row["price_year"] else amount


def project_data(row: Row) -> dict[str, Any]:
    """A project for programs; numbers as decimal texts, sizes with UCUM units, money with its ISO 4217 code."""
    return {
        "key": row["key"],
        "name": {language: row[f"name_{language}"] for language in LANGUAGES},
        "kind": row["kind"],
        "enterprise": row["enterprise_key"],
        "facility": row["facility_key"],
        "technology": row["technology"],
        "family": row["family"],
        "status": row["status"],
        "status_date": row["status_date"],
        "since": {status: row[field] for status, field in SINCE.items()},
        "expected": row["expected"],
        "capacity": decimal_text(row["capacity"]) if row["capacity"] is not None else None,
        "capacity_unit": row["capacity_unit"],
        "investment": f"{row['investment']:.2f}" if row["investment"] is not None else None,
        "investment_currency": row["investment_currency"],
        "price_year": row["price_year"],
        "financing": (row["financing"] or "").split(),
        "support": (row["support"] or "").split(),
        "programme": row["programme"],
        "region": row["region"],
        **district_data(row),
        "place": row["place"],
        "lon_lat": [row["lon"], row["lat"]] if row["lon"] is not None else None,
        "place_precision": row["place_precision"],
        "confidence": row["confidence"],
        "confirmed": row["confirmed"],
    }
