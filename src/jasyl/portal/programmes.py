"""Programmes with their dated targets, and support open to projects."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.registry import in_language, programmes_and_targets, support_measures

from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

TARGET_COLUMNS = (
    Column("programme", "column-programme", link=True),
    Column("region", "column-region"),
    Column("indicator", "column-indicator"),
    Column("target", "column-target"),
    Column("unit", "column-unit"),
    Column("year", "column-year"),
    Column("base", "column-base"),
    Column("confidence", "column-confidence", choices="confidence-level"),
    Column("confirmation", "column-confirmation", choices="confirmation"),
    Column("source", "column-source"),
)
MEASURE_COLUMNS = (
    Column("name", "column-name"),
    Column("kind", "column-kind"),
    Column("who", "column-who"),
    Column("size", "column-size"),
    Column("source", "column-source"),
    Column("confidence", "column-confidence", choices="confidence-level"),
    Column("confirmation", "column-confirmation", choices="confirmation"),
)
_LEADING = ("at least", "about")
_TOLD = ("name", "kind", "who", "size")


@page("/programmes", "Programmes with dated targets, and support open to projects")
def programmes_page(visit: Visit, connection: sa.Connection) -> Document:
    """Targets with base, year and source; support measures."""
    rows = [_target_row(visit, row) for row in programmes_and_targets(connection)]
    measures = support_measures(connection)
    data = {"targets": rows, "support_measures": [dict(row) for row in measures]}
    sheet = Sheet(TARGET_COLUMNS, rows, visit.t("targets-caption"))
    support = Sheet(MEASURE_COLUMNS, [_measure_row(visit, row) for row in measures], visit.t("support-caption"))
    return Document("programmes.html", visit.t("nav-programmes"), data, sheet, {"support": support})


def _target_row(visit: Visit, row: Mapping[Any, Any]) -> dict[str, Any]:
    number = visit.number if visit.form == "html" else str
    value = told(visit, row, "target_text") if row["target_value"] is None else number(row["target_value"])
    base = None if row["base_value"] is None else f"{number(row['base_value'])} ({row['base_year'] or '—'})"
    return {
        "programme": told(visit, row, "name"),
        "programme_link": visit.href(f"/programmes/{row['programme']}"),
        "region": visit.place(row["region"]),
        "indicator": told(visit, row, "indicator"),
        "target": _qualified(row["qualifier"], told(visit, row, "qualifier"), value),
        "unit": visit.unit(row["unit"]),
        "year": row["target_year"],
        "base": base,
        "confidence": row["confidence"],
        "confirmation": "confirmed" if row["confirmed"] else "unconfirmed",
        "source": row["source"],
    }


def _qualified(qualifier: str | None, said: str | None, value: str | None) -> str | None:
    """``at least 15``; ``15 (below 1990)``."""
    if not qualifier:
        return value
    return f"{said} {value}" if qualifier in _LEADING else f"{value} ({said})"


def _measure_row(visit: Visit, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        **{key: told(visit, row, key) for key in _TOLD},
        "source": row["source"],
        "confidence": row["confidence"],
        "confirmation": "confirmed" if row["confirmed"] else "unconfirmed",
    }


def told(visit: Visit, row: Mapping[Any, Any], column: str) -> str | None:
    """The text of ``column`` in the reader's language, or the English one where there is none."""
    return in_language(row, column, visit.language)


def support_names(visit: Visit, connection: sa.Connection) -> dict[str, str]:
    """The names of all support measures by key."""
    return {row["key"]: told(visit, row, "name") or row["key"] for row in support_measures(connection)}
