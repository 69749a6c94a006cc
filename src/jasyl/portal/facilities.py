"""Facilities: the list with its filters, and a page for each."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.figures import Subject, statements_of
from jasyl.places import region, regions
from jasyl.quantities import decimal_text, written_unit
from jasyl.registry import (
    MAP_FAMILIES,
    STATUSES,
    FacilityFilter,
    PublishedOutput,
    enterprises,
    facilities,
    facilities_as_of,
    facility_by_id,
    facility_by_key,
    family_name,
    history,
    owners_of,
    published_outputs,
    status_group,
    technology,
)
from jasyl.texts import LANGUAGES, Refusal

from . import map_picture
from .page import Document, MovedError, NotFoundError, page
from .readings import chart_settings, series_to_read
from .sheet import Column, Sheet
from .statements import statement_row
from .visit import Visit

PAGE_ROWS = 50
Row = Mapping[Any, Any]  # a row of the register, as SQLAlchemy gives it

COLUMNS = (
    Column("name", "column-facility", link=True),
    Column("family", "column-family", choices="family"),
    Column("technology", "column-technology"),
    Column("enterprise", "column-enterprise"),
    Column("region", "column-region", link=True),
    Column("status", "column-status", choices="status"),
    Column("commissioned", "column-commissioned"),
    Column("capacity", "column-capacity"),
    Column("confirmation", "column-confirmation", choices="confirmation"),
)


@page("/facilities", "Facilities with filters, in pages of 50 (CSV: all of them)")
def facilities_list(visit: Visit, connection: sa.Connection) -> Document:
    """All facilities that fit the filters of the query: family, technology, status, region, confirmed, q."""
    wanted = filter_of(visit)
    if visit.query.get("as_of"):
        return _as_it_stood(visit, connection, wanted)
    sums = visit.totals(connection, wanted)
    pages = max(1, -(-sums.listed // PAGE_ROWS))
    number = visit.whole("page", 1, 1, 100_000)
    # A spreadsheet wants the whole list, a page only its part.
    window: dict[str, int] = {} if visit.form == "csv" else {"limit": PAGE_ROWS, "offset": (number - 1) * PAGE_ROWS}
    rows = facilities(connection, wanted, visit.actor, **window)
    sheet = Sheet(COLUMNS, [facility_row(visit, row) for row in rows], visit.t("facilities-caption"))
    data = {
        "total": sums.listed,
        "page": number,
        "pages": pages,
        "facilities": [facility_data(row) for row in rows],
    }
    context = {
        "totals": sums,
        "capacity_mw": visit.number(Decimal(sums.capacity_at_work_w) / 1_000_000, 1),
        "number_of_page": number,
        "pages": pages,
        "page_address": visit.with_query(page="PAGE").replace("PAGE", "{page}"),
        "choices": _choices(visit),
    }
    return Document("facilities.html", visit.t("nav-facilities"), data, sheet, context)


def _as_it_stood(visit: Visit, connection: sa.Connection, wanted: FacilityFilter) -> Document:
    """The whole list as the register had it at the end of a day (UTC), unpaged."""
    written = visit.query["as_of"]
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise Refusal("query-day", received=f"as_of={written}"[:60]) from None
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) + dt.timedelta(days=1)
    rows = facilities_as_of(connection, moment, wanted, visit.actor)
    caption = visit.t("facilities-as-of", day=day.isoformat())
    sheet = Sheet(COLUMNS, [facility_row(visit, row) for row in rows], caption)
    data = {"as_of": day.isoformat(), "total": len(rows), "facilities": [facility_data(row) for row in rows]}
    return Document("facilities_as_of.html", caption, data, sheet)


def filter_of(visit: Visit) -> FacilityFilter:
    """The filter that the query of an address says. Unknown values are refused, not ignored."""
    asked = {key: visit.query.get(key) or None for key in ("family", "status", "region", "technology")}
    for key, allowed in (("family", MAP_FAMILIES), ("status", STATUSES)):
        if asked[key] is not None and asked[key] not in allowed:
            raise Refusal("query-choice", received=f"{key}={asked[key]}"[:60], expected=", ".join(allowed))
    if asked["region"]:
        asked["region"] = region(asked["region"]).iso
    if asked["technology"]:
        asked["technology"] = technology(asked["technology"]).code
    confirmed = {"yes": True, "no": False}.get(visit.query.get("confirmed", ""))
    return FacilityFilter(**asked, confirmed=confirmed, text=visit.query.get("q", "")[:80].strip() or None)


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    return {
        "family": [(key, family_name(key, visit.language)) for key in MAP_FAMILIES],
        "status": [(key, visit.t(f"status-{key.replace('_', '-')}")) for key in STATUSES],
        "region": [(one.iso, one.name(visit.language)) for one in regions()],
        "confirmed": [("yes", visit.t("confirmed")), ("no", visit.t("unconfirmed"))],
    }


def capacity_text(visit: Visit, row: Row) -> str | None:
    """Capacity with its unit, as the source gave it."""
    if row["capacity"] is None:
        return None
    return f"{visit.number(row['capacity'])} {written_unit(row['capacity_unit'] or '1', visit.language)}".strip()


def facility_row(visit: Visit, row: Row) -> dict[str, Any]:
    """A facility as a row of a list."""
    place = region(row["region"]) if row["region"] else None
    return {
        "name": visit.name_of(row),
        "name_link": visit.href(f"/facilities/{row['key']}"),
        "family": row["family"],
        "technology": technology(row["technology"]).name(visit.language),
        "enterprise": visit.name_of(row, "enterprise_") if row["enterprise_key"] else None,
        "region": place.name(visit.language) if place else None,
        "region_link": visit.href(f"/regions/{place.iso}") if place else None,
        "status": row["status"],
        "commissioned": row["commissioned"],
        "capacity": capacity_text(visit, row),
        "confirmation": "confirmed" if row["confirmed"] else "unconfirmed",
    }


def facility_data(row: Row) -> dict[str, Any]:
    """A facility for programs; numbers as decimal texts with UCUM units."""
    return {
        "key": row["key"],
        "name": {language: row[f"name_{language}"] for language in LANGUAGES},
        "enterprise": row["enterprise_key"],
        "technology": row["technology"],
        "family": row["family"],
        "status": row["status"],
        "status_certain": row["status_certain"],
        "status_date": row["status_date"],
        "commissioned": row["commissioned"],
        "capacity": decimal_text(row["capacity"]) if row["capacity"] is not None else None,
        "capacity_unit": row["capacity_unit"],
        "region": row["region"],
        "place": row["place"],
        "lon_lat": [row["lon"], row["lat"]] if row["lon"] is not None else None,
        "place_precision": row["place_precision"],
        "confidence": row["confidence"],
        "confirmed": row["confirmed"],
        "reference": row["reference"],
        "possible_duplicate_of": row["possible_duplicate_of"],
    }


FACT_COLUMNS = (
    Column("field", "column-field"),
    Column("value", "column-value"),
    Column("valid_from", "column-valid-from"),
    Column("recorded", "column-recorded"),
    Column("source", "column-source", link=True),
    Column("confidence", "column-confidence", choices="confidence-level"),
)
# What a reader asks first stands first; other fields follow in the order of the alphabet.
FACT_ORDER = (
    "name_kk", "name_ru", "name_en", "technology", "status", "status_certain", "status_date", "commissioned",
    "commissioned_precision", "capacity", "capacity_unit", "enterprise_id", "region", "place", "lon", "lat",
    "place_precision",
)  # fmt: skip


@page("/facilities/{key:str}", "One facility: facts with sources, published output, readings")
def facility_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """A facility with everything that is known of it and who said so."""
    row = facility_by_key(connection, key, visit.actor)
    if row is None:
        named = facility_by_id(connection, key, visit.actor)
        raise MovedError(f"/facilities/{named['key']}") if named else NotFoundError
    if row["merged_into"]:
        into = facility_by_id(connection, row["merged_into"], visit.actor)
        raise MovedError(f"/facilities/{into['key']}") if into else NotFoundError
    said = history(connection, "facility", row["id"])
    if visit.actor.roles.isdisjoint({"agency", "auditor"}):
        said = [one for one in said if one["level"] == "public"]
    said = sorted(said, key=_fact_place)
    sources = list(dict.fromkeys(_source_text(one) for one in said))
    named = [one["value"] for one in said if one["field"] == "enterprise_id" and one["value"]]
    operators = {one["id"]: visit.name_of(one) for one in enterprises(connection, named)}
    facts = [_fact_row(visit, one, sources, operators) for one in said]
    sheet = Sheet(FACT_COLUMNS, facts, visit.t("facility-facts"))
    outputs = published_outputs(connection, row["id"])
    title = visit.name_of(row)
    subject = Subject("facility", row["id"])
    series = series_to_read(visit, connection, row)
    context = {
        "facility": row,
        "row": facility_row(visit, row),
        "chart": chart_settings(visit, key, series) if series else None,
        "statements": [statement_row(visit, connection, one) for one in statements_of(connection, subject)],
        "group": status_group(row["status"]),
        "technology": technology(row["technology"]),
        "owners": owners_of(connection, row["id"]),
        "outputs": outputs,
        "fact_sources": [{"title": source} for source in sources],
        "locator": _locator(visit, row),
        "named": visit.name_of,
    }
    data = {
        "facility": facility_data(row),
        "assertions": [_assertion_data(one) for one in said],
        "published_output": [_output_data(one) for one in outputs],
    }
    return Document("facility.html", title, data, sheet, context)


def _day(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).date().isoformat()


def _locator(visit: Visit, row: Row) -> dict[str, Any] | None:
    """The picture of the country with a mark at the facility; None for one without a place in it."""
    if row["lon"] is None or not map_picture.shown(row["lon"], row["lat"]):
        return None
    x, y = map_picture.projected(row["lon"], row["lat"])
    return {
        "picture": map_picture.address(visit.house, visit.language),
        "map": f"{visit.href('/')}#map=9/{row['lat']}/{row['lon']}",
        "left": f"{100 * x / map_picture.WIDTH:.2f}",
        "top": f"{100 * y / map_picture.HEIGHT:.2f}",
    }


def _fact_place(one: Row) -> tuple[int, str]:
    field = one["field"]
    return FACT_ORDER.index(field) if field in FACT_ORDER else len(FACT_ORDER), field


def _source_text(one: Row) -> str:
    return one["source"] + (f" ({one['source_date']})" if one["source_date"] else "")


def _fact_row(visit: Visit, one: Row, sources: Sequence[str], operators: Mapping[str, str]) -> dict[str, Any]:
    """A fact; on the page its source is a number that leads to the list below, in files it is written out."""
    source = _source_text(one)
    number = sources.index(source) + 1
    return {
        "field": visit.t(f"field-{one['field'].replace('_', '-')}"),
        "value": _fact_text(visit, one["field"], one["value"], operators),
        "valid_from": one["valid_from"],
        "recorded": _day(one["recorded_at"]),
        "source": f"[{number}]" if visit.form == "html" else source,
        "source_link": f"#source-{number}",
        "confidence": one["confidence"],
    }


def _fact_text(visit: Visit, field: str, value: Any, operators: Mapping[str, str]) -> str:
    """A value in words."""
    if value is None:
        return "—"
    if isinstance(value, Decimal | float):
        return visit.number(value, 4 if field in {"lon", "lat"} else None)
    if isinstance(value, bool):
        return visit.t("yes") if value else visit.t("no")
    if field == "enterprise_id":
        return operators.get(value, str(value))
    return _named(visit, field, str(value))


def _named(visit: Visit, field: str, key: str) -> str:
    """The name of a key: of a status, a technology, a region, a unit, a precision; anything else as it is."""
    if field == "status" and key in STATUSES:
        return visit.t(f"status-{key.replace('_', '-')}")
    if field == "technology":
        return technology(key).name(visit.language)
    if field == "region":
        return region(key).name(visit.language)
    if field == "capacity_unit":
        return written_unit(key, visit.language)
    return visit.t(f"precision-{key}") if field == "place_precision" else key


def _assertion_data(one: Row) -> dict[str, Any]:
    value = one["value"]
    return {
        "field": one["field"],
        "value": str(value) if isinstance(value, Decimal) else value,
        "valid_from": one["valid_from"],
        "recorded_at": dt.datetime.fromtimestamp(one["recorded_at"] / 1_000_000, dt.UTC).isoformat(),
        "source": one["source"],
        "source_date": one["source_date"],
        "confidence": one["confidence"],
    }


def _output_data(one: PublishedOutput) -> dict[str, Any]:
    return {key: str(getattr(one, key)) for key in ("period", "kind", "value", "unit", "source", "confidence")}
