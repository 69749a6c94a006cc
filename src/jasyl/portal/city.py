"""A city as a unit: water, energy, air and waste, facilities, published figures, books and targets on one page."""

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from jasyl.cities import City
from jasyl.cities.city_sheet import KINDS, THEMES, Theme, city_facts, names_town, regional_facts
from jasyl.cities.result import CityResult, group_text
from jasyl.cities.results import city_words, read_results
from jasyl.facts import Fact, metric_name, word, written_period
from jasyl.facts import books as kept_books
from jasyl.figures import Subject, statements_of
from jasyl.monitoring import target_progress
from jasyl.people import Resource, may
from jasyl.registry import FacilityFilter, MeasureFilter, facilities, measures, status_group, technologies

from .circular_models import model_links
from .cities import city_asked
from .dynamics_targets import COLUMNS as TARGET_COLUMNS
from .dynamics_targets import target_row
from .facilities import COLUMNS as FACILITY_COLUMNS
from .facilities import facility_data, facility_row
from .measures import measures_sheet
from .page import Document, page
from .sheet import Column, Sheet
from .statements import statement_row
from .visit import Visit

COLUMNS = (
    Column("theme", "city-theme", choices="city-theme"),
    Column("scope", "city-scope", choices="city-scope", files_only=True),
    Column("metric", "column-metric-key", files_only=True),
    Column("name", "column-metric"),
    Column("value", "column-value"),
    Column("unit", "column-unit"),
    Column("period", "column-period"),
    Column("about", "column-about"),
    Column("kind", "column-kind", choices="city-kind"),
    Column("confidence", "column-confidence", choices="confidence-level"),
    Column("confirmation", "column-confirmation", choices="confirmation", files_only=True),
    Column("note", "column-note", files_only=True),
    Column("source", "column-source", link=True),
)
STATEMENT_COLUMNS = (
    Column("indicator", "column-indicator", link=True),
    Column("period", "column-period"),
    Column("value", "column-value"),
    Column("kind", "column-kind", choices="kind"),
    Column("published", "column-published"),
)
BOOK_COLUMNS = (
    Column("year", "column-year", link=True),
    Column("reported", "city-reported", digits=0),
    Column("scored", "city-scored", digits=0),
    Column("economy", "city-economy"),
    Column("environment", "city-environment"),
    Column("society_culture", "city-society"),
)


@page("/cities/{place:str}", "A city as a unit: water, energy, air, waste, facilities, figures, targets")
def city_page(visit: Visit, connection: sa.Connection, place: str) -> Document:
    """What is known of a city, every number with its kind and source; what nobody published is not there."""
    one = city_asked(place)
    facts, regional = city_facts(connection, one), regional_facts(connection, one)
    rows = _fact_rows(visit, facts, "city") + _fact_rows(visit, regional, "region")
    standing = _standing(visit, connection, one)
    results = read_results(connection, visit.actor, place=one.place, training=visit.house.training)
    name = city_words(one)[visit.language]
    title = visit.t("city-unit-title", name=name)
    data = {
        "place": one.place, "region": one.region.iso,
        "facts": _facts_data(visit, facts),
        "regional_facts": _facts_data(visit, regional),
        "facilities": [facility_data(row) for row in standing],
        "books": [{"year": result.year, "reported": result.reported, "scored": result.scored} for result in results],
    }  # fmt: skip
    context = {
        "city": one,
        "name": name,
        "themes": _themes(visit, rows, "city"),
        "regional": _themes(visit, rows, "region"),
        "counted": [row for row in standing if not row["reference"]],
        "capacity_w": sum(row["capacity_w"] or 0 for row in standing
                          if row["confirmed"] and not row["reference"] and status_group(row["status"]) == "at_work"),
        "facilities": Sheet(FACILITY_COLUMNS, [facility_row(visit, row) for row in standing],
                            visit.t("city-facilities")),
        "statements": _statements(visit, connection, one),
        "books": Sheet(BOOK_COLUMNS, [_book_row(visit, result) for result in reversed(results)],
                       visit.t("city-books")),
        "targets": _targets(visit, connection, one),
        "measures": _measures(visit, connection, one),
        "enters": visit.actor.signed_in and may(visit.actor, "write_registry", Resource(region=one.region.iso)),
        "inventories": [(head.period, visit.href(f"/cities/{one.place}/inventory/{head.period}"))
                        for head in kept_books(connection, "ghg_inventory", one.place)],
        "materials": model_links(visit, one.region.iso),
        "newest": results[-1] if results else None,
    }  # fmt: skip
    return Document("city.html", title, data, Sheet(COLUMNS, rows, title), context)


def _standing(visit: Visit, connection: sa.Connection, one: City) -> list[Any]:
    """The facilities of a city: of its region where it is one, else those of its region whose district is its own by
    KATO or whose place is told by its name."""
    found = facilities(connection, FacilityFilter(region=one.region.iso), visit.actor)
    if one.is_region:
        return list(found)
    return [row for row in found
            if one.place == (row["district"] or row["district_found"]) or names_town(one, row["place"])]  # fmt: skip


def _fact_rows(visit: Visit, facts: dict[Theme, list[Fact]], scope: str) -> list[dict[str, Any]]:
    """The newest of each kind on the page, every one in files; ``scope`` says whether they are of the city itself."""
    return [
        _fact_row(visit, theme, fact) | {"scope": scope}
        for theme in THEMES
        for fact in (_newest(facts[theme]) if visit.form == "html" else facts[theme])
    ]


def _facts_data(visit: Visit, facts: dict[Theme, list[Fact]]) -> list[dict[str, Any]]:
    return [
        fact.as_data() | {"theme": theme, "kind": kind_of(visit, fact)} for theme in THEMES for fact in facts[theme]
    ]


def _themes(visit: Visit, rows: list[dict[str, Any]], scope: str) -> list[tuple[Theme, Sheet]]:
    """A table for each theme."""
    told: dict[Theme, list[dict[str, Any]]] = {
        theme: [row for row in rows if (row["theme"], row["scope"]) == (theme, scope)] for theme in THEMES
    }
    return [(theme, Sheet(COLUMNS[1:], found, visit.t(f"city-theme-{theme}"))) for theme, found in told.items()]


def _fact_row(visit: Visit, theme: str, fact: Fact) -> dict[str, Any]:
    named = {each.code: each.name(visit.language) for each in technologies()}
    html = visit.form == "html"
    about = dict.fromkeys(part for part in (fact.area, fact.object, fact.technology) if part)
    words = [named.get(part) or word(part, visit.language) or part for part in about]
    return {
        "theme": theme,
        "metric": fact.metric,
        "name": metric_name(fact.metric, visit.language),
        "about": ", ".join(words) or None,
        "period": written_period(fact.period, visit.language) if html else fact.period,
        "value": _amount(visit, fact),
        "unit": visit.unit(fact.unit),
        "kind": kind_of(visit, fact),
        "confidence": fact.confidence,
        "confirmation": "confirmed" if fact.confirmed else "unconfirmed",
        "note": fact.note or None,
        "source": _source(fact, short=html),
        "source_link": fact.source if fact.source.startswith("https://") else None,
    }


def _source(fact: Fact, *, short: bool) -> str:
    """Who says so: of an address its host on the page, where the whole is a link."""
    host = urlsplit(fact.source).hostname if short and fact.source.startswith(("https://", "http://")) else None
    return (host or fact.source) + (f" ({fact.source_date})" if fact.source_date else "")


def _newest(facts: list[Fact]) -> list[Fact]:
    """The newest fact of each metric, area, object and technology: the page shows these, the files hold all."""
    found: dict[tuple[str, ...], Fact] = {}
    for fact in facts:
        key = (fact.metric, fact.area, fact.object, fact.technology)
        if key not in found or (fact.start_year or 0) > (found[key].start_year or 0):
            found[key] = fact
    return list(found.values())


def kind_of(visit: Visit, fact: Fact) -> str:
    """How a number came about; in a training folder all of them are training."""
    return "training" if visit.house.training else KINDS[fact.basis]


def _amount(visit: Visit, fact: Fact) -> str:
    number = visit.number if visit.form == "html" else str
    if fact.value is not None:
        return number(fact.value)
    low, high = (None if one is None else number(one) for one in (fact.low, fact.high))
    return f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}"


def _statements(visit: Visit, connection: sa.Connection, one: City) -> Sheet:
    rows = [statement_row(visit, connection, each) for each in statements_of(connection, Subject("place", one.place))]
    return Sheet(STATEMENT_COLUMNS, rows, visit.t("city-statements"))


def _book_row(visit: Visit, result: CityResult) -> dict[str, Any]:
    scores = {group.path[0]: group_text(result, group, visit.language) for group in result.groups("dimension")}
    return {
        "year": str(result.year),
        "year_link": visit.href(f"/cities/{result.place}/{result.year}"),
        "reported": result.reported,
        "scored": result.scored,
        **{key: scores.get(key) for key in ("economy", "environment", "society_culture")},
    }


def _measures(visit: Visit, connection: sa.Connection, one: City) -> Sheet:
    wanted = MeasureFilter(region=one.region.iso, district=None if one.is_region else one.place)
    return measures_sheet(visit, connection, measures(connection, wanted, visit.actor), visit.t("city-measures"))


def _targets(visit: Visit, connection: sa.Connection, one: City) -> Sheet:
    """Dated targets of programmes for the city itself."""
    own = [each for each in target_progress(connection) if each.target["region"] == one.place]
    return Sheet(TARGET_COLUMNS, [target_row(visit, each) for each in own], visit.t("city-targets"))
