"""Enterprises: the list, and a page for each with what it runs, owns and plans."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.places import region, regions
from jasyl.quantities import decimal_text
from jasyl.registry import (
    ENTERPRISE_KINDS,
    EnterpriseFilter,
    FacilityFilter,
    ProjectFilter,
    count_enterprises,
    enterprise_by_key,
    enterprises_listed,
    facilities,
    projects,
    shares_of,
)
from jasyl.texts import LANGUAGES, Refusal, has

from .facilities import COLUMNS as FACILITY_COLUMNS
from .facilities import facility_row
from .known import known_of
from .lists import Row, Window
from .page import Document, MovedError, NotFoundError, page
from .project_rows import projects_sheet
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("name", "column-enterprise", link=True),
    Column("bin", "column-bin"),
    Column("kind", "column-kind", choices="enterprise-kind"),
    Column("facilities", "column-facilities", digits=0),
    Column("capacity", "column-capacity-at-work", unit="MW"),
    Column("projects", "column-projects", digits=0),
    Column("confidence", "column-confidence", choices="confidence-level"),
)
SHARE_COLUMNS = (
    Column("name", "column-facility", link=True),
    Column("role", "column-role", choices="owner-role"),
    Column("share", "column-owner-share", number=True),
    Column("status", "column-status", choices="status"),
)


@page("/enterprises", "Enterprises with what they run and plan, in pages of 50 (CSV: all of them)")
def enterprises_list(visit: Visit, connection: sa.Connection) -> Document:
    """All enterprises that fit the filters of the query: kind, region, q."""
    wanted = _filter(visit)
    window = Window.of(visit, count_enterprises(connection, wanted, visit.actor))
    rows = enterprises_listed(connection, wanted, visit.actor, limit=window.limit, offset=window.offset)
    sheet = Sheet(COLUMNS, [_row(visit, row) for row in rows], visit.t("enterprises-caption"))
    data = window.data() | {"enterprises": [_data(row) for row in rows]}
    return Document(
        "enterprises.html", visit.t("nav-enterprises"), data, sheet, {"window": window, "choices": _choices(visit)}
    )


def _filter(visit: Visit) -> EnterpriseFilter:
    kind, place = visit.query.get("kind") or None, visit.query.get("region") or None
    if kind is not None and kind not in ENTERPRISE_KINDS:
        raise Refusal("query-choice", received=f"kind={kind}"[:60], expected=", ".join(ENTERPRISE_KINDS))
    text = visit.query.get("q", "")[:80].strip() or None
    return EnterpriseFilter(kind, region(place).iso if place else None, text)


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    return {
        "kind": [(key, visit.t(f"enterprise-kind-{key}")) for key in ENTERPRISE_KINDS],
        "region": [(one.iso, one.name(visit.language)) for one in regions()],
    }


def _row(visit: Visit, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("bin", "kind", "facilities", "projects", "confidence")} | {
        "name": visit.name_of(row),
        "name_link": visit.href(f"/enterprises/{row['key']}"),
        "capacity": Decimal(row["capacity_w"]) / 1_000_000 if row["capacity_w"] else None,
    }


def _data(row: Row) -> dict[str, Any]:
    same = ("key", "bin", "kind", "size", "sector", "facilities", "projects", "confidence")
    return {name: row[name] for name in same} | {
        "name": {language: row[f"name_{language}"] for language in LANGUAGES},
        "capacity_at_work_w": row["capacity_w"],
    }


@page("/enterprises/{key:str}", "One enterprise: facilities it runs, shares, projects")
def enterprise_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """An enterprise with its facilities, installed capacity, shares and projects."""
    row = enterprise_by_key(connection, key, visit.actor)
    if row is None:
        raise NotFoundError
    if row["key"] != key:
        raise MovedError(f"/enterprises/{row['key']}")
    wanted = FacilityFilter(enterprise_id=row["id"])
    sums = visit.totals(connection, wanted)
    window = Window.of(visit, sums.listed)
    run = facilities(connection, wanted, visit.actor, limit=window.limit, offset=window.offset)
    shares = shares_of(connection, row["id"], visit.actor)
    planned = projects(connection, ProjectFilter(enterprise_id=row["id"]), visit.actor)
    known = known_of(visit, connection, "enterprise", row["id"], visit.t("facility-facts"))
    sheet = Sheet(FACILITY_COLUMNS, [facility_row(visit, one) for one in run], visit.t("enterprise-operates"))
    context = {
        "enterprise": row,
        "totals": sums,
        "window": window,
        "capacity_mw": visit.number(Decimal(sums.capacity_at_work_w) / 1_000_000, 1),
        "shares": _shares(visit, shares) if shares else None,
        "projects": projects_sheet(visit, planned, visit.t("enterprise-projects")) if planned else None,
        "facts": known.sheet,
        "fact_sources": known.sources,
    }
    data = {
        "enterprise": _data({**row, "facilities": sums.facilities, "projects": len(planned),
                             "capacity_w": sums.capacity_at_work_w}),
        "facilities": [one["key"] for one in run],
        "shares": [_share_data(one) for one in shares],
        "projects": [one["key"] for one in planned],
        "assertions": known.data,
    }  # fmt: skip
    return Document("enterprise.html", visit.name_of(row), data, sheet, context)


def _share_data(one: Row) -> dict[str, Any]:
    percent = None if one["share"] is None else decimal_text(one["share"])
    return {"facility": one["key"], "role": one["role"], "percent": percent}


def _shares(visit: Visit, rows: Any) -> Sheet:
    made = [
        {
            "name": visit.name_of(one),
            "name_link": visit.href(f"/facilities/{one['key']}"),
            "role": one["role"] if has(visit.language, f"owner-role-{one['role']}") else "other",
            "share": one["share"],
            "status": one["status"],
        }
        for one in rows
    ]
    return Sheet(SHARE_COLUMNS, made, visit.t("enterprise-shares"))
