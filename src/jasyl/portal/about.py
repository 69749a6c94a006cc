"""About the data: where everything comes from, under which licence, how sure it is; facts."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.facts import Fact, find, metric_name, source_word, sources, word, written_period
from jasyl.places import region, regions
from jasyl.registry import technologies
from jasyl.storage import kazakh_order
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
    rows = [
        {key: source_word(getattr(one, key), visit.language) for key in ("title", "licence", "address", "note")}
        for one in sources()
    ]
    shown = {"source": borders.source, "licence": borders.licence, "attribution": borders.attribution}
    data = {"sources": rows, "boundaries": {**shown, "precision": borders.precision}}
    sheet = Sheet(SOURCE_COLUMNS, rows, visit.t("about-sources"))
    return Document("about.html", visit.t("nav-about"), data, sheet, {"borders": borders})


FACT_COLUMNS = (
    Column("metric", "column-metric-key", files_only=True),
    Column("metric_name", "column-metric"),
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


@page("/facts", "Sourced facts: power system, waste, water, geothermal, air of cities")
def facts_page(visit: Visit, connection: sa.Connection) -> Document:
    """Facts with source, date and confidence; ``metric`` and ``place`` in the query narrow them."""
    place = visit.query.get("place") or None
    if place and place != "KZ":
        place = region(place).iso
    metric = visit.query.get("metric") or None
    every = find(connection)
    metrics = {one.metric: metric_name(one.metric, visit.language) for one in every}
    if metric and metric not in metrics:
        raise Refusal("query-choice", received=f"metric={metric}"[:60], expected=", ".join(sorted(metrics))[:400])
    found = [one for one in every if metric in (None, one.metric) and place in (None, one.place)]
    names = {one.code: one.name(visit.language) for one in technologies()}
    places = {one.iso: one.name(visit.language) for one in regions()}
    rows = [_fact_row(visit, one, metrics[one.metric], names, places) for one in found]
    sheet = Sheet(FACT_COLUMNS, rows, visit.t("facts-caption"))
    context = {
        "metrics": sorted(metrics.items(), key=lambda one: kazakh_order(one[1])),
        "places": [("KZ", visit.t("country-name")), *places.items()],
    }
    return Document("facts.html", visit.t("nav-facts"), {"facts": rows}, sheet, context)


def _fact_row(
    visit: Visit, one: Fact, name: str, technology_names: Mapping[str, str], places: Mapping[str, str]
) -> dict[str, Any]:
    number = visit.number if visit.form == "html" else str
    words = [technology_names.get(text) or word(text, visit.language) or text for text in _subject(one)]
    return {
        "metric": one.metric,
        "metric_name": name,
        "place": visit.t("country-name") if one.place == "KZ" else places.get(one.place or "", one.place),
        "about": ", ".join(words) or None,
        "period": written_period(one.period, visit.language) if visit.form == "html" else one.period,
        "value": _value_or_range(one, number),
        "unit": visit.unit(one.unit),
        "basis": one.basis,
        "confidence": one.confidence,
        "confirmation": "confirmed" if one.confirmed else "unconfirmed",
        "source": one.source + (f" ({one.source_date})" if one.source_date else ""),
    }


def _subject(one: Fact) -> list[str]:
    """What a fact speaks of besides its place; an object that is the area itself is said once."""
    return list(dict.fromkeys(part for part in (one.area, one.object, one.technology) if part))


def _value_or_range(one: Fact, number: Callable[[Any], str]) -> str:
    """The value, or the bounds where a source gives only these."""
    if one.value is not None:
        return number(one.value)
    if one.low is not None and one.high is not None:
        return f"{number(one.low)}–{number(one.high)}"
    return f"≥ {number(one.low)}" if one.low is not None else f"≤ {number(one.high)}"
