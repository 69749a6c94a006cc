"""About the data: where everything comes from, under which licence, how sure it is; facts; programmes."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from jasyl.facts import Fact, find, sources
from jasyl.places import region, regions
from jasyl.quantities import written_unit
from jasyl.registry import programmes_and_targets, support_measures
from jasyl.texts import Refusal

from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

SOURCE_COLUMNS = (
    Column("title", "column-source"),
    Column("licence", "column-licence"),
    Column("address", "column-address"),
    Column("note", "column-note"),
)


@page("/about", "About the data: sources, licences, what marks mean")
def about_page(visit: Visit, connection: sa.Connection) -> Document:
    """Every source of the data with its licence, the borders shown, and what kinds and confidences mean."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    borders = current(visit.house.folder)
    rows = [{"title": one.title, "licence": one.licence, "address": one.address, "note": one.note} for one in sources()]
    shown = {"source": borders.source, "licence": borders.licence, "attribution": borders.attribution}
    data = {"sources": rows, "boundaries": {**shown, "precision": borders.precision}}
    sheet = Sheet(SOURCE_COLUMNS, rows, visit.t("about-sources"))
    return Document("about.html", visit.t("nav-about"), data, sheet, {"borders": borders})


FACT_COLUMNS = (
    Column("metric", "column-metric"),
    Column("place", "column-region"),
    Column("about", "column-about"),
    Column("period", "column-period"),
    Column("value", "column-value"),
    Column("unit", "column-unit"),
    Column("basis", "column-basis", choices="basis"),
    Column("confidence", "column-confidence", choices="confidence-level"),
    Column("confirmation", "column-confirmation", choices="confirmation"),
    Column("source", "column-source"),
)


@page("/facts", "Sourced facts: power system, waste, water, geothermal")
def facts_page(visit: Visit, connection: sa.Connection) -> Document:
    """Facts with source, date and confidence; ``metric`` and ``place`` in the query narrow them."""
    place = visit.query.get("place") or None
    if place and place != "KZ":
        place = region(place).iso
    metric = visit.query.get("metric") or None
    every = find(connection)
    metrics = sorted({one.metric for one in every})
    if metric and metric not in metrics:
        raise Refusal("query-choice", received=f"metric={metric}"[:60], expected=", ".join(metrics)[:400])
    found = [one for one in every if metric in (None, one.metric) and place in (None, one.place)]
    sheet = Sheet(FACT_COLUMNS, [_fact_row(visit, one) for one in found], visit.t("facts-caption"))
    places = [("KZ", visit.t("country-name")), *((one.iso, one.name(visit.language)) for one in regions())]
    context = {"metrics": metrics, "places": places}
    return Document("facts.html", visit.t("nav-facts"), {"facts": [dict(row) for row in sheet.rows]}, sheet, context)


def _fact_row(visit: Visit, one: Fact) -> dict[str, Any]:
    codes = {region.iso: region.name(visit.language) for region in regions()}
    number = visit.number if visit.form == "html" else str
    return {
        "metric": one.metric.replace("_", " "),
        "place": visit.t("country-name") if one.place == "KZ" else codes.get(one.place or "", one.place),
        "about": ", ".join(part for part in (one.area, one.object, one.technology) if part) or None,
        "period": one.period,
        "value": _value_or_range(one, number),
        "unit": _unit(visit, one.unit),
        "basis": one.basis,
        "confidence": one.confidence,
        "confirmation": "confirmed" if one.confirmed else "unconfirmed",
        "source": one.source + (f" ({one.source_date})" if one.source_date else ""),
    }


def _unit(visit: Visit, code: str | None) -> str | None:
    """A unit as people write it on the page; in files its UCUM code, which programs know."""
    return written_unit(code, visit.language) if code and visit.form == "html" else code


def _place(visit: Visit, code: str | None) -> str | None:
    """A country or region by name on the page, by its ISO 3166-2 code in files."""
    if not code or visit.form != "html":
        return code or None
    return visit.t("country-name") if code == "KZ" else region(code).name(visit.language)


def _value_or_range(one: Fact, number: Callable[[Any], str]) -> str:
    """The value, or the bounds where a source gives only these."""
    if one.value is not None:
        return number(one.value)
    if one.low is not None and one.high is not None:
        return f"{number(one.low)}–{number(one.high)}"
    return f"≥ {number(one.low)}" if one.low is not None else f"≤ {number(one.high)}"


TARGET_COLUMNS = (
    Column("programme", "column-programme"),
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


@page("/programmes", "Programmes with dated targets, and support open to projects")
def programmes_page(visit: Visit, connection: sa.Connection) -> Document:
    """Targets with base, year and source; support measures."""
    rows = [_target_row(visit, row) for row in programmes_and_targets(connection)]
    measures = support_measures(connection)
    data = {"targets": rows, "support_measures": [dict(row) for row in measures]}
    sheet = Sheet(TARGET_COLUMNS, rows, visit.t("targets-caption"))
    return Document("programmes.html", visit.t("nav-programmes"), data, sheet, {"measures": measures})


def _target_row(visit: Visit, row: Any) -> dict[str, Any]:
    number = visit.number if visit.form == "html" else str
    value = row["target_text"] if row["target_value"] is None else number(row["target_value"])
    base = None if row["base_value"] is None else f"{number(row['base_value'])} ({row['base_year'] or '—'})"
    names = (row[f"name_{visit.language}"], row["name_en"])
    return {
        "programme": next(name for name in names if name),
        "region": _place(visit, row["region"]),
        "indicator": row["indicator"],
        "target": f"{row['qualifier']} {value}" if row["qualifier"] else value,
        "unit": _unit(visit, row["unit"]),
        "year": row["target_year"],
        "base": base,
        "confidence": row["confidence"],
        "confirmation": "confirmed" if row["confirmed"] else "unconfirmed",
        "source": row["source"],
    }
