"""Facilities: the list with its filters, and a page for each."""

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.figures import Subject, statements_of
from jasyl.monitoring.savings_readings import CONSUMED
from jasyl.places import region, regions
from jasyl.quantities import decimal_text
from jasyl.registry import (
    MAP_FAMILIES,
    STATUSES,
    FacilityFilter,
    ProjectFilter,
    PublishedOutput,
    facilities,
    facilities_as_of,
    facility_by_id,
    facility_by_key,
    family_name,
    installations,
    owners_of,
    projects,
    published_outputs,
    status_group,
    technology,
)
from jasyl.texts import LANGUAGES, Refusal

from .installations import installation_data, installations_sheet
from .known import known_of
from .lists import (
    Row,
    Window,
    capacity_text,
    day_of,
    described,
    district_asked,
    district_data,
    district_of,
    districts_offered,
    end_of,
    uncertainty,
)
from .live import live_settings
from .page import Document, MovedError, NotFoundError, page
from .performance import avoided_lately
from .place_picture import locator
from .project_rows import projects_sheet
from .reading_state import reading_state
from .readings import chart_settings, series_to_read
from .sheet import Column, Sheet
from .statements import statement_row
from .visit import Visit

COLUMNS = (
    Column("name", "column-facility", link=True),
    Column("family", "column-family", choices="family"),
    Column("technology", "column-technology"),
    Column("enterprise", "column-enterprise", link=True),
    Column("region", "column-region", link=True),
    Column("district", "column-district", files_only=True),
    Column("status", "column-status", choices="status"),
    Column("status_certain", "column-status-certain", files_only=True),
    Column("commissioned", "column-commissioned"),
    Column("capacity", "column-capacity"),
    Column("confirmation", "column-confirmation", choices="confirmation"),
)


@page("/facilities", "Facilities with filters, in pages of 50 (CSV: all of them)")
def facilities_list(visit: Visit, connection: sa.Connection) -> Document:
    """All facilities that fit the filters of the query: family, technology, status, region, district, confirmed, q."""
    wanted = filter_of(visit)
    day = day_of(visit)
    if day:
        return _as_it_stood(visit, connection, wanted, day)
    sums = visit.totals(connection, wanted)
    window = Window.of(visit, sums.listed)
    rows = facilities(connection, wanted, visit.actor, limit=window.limit, offset=window.offset)
    sheet = Sheet(COLUMNS, [facility_row(visit, row) for row in rows], visit.t("facilities-caption"))
    data = window.data() | {"facilities": [facility_data(row) for row in rows]}
    context = {
        "totals": sums,
        "capacity_mw": visit.number(Decimal(sums.capacity_at_work_w) / 1_000_000, 1),
        "window": window,
        "choices": _choices(visit),
    }
    return Document("facilities.html", visit.t("nav-facilities"), data, sheet, context)


def _as_it_stood(visit: Visit, connection: sa.Connection, wanted: FacilityFilter, day: dt.date) -> Document:
    """The list as the register had it at the end of a day (UTC)."""
    asked = Window.of(visit)
    total, rows = facilities_as_of(
        connection, end_of(day), wanted, visit.actor, limit=asked.limit, offset=asked.offset
    )  # fmt: skip
    window = Window.of(visit, total)
    caption = visit.t("facilities-as-of", day=day.isoformat())
    sheet = Sheet(COLUMNS, [facility_row(visit, row) for row in rows], caption)
    data = {"as_of": day.isoformat()} | window.data() | {"facilities": [facility_data(row) for row in rows]}
    context = {"window": window, "list": ("/facilities", visit.t("nav-facilities"))}
    return Document("as_of.html", caption, data, sheet, context)


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
    asked["district"] = district_asked(visit)
    confirmed = {"yes": True, "no": False}.get(visit.query.get("confirmed", ""))
    return FacilityFilter(**asked, confirmed=confirmed, text=visit.query.get("q", "")[:80].strip() or None)


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    return {
        "family": [(key, family_name(key, visit.language)) for key in MAP_FAMILIES],
        "status": [(key, visit.t(f"status-{key.replace('_', '-')}")) for key in STATUSES],
        "region": [(one.iso, one.name(visit.language)) for one in regions()],
        "district": districts_offered(visit),
        "confirmed": [("yes", visit.t("confirmed")), ("no", visit.t("unconfirmed"))],
    }


def facility_row(visit: Visit, row: Row) -> dict[str, Any]:
    """A facility as a row of a list."""
    return {
        **described(visit, row),
        "name_link": visit.href(f"/facilities/{row['key']}"),
        "status_certain": visit.t("yes" if row["status_certain"] else "no"),
        "status_note": uncertainty(visit, row),
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
        **district_data(row),
        "place": row["place"],
        "lon_lat": [row["lon"], row["lat"]] if row["lon"] is not None else None,
        "place_precision": row["place_precision"],
        "confidence": row["confidence"],
        "confirmed": row["confirmed"],
        "reference": row["reference"],
        "possible_duplicate_of": row["possible_duplicate_of"],
    }


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
    known = known_of(visit, connection, "facility", row["id"], visit.t("facility-facts"))
    outputs = published_outputs(connection, row["id"])
    units = installations(connection, row["id"], visit.actor)
    planned = projects(connection, ProjectFilter(facility_id=row["id"]), visit.actor)
    title = visit.name_of(row)
    subject = Subject("facility", row["id"])
    series = series_to_read(visit, connection, row)
    state = reading_state(visit, connection, series) if series else {}
    context = {
        "facility": row,
        "row": facility_row(visit, row),
        "chart": chart_settings(visit, key, series) if series else None,
        "live": live_settings(visit, connection, key) if series else None,
        "state": state,
        "saves": any(one.quantity in CONSUMED for one in series),
        "avoided": avoided_lately(visit, connection, row, series) if series else None,
        "statements": [statement_row(visit, connection, one) for one in statements_of(connection, subject)],
        "group": status_group(row["status"]),
        "technology": technology(row["technology"]),
        "owners": [owner_of(visit, one) for one in owners_of(connection, row["id"])],
        "outputs": outputs,
        "fact_sources": known.sources,
        "locator": locator(visit, row),
        "district_found": district_of(row)[1],
        "projects": projects_sheet(visit, planned, visit.t("facility-projects")) if planned else None,
        "units": installations_sheet(visit, units) if units else None,
    }
    data = {
        "facility": facility_data(row),
        "assertions": known.data,
        "readings": state or None,
        "published_output": [_output_data(one) for one in outputs],
        "installations": [installation_data(one) for one in units],
        "projects": [one["key"] for one in planned],
    }
    return Document("facility.html", title, data, known.sheet, context)


def owner_of(visit: Visit, row: Row) -> dict[str, Any]:
    """Who has a part in a facility, with the address of its page."""
    return {"name": visit.name_of(row), "link": visit.href(f"/enterprises/{row['key']}"), "share": row["share"]}


def _output_data(one: PublishedOutput) -> dict[str, Any]:
    return {key: str(getattr(one, key)) for key in ("period", "kind", "value", "unit", "source", "confidence")}
